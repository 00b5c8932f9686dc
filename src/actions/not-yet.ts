import { Failure } from '../domain/failure.ts';

/** What an action says that belongs to a later version. */
export function notYet(action: string): Failure {
  return new Failure('NOT_YET', `The action ${action} comes with a later version.`, {
    hint: 'Take the step out of the workflow, or wait for the release that has it.',
  });
}
