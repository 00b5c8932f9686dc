import type { Failure } from '../../domain/failure.ts';
import type { ProgramEvent } from '../../domain/remote/frames.ts';
import type { Step } from '../../domain/remote/program.ts';
import { heartbeatLines, outputGroup, serverColumn, stepLine } from '../../domain/report/log.ts';
import { plain } from '../../domain/text/escape.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Printed, RunLog } from '../../ports/run-log.ts';
import type { Runner } from '../../ports/runner.ts';

/** Milliseconds of silence after which the log lists the steps that still run. */
const silence = 30_000;
/** Lines of one hook on one server that are shown as they come. */
const shown = 2000;

interface Running {
  readonly step: Step;
  readonly since: number;
  lines: number;
}

/**
 * The job log: a line per phase, a line per step and server, what hooks print, and who is silent. Disposing stops the
 * heartbeat.
 */
export function openRunLog(
  runner: Pick<Runner, 'line' | 'group'>,
  clock: Clock,
  servers: readonly string[],
): RunLog & Disposable {
  return new JobLog(runner, clock, servers);
}

class JobLog implements RunLog {
  readonly #runner: Pick<Runner, 'line' | 'group'>;
  readonly #clock: Clock;
  readonly #column: (server: string) => string;
  readonly #running = new Map<string, Running>();
  readonly #over = new AbortController();
  #lastLine: number;

  constructor(runner: Pick<Runner, 'line' | 'group'>, clock: Clock, servers: readonly string[]) {
    this.#runner = runner;
    this.#clock = clock;
    this.#column = serverColumn(servers);
    this.#lastLine = clock.now().getTime();
    void this.#heartbeat();
  }

  phase(name: string): void {
    this.#line('');
    this.#line(name);
  }

  note(text: string): void {
    this.#line(`  ${plain(text)}`);
  }

  warn(text: string): void {
    this.#line(`  warning: ${plain(text)}`);
  }

  event(server: string, _program: string, event: ProgramEvent): void {
    switch (event.kind) {
      case 'step':
        this.#running.set(server, { step: event.step, since: this.#now(), lines: 0 });
        return;
      case 'output':
        this.#output(server, event.step, event.line);
        return;
      case 'end':
        this.#end(server, event.step, event.status);
        return;
      case 'lost':
        this.#line(`  ${stepLine(this.#column(server), event.step.name, 'skipped')}: the lock is lost`);
        return;
      case 'group':
      case 'fact':
      case 'left running':
      case 'done':
        return;
    }
  }

  failed(server: string, failure: Failure, printed?: Printed): void {
    this.#running.delete(server);
    this.#line(`  ${this.#column(server)}  ${failure.code}: ${plain(failure.message)}`);
    if (printed === undefined || printed.lines.length === 0) return;
    const group = outputGroup(server, printed.step, printed.lines);
    this.#runner.group(group.title, group.lines);
  }

  [Symbol.dispose](): void {
    this.#over.abort();
  }

  /** Only what hooks print is shown as it comes; the output of our own steps matters when they fail. */
  #output(server: string, step: Step | undefined, line: string): void {
    const running = this.#running.get(server);
    if (step?.kind !== 'hook' || running === undefined || line === '') return;
    running.lines += 1;
    if (running.lines <= shown) this.#line(`  ${this.#column(server)}  | ${plain(line)}`);
    if (running.lines === shown)
      this.#line(`  ${this.#column(server)}  | (more than ${shown} lines; the rest is not shown)`);
  }

  #end(server: string, step: Step, status: number): void {
    const running = this.#running.get(server);
    this.#running.delete(server);
    const quiet = step.effect === 'reads' || step.log === 'on failure';
    if (quiet && (status === 0 || step.policy === 'note')) return;
    if (step.log === 'by the caller') return;
    const state = status === 0 ? 'done' : step.policy === 'note' ? 'noted' : 'failed';
    this.#line(
      `  ${stepLine(this.#column(server), step.name, state, running === undefined ? undefined : this.#now() - running.since)}`,
    );
  }

  async #heartbeat(): Promise<void> {
    for (;;) {
      try {
        await this.#clock.sleep(silence, this.#over.signal);
      } catch {
        return;
      }
      if (this.#now() - this.#lastLine < silence || this.#running.size === 0) continue;
      const waiting = [...this.#running].map(([server, { step, since }]) => ({
        server,
        step: step.name,
        milliseconds: this.#now() - since,
      }));
      for (const line of heartbeatLines(waiting)) this.#line(`  ${line}`);
    }
  }

  #line(text: string): void {
    this.#lastLine = this.#now();
    this.#runner.line(text);
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
