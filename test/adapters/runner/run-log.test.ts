import { describe, expect, it } from 'vitest';
import { openRunLog } from '../../../src/adapters/runner/run-log.ts';
import { Failure } from '../../../src/domain/failure.ts';
import type { ProgramEvent } from '../../../src/domain/remote/frames.ts';
import type { Step } from '../../../src/domain/remote/program.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { FakeRunner } from '../../fakes/fake-runner.ts';

const upload: Step = { id: 'upload', name: 'upload', effect: 'changes', run: ['true'] };
const look: Step = { id: 'look-at-the-tree', name: 'look at the tree', effect: 'reads', run: ['true'] };
const record: Step = { id: 'record-live', name: 'record live', effect: 'changes', log: 'on failure', run: ['true'] };
const restart: Step = {
  id: 'published-restart',
  name: 'published: restart',
  effect: 'changes',
  kind: 'hook',
  run: ['true'],
};

/** Time stands still until it is turned on; sleepers wake when it has passed them. */
class HandClock implements Clock {
  #now = 0;
  #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  now(): Date {
    return new Date(this.#now);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sleepers.push({ at: this.#now + ms, wake: resolve });
      signal?.addEventListener('abort', () => reject(new Failure('CANCELLED', 'cancelled')), { once: true });
    });
  }

  async turn(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#sleepers.filter(({ at }) => at <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now);
    for (const { wake } of due) wake();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
}

function told(...events: readonly ProgramEvent[]): readonly string[] {
  const runner = new FakeRunner();
  using log = openRunLog(runner, new HandClock(), ['web1', 'worker']);
  for (const event of events) log.event('web1', 'prepare', event);
  return runner.log;
}

describe('the job log', () => {
  it('has one line for a step that changed something on a server', () => {
    expect(told({ kind: 'step', step: upload }, { kind: 'end', step: upload, status: 0 })).toEqual([
      '  web1    done    upload (0 ms)',
    ]);
  });

  it('says nothing of steps that only read, and of bookkeeping', () => {
    expect(
      told(
        { kind: 'step', step: look },
        { kind: 'end', step: look, status: 0 },
        { kind: 'step', step: record },
        { kind: 'end', step: record, status: 0 },
      ),
    ).toEqual([]);
  });

  it('names the quietest step when it fails', () => {
    expect(told({ kind: 'step', step: record }, { kind: 'end', step: record, status: 1 })).toEqual([
      '  web1    failed  record live (0 ms)',
    ]);
  });

  it('shows what hooks print as it comes, and keeps the output of our own steps for their failure', () => {
    expect(
      told(
        { kind: 'step', step: upload },
        { kind: 'output', step: upload, line: 'x' },
        { kind: 'step', step: restart },
        { kind: 'output', step: restart, line: 'restarted' },
      ),
    ).toEqual(['  web1    | restarted']);
  });

  it('leaves it to who waits for a lock to say so', () => {
    const lock: Step = { ...upload, name: 'take the lock', log: 'by the caller' };
    const tries = [1, 2].flatMap(() => [
      { kind: 'step', step: lock } as const,
      { kind: 'end', step: lock, status: 75 } as const,
    ]);
    expect(told(...tries, { kind: 'step', step: lock }, { kind: 'end', step: lock, status: 0 })).toEqual([]);
  });

  it('never lets a server speak to the runner', () => {
    const lines = told(
      { kind: 'step', step: restart },
      ...['::set-output name=x::y', '##[error]no', '\u001b[31mred\r::add-mask::x'].map(
        (line) => ({ kind: 'output', step: restart, line }) as const,
      ),
    );
    expect(lines.filter((line) => /^\s*::/.test(line) || line.includes('##['))).toEqual([]);
    expect(lines).toHaveLength(3);
  });

  it('stops showing a hook that prints without end', () => {
    const flood = Array.from({ length: 5000 }, () => ({ kind: 'output', step: restart, line: 'again' }) as const);
    expect(told({ kind: 'step', step: restart }, ...flood)).toHaveLength(2001);
  });

  it('says after half a minute of silence who is still at work, and not before', async () => {
    const runner = new FakeRunner();
    const clock = new HandClock();
    using log = openRunLog(runner, clock, ['web1', 'worker']);
    log.event('web1', 'prepare', { kind: 'step', step: restart });
    await clock.turn(29_000);
    expect(runner.log).toEqual([]);
    await clock.turn(1000);
    expect(runner.log).toEqual(['  still running on web1: published: restart (30.0 s)']);
  });

  it('puts the output of what failed into a group of its own', () => {
    const runner = new FakeRunner();
    using log = openRunLog(runner, new HandClock(), ['web1', 'worker']);
    log.failed('worker', new Failure('STEP_FAILED', 'upload failed', { server: 'worker' }), {
      step: 'upload',
      lines: ['tar: no space'],
    });
    expect(runner.log).toEqual([
      '  worker  STEP_FAILED: upload failed',
      '▸ worker: what upload printed',
      'worker | tar: no space',
    ]);
  });
});
