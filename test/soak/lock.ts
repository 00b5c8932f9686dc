import { LocalTree } from '../rig/local-tree.ts';
import { contest } from '../rig/lock-contest.ts';
import { lacking } from '../rig/part.ts';

const shells = ['dash', 'busybox', 'bash'] as const;

/**
 * 10,000 rounds of four contenders for one lock, and as many locks of dead holders, shared out over the shells that are
 * here.
 */
export async function soakLock(share: number): Promise<readonly string[]> {
  const here = shells.filter((shell) => lacking(shell) === undefined);
  const contenders = 4;
  const times = Math.ceil(10_000 / share / contenders / here.length);
  const wrong: string[] = [];
  for (const shell of here) {
    using tree = new LocalTree(shell);
    for (const manner of ['giving back', 'dying'] as const) {
      const result = await contest(tree, contenders, times, manner);
      console.log(
        `  ${shell}, ${manner}: ${result.won.reduce((sum, won) => sum + won, 0)} rounds, ${result.broken} broken, ${result.wrong.length} wrong`,
      );
      wrong.push(...result.wrong.map((text) => `${shell}, ${manner}: ${text}`));
    }
  }
  return wrong;
}
