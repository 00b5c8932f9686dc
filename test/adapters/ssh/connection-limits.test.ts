import { describe, expect, it } from 'vitest';
import { ConnectionLimits, FirstLogin } from '../../../src/adapters/ssh/connection-limits.ts';
import type { LoginResult } from '../../../src/adapters/ssh/login.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { clock } from './opening.ts';

/** A login that ends when the test says so. */
function login() {
  const { promise, resolve } = Promise.withResolvers<LoginResult['kind']>();
  const state = { begun: false };
  const attempt = (): Promise<LoginResult['kind']> => {
    state.begun = true;
    return promise;
  };
  return { state, attempt, end: resolve };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the login that goes first', () => {
  it('keeps the others waiting until it has succeeded', async () => {
    const lead = new FirstLogin(clock, 15_000);
    const [one, two, three] = [login(), login(), login()];
    const all = [lead.admit('s1', one.attempt), lead.admit('s2', two.attempt), lead.admit('s3', three.attempt)];
    await turn();
    expect([one.state.begun, two.state.begun, three.state.begun]).toEqual([true, false, false]);
    one.end('open');
    await turn();
    expect([two.state.begun, three.state.begun]).toEqual([true, true]);
    two.end('open');
    three.end('refused');
    await Promise.all(all);
  });

  it('holds the key back from all others when it is refused', async () => {
    const lead = new FirstLogin(clock, 15_000);
    const [one, two] = [login(), login()];
    const [first, second] = [lead.admit('s1', one.attempt), lead.admit('s2', two.attempt)];
    one.end('refused');
    await first;
    await expect(second).rejects.toMatchObject({ code: 'AUTH_REFUSED', server: 's2' });
    await expect(lead.admit('s3', two.attempt)).rejects.toMatchObject({ code: 'AUTH_REFUSED', server: 's3' });
    expect(two.state.begun).toBe(false);
  });

  it('is taken by the next where it broke without a verdict', async () => {
    const lead = new FirstLogin(clock, 15_000);
    const [one, two, three] = [login(), login(), login()];
    const all = [lead.admit('s1', one.attempt), lead.admit('s2', two.attempt), lead.admit('s3', three.attempt)];
    one.end('lost');
    await turn();
    expect([two.state.begun, three.state.begun]).toEqual([true, false]);
    two.end('open');
    three.end('open');
    await Promise.all(all);
  });

  it('is taken by the next where a server does not answer at all', async () => {
    const hurried: Clock = { now: () => new Date(), sleep: async () => undefined };
    const lead = new FirstLogin(hurried, 15_000);
    const [one, two] = [login(), login()];
    const all = [lead.admit('s1', one.attempt), lead.admit('s2', two.attempt)];
    two.end('open');
    await Promise.all(all);
    expect(two.state.begun).toBe(true);
  });

  it.each([
    { connectTimeout: 4000, patience: 1000 },
    { connectTimeout: 60_000, patience: 5000 },
  ])(
    'of a server that hangs leaves the others most of their $connectTimeout ms',
    async ({ connectTimeout, patience }) => {
      const slept: number[] = [];
      const hurried: Clock = { now: () => new Date(), sleep: async (milliseconds) => void slept.push(milliseconds) };
      const hangs = login();
      await new FirstLogin(hurried, connectTimeout).admit('s1', hangs.attempt);
      expect(slept).toEqual([patience]);
    },
  );

  it('is one login only: a later refusal concerns that server alone', async () => {
    const lead = new FirstLogin(clock, 15_000);
    await lead.admit('s1', async () => 'open');
    await lead.admit('s2', async () => 'refused');
    await expect(lead.admit('s3', async () => 'open')).resolves.toBeUndefined();
  });
});

describe('the limits', () => {
  it('let only so many in at a time, under each name', async () => {
    const limits = new ConnectionLimits(2);
    const inside = { now: 0, most: 0 };
    const work = async (): Promise<void> => {
      inside.now += 1;
      inside.most = Math.max(inside.most, inside.now);
      await turn();
      inside.now -= 1;
    };
    await Promise.all(Array.from({ length: 9 }, () => limits.run(['one'], work)));
    expect(inside).toEqual({ now: 0, most: 2 });
  });

  it('stay passable after work that failed', async () => {
    const limits = new ConnectionLimits(1);
    await expect(limits.run(['one', 'two'], () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(limits.run(['one', 'two'], async () => 'well')).resolves.toBe('well');
  });
});
