// What servers and local commands print is redacted where it comes in: what is cut, escaped or joined later holds no value any more.
import type { ProgramEnd, StepEnd } from '../../domain/remote/end.ts';
import type { ProgramEvent } from '../../domain/remote/frames.ts';
import { outputLineLimit } from '../../domain/text/output-line.ts';
import type { LocalCommand } from '../../ports/local-command.ts';
import type { Redaction } from '../../ports/secret-stores.ts';
import type { ProgramOptions, Transport, Transports } from '../../ports/transport.ts';

/** Facts are left as they are: they are data, and what of them is shown passes the log. */
export function redactTransports(transports: Transports, redaction: Redaction): Transports {
  return {
    open: async (server, signal) => new RedactedTransport(await transports.open(server, signal), redaction),
    [Symbol.asyncDispose]: () => transports[Symbol.asyncDispose](),
  };
}

/** For commands whose output is shown, and not for those whose output is read. */
export function redactCommand(command: LocalCommand, redaction: Redaction): LocalCommand {
  return {
    run: (request) => {
      const { onLine } = request;
      if (onLine === undefined) return command.run(request);
      return command.run({ ...request, onLine: (line) => onLine(redactLine(line, redaction)) });
    },
  };
}

class RedactedTransport implements Transport {
  readonly #transport: Transport;
  readonly #redaction: Redaction;

  constructor(transport: Transport, redaction: Redaction) {
    this.#transport = transport;
    this.#redaction = redaction;
  }

  get server(): Transport['server'] {
    return this.#transport.server;
  }

  async run(program: Parameters<Transport['run']>[0], options: ProgramOptions = {}): Promise<ProgramEnd> {
    const { onEvent } = options;
    const redacted = onEvent === undefined ? {} : { onEvent: (event: ProgramEvent) => onEvent(this.#event(event)) };
    return this.#end(await this.#transport.run(program, { ...options, ...redacted }));
  }

  tunnel(host: string, port: number): ReturnType<Transport['tunnel']> {
    return this.#transport.tunnel(host, port);
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#transport[Symbol.asyncDispose]();
  }

  #event(event: ProgramEvent): ProgramEvent {
    return event.kind === 'output' ? { ...event, line: redactLine(event.line, this.#redaction) } : event;
  }

  #end(end: ProgramEnd): ProgramEnd {
    const redacted = new Map(end.steps.map((step) => [step, this.#step(step)]));
    const steps = [...redacted.values()];
    switch (end.kind) {
      case 'succeeded':
      case 'lock lost':
        return { ...end, steps };
      case 'failed':
        return { ...end, steps, at: redacted.get(end.at) ?? this.#step(end.at) };
      case 'unknown':
        return { ...end, steps, detail: this.#redaction.redact(end.detail) };
    }
  }

  #step(step: StepEnd): StepEnd {
    return { ...step, output: step.output.map((line) => redactLine(line, this.#redaction)) };
  }
}

/** Where a line was cut, its end may be the begin of a value. */
function redactLine(line: string, redaction: Redaction): string {
  return line.length < outputLineLimit ? redaction.redact(line) : redaction.redactCut(line);
}
