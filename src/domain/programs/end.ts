import { programs } from '../../generated/programs.ts';
import type { ProcessGroup } from '../remote/frames.ts';
import type { RemoteProgram } from '../remote/program.ts';

/** Tenths of a second that a process group gets to end by itself, and then to be gone. */
const patience = { term: 50, kill: 20 } as const;

/**
 * Ends a process group and what has left it for another one of the same session, as under `timeout`: TERM, after 5 s KILL, then looks whether all is gone.
 * Fact `gone`: `yes` or `no`.
 * A process id that meanwhile belongs to somebody else is told by the time at which the leader began, and is left alone.
 */
export function endProgram(group: ProcessGroup): RemoteProgram {
  return {
    name: 'end',
    steps: [
      {
        id: 'end-program',
        name: 'end the program',
        effect: 'reads',
        run: {
          text: programs['end-program'],
          words: [group.id, group.started, String(patience.term), String(patience.kill)],
        },
      },
    ],
  };
}
