import { exit, openRunner } from '../../adapters/runner/runner.ts';
import { runDeployPost } from './action.ts';

void runDeployPost(openRunner()).then(exit);
