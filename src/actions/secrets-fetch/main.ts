import { openRunner } from '../../adapters/runner/runner.ts';
import { refuseNotYet } from '../not-yet.ts';

refuseNotYet(openRunner(), 'secrets-fetch');
