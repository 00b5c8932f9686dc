import { programs } from '../../generated/programs.ts';
import type { ProcessGroup } from '../remote/frames.ts';
import type { RemoteProgram } from '../remote/program.ts';

<<<<<<< HEAD
/** Tenths of a second that a process group gets to end by itself, and then to be gone. */
const patience = { term: 50, kill: 20 } as const;
=======
/** Seconds between TERM and KILL, and for which what was killed may still be there. */
export interface Grace {
  readonly terminate: number;
  readonly kill: number;
}

const usualGrace: Grace = { terminate: 5, kill: 2 };
>>>>>>> ae2e174 (Let tests choose how long deaf programs are waited for)

/**
 * Ends a process group and what has left it for another one of the same session, as under `timeout`: TERM, after a while KILL, then looks whether all is gone.
 * Fact `gone`: `yes` or `no`.
 * A process id that meanwhile belongs to somebody else is told by the time at which the leader began, and is left alone.
 */
export function endProgram(group: ProcessGroup, grace: Grace = usualGrace): RemoteProgram {
  const words = [group.id, group.started, tenths(grace.terminate), tenths(grace.kill)];
  return {
    name: 'end',
<<<<<<< HEAD
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
=======
    steps: [{ name: 'end the program', effect: 'reads', run: { text: endText, words } }],
  };
}

function tenths(seconds: number): string {
  return String(Math.ceil(seconds * 10));
}

/**
 * $1 group, $2 when its leader began, $3 and $4 tenths of a second to wait after TERM and after KILL.
 * In /proc/PID/stat, behind the name in brackets: state, parent, group, session, … and as the 20th the time of its beginning. sshd makes a session
 * of each exec, with the id of the group. Nothing is ours where the leader is another process, or where a member is older than our leader was.
 */
const endText = `g=$1; b=$2; terminate=$3; kill=$4; here=$_g
case $g in ''|*[!0-9]*|0*|1) text gone no; exit 64 ;; esac
if [ "$g" = "$here" ]; then text gone no; exit 64; fi
case $b in ''|*[!0-9]*) b=0 ;; esac
set -f
fields() { l=; { IFS= read -r l <"/proc/$1/stat"; } 2>/dev/null || return 1; l=\${l##*) }; }
members() {
  n=0; older=0; strays=
  set +f; set -- /proc/[0-9]*; set -f
  for p do
    fields "\${p#/proc/}" || continue
    s=$l; set -- $s
    case $1 in Z) continue ;; esac
    if [ "\${3:-}" != "$g" ]; then
      [ "\${4:-}" = "$g" ] || continue
      strays="$strays \${p#/proc/}"
    fi
    n=$((n + 1))
    [ "\${20:-0}" -ge "$b" ] || older=1
  done
}
tell() {
  kill -s "$1" -- "-$g" 2>/dev/null || :
  [ -z "$strays" ] || kill -s "$1" $strays 2>/dev/null || :
}
alive() {
  strays=
  if [ ! -r /proc/self/stat ]; then kill -s 0 -- "-$g" 2>/dev/null; return; fi
  if [ "$b" != 0 ] && fields "$g"; then set -- $l; [ "\${20:-0}" = "$b" ] || return 1; fi
  members
  [ "$n" -gt 0 ] && [ "$older" -eq 0 ]
}
leave() {
  i=0
  while [ "$i" -lt "$1" ]; do
    alive || return 0
    if sleep 0.1 2>/dev/null; then i=$((i + 1)); else sleep 1; i=$((i + 10)); fi
  done
  ! alive
}
if alive; then
  tell TERM
  if ! leave "$terminate" && alive; then tell KILL; leave "$kill" || :; fi
fi
if alive; then text gone no; exit 1; fi
text gone yes`;
>>>>>>> ae2e174 (Let tests choose how long deaf programs are waited for)
