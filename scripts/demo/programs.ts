// Programs that were started over SSH: each a process group of its own, with its streams joined to the channel.
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { ServerChannel } from 'ssh2';

export class Programs {
  readonly #groups = new Set<number>();
  readonly #home: string;
  readonly #environment: Readonly<Record<string, string>>;

  constructor(home: string, environment: Readonly<Record<string, string>>) {
    this.#home = home;
    this.#environment = environment;
  }

  /** Runs `command` with the machine's `sh`, as a login would. */
  start(command: string, channel: ServerChannel): void {
    const child = spawn('sh', ['-c', command], { cwd: this.#home, env: this.#environment, detached: true });
    const group = child.pid;
    if (group !== undefined) this.#groups.add(group);
    child.on('exit', () => {
      if (group !== undefined && !isAlive(group)) this.#groups.delete(group);
    });
    join(child, channel);
  }

  /** Ends every group that still has a process. */
  end(): void {
    for (const group of this.#groups) if (isAlive(group)) process.kill(-group, 'SIGKILL');
    this.#groups.clear();
  }
}

/**
 * As sshd does it: the status goes out when the program ends, the channel closes when nothing holds its output any
 * more.
 */
function join(child: ChildProcessWithoutNullStreams, channel: ServerChannel): void {
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  // A program may end without reading all of its input: what still comes is thrown away.
  const drain = () => channel.unpipe(child.stdin).resume();
  child.stdin.on('error', drain).on('close', drain);
  channel.on('error', () => channel.close());
  child.on('error', () => channel.exit(127));
  child.on('exit', (status, signal) => (signal === null ? channel.exit(status ?? 255) : channel.exit(signal.slice(3))));
  child.on('close', () => channel.end());
  channel.on('close', () => {
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  });
}

function isAlive(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}
