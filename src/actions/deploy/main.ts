import { systemClock, systemRandom } from '../../adapters/clock.ts';
import { exit, openRunner } from '../../adapters/runner/runner.ts';
import { runDeploy } from './action.ts';

const cancel = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancel.abort());

void runDeploy(openRunner(systemClock, systemRandom), cancel.signal).then(exit);
