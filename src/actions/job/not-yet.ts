import { Failure } from '../../domain/failure.ts';
import type { Runner } from '../../ports/runner.ts';
import { reportRefusal } from './report.ts';

/** The main step of an action that belongs to a later version: red, before anything is read or changed. */
export function notYet(action: string): (runner: Runner) => Promise<void> {
  const failure = new Failure('NOT_YET', `The action ${action} comes with a later version.`, {
    hint: 'Take the step out of the workflow, or wait for the release that has it.',
  });
  return (runner) => reportRefusal(runner, failure, 'Not available yet');
}
