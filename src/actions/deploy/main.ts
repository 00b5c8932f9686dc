import { exit, openRunner } from '../../adapters/runner/runner.ts';
import { runDeploy } from './action.ts';

const cancel = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancel.abort());

void runDeploy(openRunner(), cancel.signal).then(exit);
