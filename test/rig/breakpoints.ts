// Stops a program on a server of the fixture at its n-th step, or command, until the test has done its harm and lets it
// go on.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestServer } from './sshd.ts';

/** Where a program was stopped: what it was about to do, its shell, its process group, and the sshd that serves it. */
export interface Stop {
  readonly kind: 'program' | 'step';
  readonly at: string;
  readonly shell: number;
  readonly group: number;
  readonly sshd: number;
}

/** `steps`: before each program and each of its steps. `commands`: before each command of a step, too. */
export type Grain = 'steps' | 'commands';

/**
 * The programs of one server, run by a bash that tells its commands one by one. In the code under test nothing knows of
 * it: `sh` on the server is ours,
 * and bash calls a trap before each command.
 */
export class Breakpoints {
  readonly #folder: string;
  readonly #home: string;

  private constructor(server: TestServer) {
    this.#home = server.home;
    this.#folder = join(server.home, 'breakpoints');
  }

  /** Puts our `sh` first into the PATH of the server, and starts it again. */
  static async install(server: TestServer): Promise<Breakpoints> {
    const points = new Breakpoints(server);
    const bin = join(server.home, 'bin-traced');
    for (const folder of [bin, points.#folder]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(server.home, 'trace.bash'), traceText);
    writeFileSync(
      join(bin, 'sh'),
      `#!/bin/sh\n# Without the level bash would take itself for a login by ssh and read other files.\nSHLVL=5 BREAKPOINTS='${points.#folder}' BASH_ENV='${join(server.home, 'trace.bash')}' exec bash "$@"\n`,
      { mode: 0o755 },
    );
    const config = join(server.home, 'sshd_config');
    writeFileSync(config, readFileSync(config, 'utf8').replace(' PATH=', ` PATH=${bin}:`));
    await server.stop();
    await server.start();
    points.clear('steps');
    return points;
  }

  /** Forgets what was passed, and stops nothing. */
  clear(grain: Grain): void {
    for (const name of ['passed', 'stop', 'stopped', 'expired']) rmSync(join(this.#folder, name), { force: true });
    writeFileSync(join(this.#folder, 'grain'), grain);
  }

  /** All that was passed since, in order: `program`, `step 3`, `step 3: mv …`. */
  passed(): string[] {
    const path = join(this.#folder, 'passed');
    return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
  }

  /** Stops the program that passes the `n`-th point from now, counted from 1. */
  stopAt(n: number, grain: Grain = 'steps'): void {
    this.clear(grain);
    writeFileSync(join(this.#folder, 'stop'), String(n));
  }

  /** Resolves once the program stands there; `undefined` when `over` aborts first. */
  async stopped(over: AbortSignal): Promise<Stop | undefined> {
    while (!over.aborted) {
      const stop = this.stop();
      if (stop !== undefined) return stop;
      await sleep(5);
    }
    return undefined;
  }

  stop(): Stop | undefined {
    const path = join(this.#folder, 'stopped');
    if (!existsSync(path)) return undefined;
    const [, shell, group, sshd, ...at] = readFileSync(path, 'utf8').trim().split(' ');
    const programs = this.passed()
      .slice(0, Number(readFileSync(join(this.#folder, 'stop'), 'utf8')))
      .filter((point) => point === 'program').length;
    const kind = at[0] === 'program' ? 'program' : 'step';
    return {
      kind,
      at: kind === 'program' ? `program ${programs}` : `program ${programs}, ${at.join(' ')}`,
      shell: Number(shell),
      group: Number(group),
      sshd: Number(sshd),
    };
  }

  /** Lets the stopped program go on. */
  release(): void {
    const path = join(this.#folder, 'stopped');
    if (!existsSync(path)) return;
    const [sleeper] = readFileSync(path, 'utf8').split(' ');
    endProcess(Number(sleeper));
  }

  /** Nobody ended or released the program within a minute. */
  get expired(): boolean {
    return existsSync(join(this.#folder, 'expired'));
  }

  /** Ids of programs of this server that still run. */
  programs(): number[] {
    return readdirSync('/proc')
      .map(Number)
      .filter((id) => id > 0 && environmentOf(id).includes(`HOME=${this.#home}`));
  }

  /** What is in the way when a suite ends early is put aside. */
  endAll(): void {
    for (const id of this.programs()) endProcess(id);
    renameSync(this.#folder, `${this.#folder}.old`);
  }
}

function environmentOf(id: number): string[] {
  try {
    return readFileSync(`/proc/${id}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** The words of a running process, on one line. */
export function commandOf(id: number): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8')
      .replaceAll(/[\0\n]+/g, ' ')
      .slice(0, 200);
  } catch {
    return 'it has ended';
  }
}

export function endProcess(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/**
 * Only programs of ours are traced: their exec line is known. A step is `go INDEX …` in the program's own shell, and
 * its commands run in the function `sINDEX`.
 */
const traceText = `case \${BASH_EXECUTION_STRING-} in 'LC_ALL=C; p=$(dd '*) ;; *) return 0 ;; esac
__pass() {
  printf '%s\\n' "$1" >>"$BREAKPOINTS/passed"
  [ -e "$BREAKPOINTS/stop" ] || return 0
  mapfile -t __lines <"$BREAKPOINTS/passed"
  read -r __stop <"$BREAKPOINTS/stop" || :
  [ "\${#__lines[@]}" -eq "$__stop" ] || return 0
  sleep 60 </dev/null >/dev/null 2>&1 &
  __sleeper=$!
  printf '%s %s %s %s %s\\n' "$__sleeper" "$$" "$__group" "$PPID" "\${__lines[__stop-1]}" >"$BREAKPOINTS/stopped.part"
  mv "$BREAKPOINTS/stopped.part" "$BREAKPOINTS/stopped"
  if wait "$__sleeper" 2>/dev/null; then : >"$BREAKPOINTS/expired"; fi
  return 0
}
__trace() {
  case $1:$2 in main:'go '*) set -- $2; __pass "step $2"; return 0 ;; esac
  [ "$__grain" = commands ] || return 0
  case $1 in s[0-9] | s[0-9][0-9]) ;; *) return 0 ;; esac
  __command=\${2%%$'\\n'*}
  __pass "step \${1#s}: \${__command:0:70}"
}
read -r __grain <"$BREAKPOINTS/grain" || :
read -r __stat </proc/$$/stat; set -- \${__stat##*) }; __group=$3; set --
set -o functrace
__pass program
trap '__trace "\${FUNCNAME[0]-}" "$BASH_COMMAND"' DEBUG
`;
