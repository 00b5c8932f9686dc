import { openRunner } from '../../adapters/runner.ts';
import { refuseNotYet } from '../not-yet.ts';

refuseNotYet(openRunner(), 'secrets-fetch');
