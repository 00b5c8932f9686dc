import { programs } from '../../generated/programs.ts';
import type { RemoteProgram, Step } from '../remote/program.ts';
import type { Layout } from '../tree/layout.ts';

/** What a deploy needs to find on a server, beside POSIX sh. All of it is in BusyBox. */
export const neededTools = [
  'cat',
  'chmod',
  'date',
  'dd',
  'df',
  'dirname',
  'find',
  'gzip',
  'id',
  'ln',
  'ls',
  'mkdir',
  'mv',
  'paste',
  'readlink',
  'rm',
  'rmdir',
  'sed',
  'sha256sum',
  'sort',
  'stat',
  'tail',
  'tar',
  'touch',
  'tr',
  'uniq',
  'xargs',
] as const;

/** Bytes that are read of the ledger and of a log, the newest. */
const most = { ledger: 512 * 1024, log: 64 * 1024 } as const;

/**
 * Reads what decisions are made from, and whether the server is ready for a deploy; changes nothing. `tree/facts.ts`
 * parses the answer.
 */
export function surveyProgram(layout: Layout, linkedFiles: readonly string[], become?: string): RemoteProgram {
  const steps: Step[] = [
    {
      id: 'look-for-tools',
      name: 'look for tools',
      effect: 'reads',
      run: { text: programs['look-for-tools'], words: neededTools },
    },
    {
      id: 'look-at-user-and-clock',
      name: 'look at the user and the clock',
      effect: 'reads',
      run: { text: programs['look-at-user-and-clock'], words: [layout.root] },
    },
    ...factSteps(layout),
    lockStep(layout),
    roomStep(layout, 'stop'),
    {
      id: 'look-for-linked-files',
      name: 'look for linked files',
      effect: 'reads',
      run: { text: programs['look-for-linked-files'], words: [layout.shared, ...linkedFiles] },
    },
  ];
  return { name: 'survey', steps, ...(become === undefined ? {} : { become }) };
}

/** What decisions are made from; under the lock nothing else is read again. */
export function factSteps(layout: Layout): Step[] {
  return [
    {
      id: 'look-at-tree',
      name: 'look at the tree',
      effect: 'reads',
      run: { text: programs['look-at-tree'], words: [layout.root] },
    },
    {
      id: 'read-records',
      name: 'read the records',
      effect: 'reads',
      run: {
        text: programs['read-records'],
        words: [layout.root, layout.state, String(most.ledger), String(most.log)],
      },
    },
  ];
}

/** Reports free space and inodes; as a last step with `failed` it distinguishes a full disk from other failures. */
export function roomStep(layout: Layout, policy: 'stop' | 'failed'): Step {
  return {
    id: 'look-at-free-space',
    name: 'look at free space',
    effect: 'reads',
    policy,
    run: { text: programs['look-at-free-space'], words: [layout.root] },
  };
}

/** The truth check: reports `current` and REVISION, from which the result of a run is derived. */
export function truthStep(layout: Layout): Step {
  return {
    id: 'read-current-back',
    name: 'read current back',
    effect: 'reads',
    policy: 'always',
    run: { text: programs['read-current-back'], words: [layout.root] },
  };
}

/** Reports who holds the lock; the facts are read by `readLock`. */
export function lockStep(layout: Layout): Step {
  return {
    id: 'look-at-lock',
    name: 'look at the lock',
    effect: 'reads',
    run: { text: programs['look-at-lock'], words: [layout.state] },
  };
}
