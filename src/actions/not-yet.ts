import { Failure } from '../domain/failure.ts';
import type { Runner } from '../ports/runner.ts';

/** Ends an action that belongs to a later version: red, before anything is read or changed. */
export function refuseNotYet(runner: Runner, action: string): void {
  const { code, message, hint } = new Failure('NOT_YET', `The action ${action} comes with a later version.`, {
    hint: 'Take the step out of the workflow, or wait for the release that has it.',
  });
  runner.annotate('error', `${message} ${hint}`, code);
  runner.fail();
}
