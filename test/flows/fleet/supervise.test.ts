import { describe, expect, test } from 'vitest';
import type { ProgramEvent } from '../../../src/domain/remote/frames.ts';
import type { RemoteProgram, Step } from '../../../src/domain/remote/program.ts';
import type { Server } from '../../../src/domain/server.ts';
import { layoutOf } from '../../../src/domain/tree/layout.ts';
import type { Member } from '../../../src/flows/context.ts';
import { runProgram, type Supervision } from '../../../src/flows/fleet/supervise.ts';
import type { ProgramOptions } from '../../../src/ports/transport.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const server: Server = {
  name: 'web1',
  host: 'web1',
  port: 22,
  user: 'deploy',
  deployTo: '/srv/shop',
  roles: [],
  labels: {},
  primary: 'ordinary',
  release: 'release',
};
const step: Step = { id: 'upload', name: 'upload', effect: 'changes', run: ['true'] };
const program: RemoteProgram = { name: 'prepare', steps: [step] };
const quiet = {
  phase: () => undefined,
  note: () => undefined,
  warn: () => undefined,
  event: () => undefined,
  failed: () => undefined,
};

/** A clock whose sleeps pass by themselves, one after another, and which counts those of a guard that were begun. */
class HastyClock extends FakeClock {
  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await super.sleep(ms, signal);
  }
}

/** A server that says what it is told to say, and then neither ends nor closes. */
function endless(says: (tell: (event: ProgramEvent) => void) => void): Member {
  const run = (asked: RemoteProgram, attended: ProgramOptions = {}): Promise<never> => {
    if (asked === program) says((event) => attended.onEvent?.(event));
    return new Promise(() => undefined);
  };
  const transport = {
    server,
    run,
    tunnel: () => Promise.reject(new Error('no tunnel')),
    reopen: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { server, layout: layoutOf('/srv/shop'), transport };
}

describe('a server that never ends', () => {
  const supervision = (): Supervision => ({
    clock: new HastyClock(),
    log: quiet,
    warn: () => undefined,
    ahead: 0,
    signal: new AbortController().signal,
    commandTimeout: 600_000,
    idleTimeout: undefined,
  });
  const unfinished = expect.objectContaining({ code: 'PROGRAM_UNFINISHED', server: 'web1' });

  test('is left after a while when it says nothing at all', async () => {
    await expect(
      runProgram(
        supervision(),
        endless(() => undefined),
        program,
      ),
    ).rejects.toEqual(unfinished);
  });

  test('is left after a while when its step does not end, although it was told to', async () => {
    const says = (tell: (event: ProgramEvent) => void): void => {
      tell({ kind: 'group', group: { id: '77', started: '5' } });
      tell({ kind: 'step', step });
    };
    await expect(runProgram(supervision(), endless(says), program)).rejects.toEqual(unfinished);
  });

  test('gets no more time by beginning the same step again and again', async () => {
    let repeating: NodeJS.Immediate | undefined;
    const says = (tell: (event: ProgramEvent) => void): void => {
      const again = (): void => {
        tell({ kind: 'step', step });
        tell({ kind: 'end', step, status: 0 });
        repeating = setImmediate(again);
      };
      again();
    };
    await expect(runProgram(supervision(), endless(says), program)).rejects.toEqual(unfinished);
    clearImmediate(repeating);
  });
});

describe('limits.idle_timeout', () => {
  const idle = 2000;
  const hook: Step = { ...step, name: 'updated: bundle', kind: 'hook' };

  /**
   * Runs a silent step on a clock on which only the idle time passes; the server ends it well once that would have
   * come.
   */
  async function endOf(silent: Step): Promise<string> {
    const clock = {
      now: () => new Date(0),
      sleep: (ms: number, signal?: AbortSignal) =>
        ms === idle
          ? Promise.resolve()
          : new Promise<void>((_, reject) =>
              signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
            ),
    };
    const told = { name: 'prepare', steps: [silent] };
    let ended = 0;
    const member = endless(() => undefined);
    const run: Member['transport']['run'] = async (asked, attended = {}) => {
      if (asked !== told) ended = 143;
      attended.onEvent?.({ kind: 'group', group: { id: '77', started: '5' } });
      attended.onEvent?.({ kind: 'step', step: silent });
      await new Promise((resolve) => setImmediate(resolve));
      const report = { steps: [], facts: new Map(), leftRunning: [], group: undefined };
      return ended === 0
        ? { ...report, kind: 'succeeded' }
        : { ...report, kind: 'failed', at: { step: silent, status: ended, output: [] } };
    };
    const supervision = {
      clock,
      log: quiet,
      warn: () => undefined,
      ahead: 0,
      signal: new AbortController().signal,
      commandTimeout: 600_000,
      idleTimeout: idle,
    };
    return runProgram(supervision, { ...member, transport: { ...member.transport, run } }, told).then(
      () => 'well',
      (failure: { readonly message: string }) => failure.message,
    );
  }

  test('ends a hook that says nothing for so long', async () => {
    expect(await endOf(hook)).toContain('printed nothing for 2.0 s');
  });

  test('leaves our own steps alone: an upload says nothing for as long as it takes', async () => {
    expect(await endOf(step)).toBe('well');
  });
});
