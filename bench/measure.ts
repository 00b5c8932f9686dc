import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Field } from './field.ts';

/** What one deploy cost. */
export interface Sample {
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** CPU of the client and its children, in seconds. */
  readonly cpu: number;
  /** Of all servers together, through the links. */
  readonly bytes: { readonly up: number; readonly down: number };
  /** Of one server, as its sshd logged them. */
  readonly connections: number;
  readonly execs: number;
}

/** What a peer says of one of its own runs; undefined seconds where it failed. */
export interface Ran {
  readonly seconds: number;
  /** The end of what it printed. */
  readonly output: string;
  readonly succeeded: 'yes' | 'no';
}

/** Runs a deploy and counts on the links, at the servers, and in the kernel's account of ended children. */
export async function measure(
  field: Field,
  run: () => Promise<Ran>,
): Promise<{ readonly sample: Sample; readonly ran: Ran }> {
  const before = gauge(field);
  const ran = await run();
  await sleep(150);
  const after = gauge(field);
  const each = field.places.length;
  return {
    ran,
    sample: {
      seconds: ran.seconds,
      cpu: after.cpu - before.cpu,
      bytes: { up: after.up - before.up, down: after.down - before.down },
      connections: (after.connections - before.connections) / each,
      execs: (after.execs - before.execs) / each,
    },
  };
}

function gauge({ places }: Field): {
  readonly cpu: number;
  readonly up: number;
  readonly down: number;
  readonly connections: number;
  readonly execs: number;
} {
  const counts = places.map(({ server }) => server.counts());
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return {
    cpu: childSeconds(),
    up: sum(places.map(({ link }) => link.passed.up)),
    down: sum(places.map(({ link }) => link.passed.down)),
    connections: sum(counts.map(({ connections }) => connections)),
    execs: sum(counts.map(({ execs }) => execs)),
  };
}

/** proc(5), /proc/PID/stat: cutime and cstime are the 14th and 15th behind the name, in hundredths of a second. */
function childSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

export interface Start {
  readonly words: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a program and waits for its end, at most `limit` milliseconds. */
export async function runProgram({ words: [program, ...words], cwd, env }: Start, limit: number): Promise<Ran> {
  const began = performance.now();
  const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4000)));
  const timer = setTimeout(() => end(child.pid), limit);
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    return { seconds: (performance.now() - began) / 1000, output, succeeded: code === 0 ? 'yes' : 'no' };
  } finally {
    clearTimeout(timer);
  }
}

/** The process that we started, with its children. */
function end(leader: number | undefined): void {
  if (leader !== undefined) process.kill(-leader, 'SIGKILL');
}
