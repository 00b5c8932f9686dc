import { describe, expect, test } from 'vitest';
import type { Again, Retrying } from '../../src/adapters/retry.ts';
import { retry } from '../../src/adapters/retry.ts';
import { FakeClock, FakeRandom } from '../fakes/fake-clock.ts';

const start = new Date('2026-11-21T19:37:11Z');
const later = (ms: number): Date => new Date(start.getTime() + ms);

/** Answers with the next of `results` each time, and says when it was asked, in milliseconds after the start. */
function scripted<T>(results: readonly T[]) {
  const clock = new FakeClock(start);
  const asked: number[] = [];
  const rest = [...results];
  const work = async (): Promise<T> => {
    asked.push(clock.now().getTime() - start.getTime());
    const next = rest.shift();
    if (next === undefined) throw new Error('asked more often than the test expects');
    return next;
  };
  const run = (more: Partial<Retrying<T>> & { readonly again: (result: T) => Again }) =>
    retry({ policy: { first: 1000, most: 8000, attempts: 3 }, clock, random: new FakeRandom(), ...more }, work);
  return { run, asked, clock };
}

const untilWell = (result: string): Again => (result === 'well' ? 'no' : 'yes');

describe('work that is tried again', () => {
  test('is done once where it goes well', async () => {
    const { run, asked } = scripted(['well']);
    expect(await run({ again: untilWell })).toEqual({ result: 'well', attempts: 1 });
    expect(asked).toEqual([0]);
  });

  test('goes on after pauses that grow', async () => {
    const { run, asked } = scripted(['ill', 'ill', 'well']);
    expect(await run({ again: untilWell })).toEqual({ result: 'well', attempts: 3 });
    expect(asked).toEqual([0, 500, 1500]);
  });

  test('gives what the last attempt gave once all are made', async () => {
    const { run } = scripted(['ill', 'worse', 'worst']);
    expect(await run({ again: untilWell })).toEqual({ result: 'worst', attempts: 3 });
  });

  test('waits for as long as the other side asks', async () => {
    const { run, asked } = scripted(['busy', 'well']);
    await run({ again: (result) => (result === 'busy' ? { after: 7000 } : 'no') });
    expect(asked).toEqual([0, 7000]);
  });

  test('begins no attempt after its deadline', async () => {
    const { run, asked } = scripted(['ill', 'ill', 'ill', 'ill']);
    const policy = { first: 1000, most: 8000 };
    expect(await run({ again: untilWell, policy, deadline: later(2000) })).toEqual({ result: 'ill', attempts: 3 });
    expect(asked).toEqual([0, 500, 1500]);
  });

  test('is not begun again where the other side asks for more time than there is', async () => {
    const { run } = scripted(['busy']);
    const again = (): Again => ({ after: 60_000 });
    expect(await run({ again, deadline: later(30_000) })).toEqual({ result: 'busy', attempts: 1 });
  });

  test('is not tried again after it threw', async () => {
    const { run, asked } = scripted<string>([]);
    await expect(run({ again: untilWell })).rejects.toThrow('more often');
    expect(asked).toEqual([0]);
  });

  test('ends when the run is cancelled while it waits', async () => {
    const { run, asked } = scripted(['ill', 'ill']);
    await expect(run({ again: untilWell, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(asked).toEqual([0]);
  });
});
