import { systemClock, systemRandom } from '../../adapters/clock.ts';
import { openRunner } from '../../adapters/runner/runner.ts';
import { refuseNotYet } from '../not-yet.ts';

refuseNotYet(openRunner(systemClock, systemRandom), 'rollback');
