import { systemClock, systemRandom } from '../../adapters/clock.ts';
import { exit, openRunner } from '../../adapters/runner/runner.ts';
import { runDeployPost } from './action.ts';

void runDeployPost(openRunner(systemClock, systemRandom)).then(exit);
