import { programs } from '../../generated/programs.ts';
import type { ProcessGroup } from '../remote/frames.ts';
import type { RemoteProgram } from '../remote/program.ts';

/** Seconds between TERM and KILL, and for which what was killed may still be there. */
export interface Grace {
  readonly terminate: number;
  readonly kill: number;
}

const usualGrace: Grace = { terminate: 5, kill: 2 };

/**
 * Ends a process group and what has left it for another one of the same session, as under `timeout`: TERM, after a
 * while KILL, then looks whether all is gone.
 * Fact `gone`: `yes` or `no`.
 * A process id that was reused is recognised by the start time of the leader; such a process is not touched.
 */
export function endProgram(group: ProcessGroup, grace: Grace = usualGrace): RemoteProgram {
  const words = [group.id, group.started, tenths(grace.terminate), tenths(grace.kill)];
  return {
    name: 'end',
    steps: [
      {
        id: 'end-program',
        name: 'end the program',
        effect: 'reads',
        run: { text: programs['end-program'], words },
      },
    ],
  };
}

function tenths(seconds: number): string {
  return String(Math.ceil(seconds * 10));
}
