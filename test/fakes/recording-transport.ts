// A server that runs nothing: it writes down what it is asked to run, literally, and answers from a script.

import type { Duplex } from 'node:stream';
import { PassThrough } from 'node:stream';
import type { ProgramEnd, StepEnd } from '../../src/domain/remote/end.ts';
import type { ProgramEvent } from '../../src/domain/remote/frames.ts';
import type { RemoteProgram, Step } from '../../src/domain/remote/program.ts';
import { render } from '../../src/domain/remote/shell.ts';
import type { Server } from '../../src/domain/server.ts';
import type { ProgramOptions, Transport, Transports } from '../../src/ports/transport.ts';

/** How a program goes: its facts, the step that fails, or a whole end of one's own. */
export type Answer =
  | {
      readonly facts?: Readonly<Record<string, string>>;
      readonly fail?: string;
      readonly status?: number;
      readonly output?: readonly string[];
      readonly leftRunning?: string;
    }
  | { readonly end: ProgramEnd }
  | { readonly lost: string };

/** What `server` answers to `program`; `undefined`: success without facts. */
export type Script = (program: RemoteProgram, server: Server) => Answer | undefined;

export class RecordingTransports implements Transports {
  /** `s1 publish: switch the link | mv -f …`, one line per step, in the order in which programs were asked for. */
  readonly lines: string[] = [];
  readonly programs: { readonly server: string; readonly program: RemoteProgram }[] = [];
  /** Where tunnels were asked for: `s1 127.0.0.1:3000`. */
  readonly tunnels: string[] = [];
  /** What was sent as a stream, by server. */
  readonly streams = new Map<string, Buffer>();
  readonly #script: Script;

  constructor(script: Script = () => undefined) {
    this.#script = script;
  }

  async open(server: Server, signal: AbortSignal): Promise<Transport> {
    signal.throwIfAborted();
    return new RecordingTransport(server, this, this.#script);
  }

  record(server: string, program: RemoteProgram): void {
    this.programs.push({ server, program });
    for (const step of program.steps) this.lines.push(`${server} ${program.name}: ${step.name} | ${written(step)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

export class RecordingTransport implements Transport {
  readonly server: Server;
  readonly #all: RecordingTransports;
  readonly #script: Script;
  /** A connection that was lost stays so; another one has to be opened. */
  #gone = false;

  constructor(server: Server, all: RecordingTransports, script: Script) {
    this.server = server;
    this.#all = all;
    this.#script = script;
  }

  async run(program: RemoteProgram, attended: ProgramOptions = {}): Promise<ProgramEnd> {
    if (this.#gone)
      return {
        kind: 'unknown',
        why: 'connection lost',
        during: undefined,
        detail: '',
        steps: [],
        facts: new Map(),
        leftRunning: [],
        group: undefined,
      };
    this.#all.record(this.server.name, program);
    if (attended.stream !== undefined) this.#all.streams.set(this.server.name, await collect(attended.stream()));
    const answer = this.#script(program, this.server) ?? {};
    if ('end' in answer) return answer.end;
    this.#gone = 'lost' in answer;
    return play(program, answer, attended.onEvent ?? (() => undefined));
  }

  async tunnel(host: string, port: number): Promise<Duplex> {
    this.#all.tunnels.push(`${this.server.name} ${host}:${port}`);
    return new PassThrough();
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const group = { id: '4711', started: '1000' };

function play(
  program: RemoteProgram,
  answer: Exclude<Answer, { end: ProgramEnd }>,
  watch: (event: ProgramEvent) => void,
): ProgramEnd {
  watch({ kind: 'group', group });
  const facts = new Map(Object.entries('facts' in answer ? (answer.facts ?? {}) : {}));
  const steps: StepEnd[] = [];
  const report = {
    steps,
    facts,
    leftRunning: program.steps.filter((step) => 'leftRunning' in answer && step.name === answer.leftRunning),
    group,
  };
  for (const step of program.steps) {
    const failure = steps.find((end) => end.status !== 0 && end.step.policy !== 'note');
    if (failure !== undefined && step.policy !== 'always') continue;
    watch({ kind: 'step', step });
    if ('lost' in answer && step.name === answer.lost)
      return { ...report, kind: 'unknown', why: 'connection lost', during: step, detail: 'the script says so' };
    const status = 'fail' in answer && step.name === answer.fail ? (answer.status ?? 1) : 0;
    const output = 'output' in answer ? (answer.output ?? []) : [];
    for (const line of output) watch({ kind: 'output', step, line });
    steps.push({ step, status, output });
    watch({ kind: 'end', step, status });
  }
  for (const [key, value] of facts) watch({ kind: 'fact', key, value });
  watch({ kind: 'done', status: 0 });
  const at = steps.find((end) => end.status !== 0 && end.step.policy !== 'note');
  return at === undefined ? { ...report, kind: 'succeeded' } : { ...report, kind: 'failed', at };
}

function written({ run, cwd, input }: Step): string {
  const place = cwd === undefined ? '' : ` (in ${cwd})`;
  const stream = input === undefined ? '' : ' < stream';
  return `${'text' in run ? `${run.text} -- ${render(run.words)}` : render(run)}${place}${stream}`;
}

async function collect(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}
