// Shells that fight for one lock without pause, and what none of them may ever see.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { breakLockProgram, fenceOf, releaseLockProgram, takeLockProgram } from '../../src/domain/programs/lock.ts';
import { renderProgram } from '../../src/domain/remote/program.ts';
import type { LocalTree } from './local-tree.ts';
import { frameToken, ownerOf } from './local-tree.ts';

export interface Contest {
  /** Locks that were taken, by contender. */
  readonly won: readonly number[];
  readonly broken: number;
  /** What was seen and must not be; empty where all held. */
  readonly wrong: readonly string[];
}

/**
 * `giving back`: who has the lock gives it back. `dying`: who has it leaves it behind, and all others try to break it
 * at once.
 */
export type Manner = 'giving back' | 'dying';

/**
 * `contenders` shells take the lock of the tree until each has had it `times` times. Who has it says so in a way that a
 * second would notice.
 */
export async function contest(tree: LocalTree, contenders: number, times: number, manner: Manner): Promise<Contest> {
  const place = join(tree.folder, 'contest');
  tree.reset();
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  for (const name of ['wrong', 'broken']) writeFileSync(join(place, name), '');
  const digits = Array.from({ length: contenders }, (_, index) => (index + 1).toString(16));
  writePrograms(tree, place);
  await Promise.all(digits.map((digit) => fight(tree, digit, times, manner)));
  const lines = (name: string): string[] =>
    readFileSync(join(place, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  const broken = lines('broken');
  const twice = broken.length - new Set(broken).size;
  const left =
    existsSync(join(tree.layout.state, 'inside')) || (manner === 'giving back' && existsSync(tree.layout.lock))
      ? ['something is left']
      : [];
  return {
    won: digits.map((digit) => lines(`won-${digit}`).length),
    broken: broken.length,
    wrong: [...lines('wrong'), ...left, ...(twice > 0 ? [`${twice} locks were broken twice`] : [])],
  };
}

const stand = 'e'.repeat(32);
const other = 'd'.repeat(32);

/** The programs of all contenders, with stand-ins for the tokens, which are new with every lock. */
function writePrograms({ layout }: LocalTree, place: string): void {
  const owner = ownerOf('e');
  const take = takeLockProgram(layout, owner);
  const programs = {
    take: { ...take, steps: take.steps.slice(0, 1) },
    release: releaseLockProgram(layout, fenceOf(layout, owner)),
    break: breakLockProgram(layout, other),
  };
  for (const [name, program] of Object.entries(programs))
    writeFileSync(join(place, name), renderProgram(program, frameToken));
}

function fight(tree: LocalTree, digit: string, times: number, manner: Manner): Promise<void> {
  const place = join(tree.folder, 'contest');
  const words = [place, tree.layout.state, digit, String(times), manner, stand, other];
  const child = spawn('sh', ['-c', fightText, 'sh', ...words], { env: tree.environment, stdio: 'ignore' });
  return new Promise((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
}

const fightText = `place=$1; state=$2; digit=$3; left=$4; manner=$5; stand=$6; other=$7; n=0
wrong() { printf '%s: %s\\n' "$token" "$1" >>"$place/wrong"; }
won() {
  mkdir "$state/inside" 2>/dev/null || wrong 'two have the lock'
  l=; IFS= read -r l <"$state/lock/owner.json"
  case $l in '{"version":1,"token":"'"$token"'",'*'"}') ;; *) wrong "the record is $l" ;; esac
  rmdir "$state/inside" 2>/dev/null || wrong 'somebody else went out'
  echo "$token" >>"$place/won-$digit"
  left=$((left - 1))
  if [ "$manner" = dying ]; then : >"$place/dead.$token"
  else (eval "$(sed "s/$stand/$token/g" "$place/release")") >/dev/null || wrong 'it could not be given back'; fi
}
lost() {
  case $said in *'text lock
present'*'text owner
'*) ;; *) return ;; esac
  holder=\${said#*'text owner
'}; holder=\${holder%%
*}
  case $holder in '') return ;; '{"version":1,'*'"}') ;; *) wrong "half a record: $holder"; return ;; esac
  holder=\${holder#*'"token":"'}; holder=\${holder%%'"'*}
  [ -e "$place/dead.$holder" ] || return
  case $(eval "$(sed "s/$other/$holder/g" "$place/break")") in *'text broken
yes'*) echo "$holder" >>"$place/broken" ;; esac
}
while [ "$left" -gt 0 ]; do
  n=$((n + 1)); token=$(printf '%s%031d' "$digit" "$n")
  said=$(eval "$(sed "s/$stand/$token/g" "$place/take")")
  case $said in *'text taken
yes'*) won ;; *'text taken
no'*) lost ;; *) wrong "refused: $said" ;; esac
done`;
