import { programs } from '../../generated/programs.ts';
import type { Words } from './shell.ts';
import { quote, render } from './shell.ts';

/** A fixed piece of shell with its values as positional parameters. `text` never holds a value from outside. */
export interface Fragment {
  readonly text: string;
  readonly words: readonly string[];
}

/** One named step of a program on a server. */
export interface Step {
  /** What it is, whatever it is called: `switch-current`. Every hook is a `hook`. */
  readonly id: string;
  /** What it is called in the log. */
  readonly name: string;
  readonly run: Words | Fragment;
  /** A step that changes something runs only while the lock is still ours. */
  readonly effect: 'reads' | 'changes';
  /** The directory to run in; an absolute path. Default: the login directory. */
  readonly cwd?: string;
  /** Exported for this step alone. Never a secret. */
  readonly env?: Readonly<Record<string, string>>;
  /** The step reads the stream that follows the program on the channel. At most one step does. */
  readonly input?: 'stream';
  /**
   * `stop` (default): the first failure ends the program. `note`: it is reported and the program goes on. `always`: it
   * runs even after a failure. `failed`: only then.
   */
  readonly policy?: 'stop' | 'note' | 'always' | 'failed';
  /**
   * A command of the project: what it prints is shown, its silence counts, and what it leaves behind holding our output
   * is named.
   */
  readonly kind?: 'hook';
  /**
   * `on failure`: a bookkeeping step that the log mentions only then. `by the caller`: who runs it says what came of
   * it.
   */
  readonly log?: 'on failure' | 'by the caller';
  /** The code of its failure, where that says more than that a step has failed. */
  readonly means?: 'ARTIFACT_MISMATCH';
  /** Milliseconds; enforced by the runner, not by the server. */
  readonly timeout?: number;
}

/** The lock that fences a program: each changing step first checks that the owner's token is still `token`. */
export interface Fence {
  /** The path of the lock directory. */
  readonly lock: string;
  readonly token: string;
  /** The owner record without its closing brace, on one line; the program adds its process group and writes it back. */
  readonly owner: string;
}

/** Named steps that run on one server in one exec, in order. */
export interface RemoteProgram {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly fence?: Fence;
  /** Run the whole program as this user, by `sudo -n -u`. */
  readonly become?: string;
}

/**
 * The exec request for a program of `bytes` bytes: one constant line, which holds the length and nothing else of ours.
 */
export function launcher(bytes: number, become?: string): string {
  const boot = `LC_ALL=C; p=$(dd bs=1 count=${bytes} 2>/dev/null; echo .); [ \${#p} -eq ${bytes + 1} ] || exit ${cutStatus}; eval "\${p%.}"`;
  const line = `sh -c '${boot}'`;
  return become === undefined ? line : `sudo -n -u ${quote(become)} -- ${line}`;
}

/**
 * A program that waits for another one, which is read in blocks and then run. So a session can be started before it is
 * known what it will run.
 */
export const loader = `${programs.loader}\n`;

/** What a session that runs the loader is sent before a program of `bytes` bytes. */
export function loaderHead(bytes: number): string {
  return String(bytes).padStart(8, 'x');
}

/** The exit status of a program that arrived incomplete: nothing of it ran. */
export const cutStatus = 97;

/** The program as POSIX sh text. Every frame that it prints begins with a newline, the byte 0x1e and `token`. */
export function renderProgram(program: RemoteProgram, token: string): string {
  const steps = program.steps.map((step, index) => renderStep(step, index));
  const fence = program.fence === undefined ? noFence : renderFence(program.fence);
  return `${[`_t=${quote(token)}`, programs.vocabulary, fence, 'main() {', '_f=0', "trap '_f=143' TERM", 'origin', 'fence || :', ...steps, 'say "done $_f"', 'exit "$_f"', '}', 'main 3<&0 </dev/null'].join('\n')}\n`;
}

const noFence = 'fence() { return 0; }';

function renderFence(fence: Fence): string {
  const owned = `"token":"${fence.token}"`;
  return [`_k=${quote(fence.lock)}`, `_h=${quote(fence.owner)}`, `_o=${quote(owned)}`, programs.fence].join('\n');
}

function renderStep(step: Step, index: number): string {
  const policy = step.policy ?? 'stop';
  const input = step.input === 'stream' ? '<&3' : '</dev/null';
  const watched = step.kind === 'hook';
  return [
    `s${index}() {`,
    ...Object.entries(step.env ?? {}).map(([name, value]) => `export ${variable(name)}=${quote(value)}`),
    ...(step.cwd === undefined ? [] : [`cd ${quote(step.cwd)}`]),
    ...body(step.run),
    '}',
    `if go ${index} ${step.effect} ${policy}; then`,
    ...(watched ? ['holders; _w=$_n'] : []),
    `( set -eu; s${index} ) ${input} 3<&- 2>&1`,
    '_r=$?',
    ...(watched ? [`stays ${index}`] : []),
    `over ${index} "$_r" ${policy}`,
    'fi',
  ].join('\n');
}

function body(run: Words | Fragment): string[] {
  if ('text' in run) return [`set -- ${render(run.words)}`.trimEnd(), run.text];
  return [render(run)];
}

function variable(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw new RangeError(`${JSON.stringify(name)} cannot name an environment variable`);
  return name;
}
