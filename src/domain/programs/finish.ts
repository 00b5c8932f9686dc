import { programs } from '../../generated/programs.ts';
import type { Step } from '../remote/program.ts';
import type { Layout } from '../tree/layout.ts';

/**
 * Deletes releases that retention has chosen, with their manifests, and continues where one cannot be deleted. The
 * server itself refuses to delete the live one.
 */
export function pruneStep(layout: Layout, doomed: readonly string[]): Step {
  return {
    id: 'prune',
    name: 'prune old releases',
    effect: 'changes',
    policy: 'note',
    run: { text: programs.prune, words: [layout.root, layout.state, ...doomed] },
  };
}
