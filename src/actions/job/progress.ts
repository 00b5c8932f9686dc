import type { Progress } from '../../flows/context.ts';
import type { Runner } from '../../ports/runner.ts';

/** The progress that main has saved; `undefined`: it never touched a server. */
export function readProgress(runner: Pick<Runner, 'state'>): Progress | undefined {
  const text = runner.state('progress');
  return text === '' ? undefined : (JSON.parse(text) as Progress);
}

export function saveProgress(runner: Pick<Runner, 'saveState'>, progress: Progress): void {
  runner.saveState('progress', JSON.stringify(progress));
}
