import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pauseAfter, requestedPause } from '../../src/domain/retry.ts';

const policy = { first: 200, most: 5000, attempts: 4 };

describe('the pause before another attempt', () => {
  test('doubles, up to the longest', () => {
    const open = { first: 200, most: 1000 };
    expect([1, 2, 3, 4, 9].map((attempts) => pauseAfter(attempts, open, 0.999_999))).toEqual([
      200, 400, 800, 1000, 1000,
    ]);
  });

  test('is at least half of its length', () => {
    expect(pauseAfter(1, policy, 0)).toBe(100);
  });

  test('is none once all attempts are made', () => {
    expect(pauseAfter(4, policy, 0.5)).toBeUndefined();
  });

  test('is never shorter than the other side asked for', () => {
    expect(pauseAfter(1, policy, 0.5, 7000)).toBe(7000);
  });

  test('is never longer than the longest otherwise', () => {
    const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), chances, (attempts, chance) => {
        const pause = pauseAfter(attempts, { first: 200, most: 5000 }, chance) as number;
        expect(pause).toBeGreaterThanOrEqual(100);
        expect(pause).toBeLessThanOrEqual(5000);
      }),
    );
  });
});

describe('the pause that the other side asks for', () => {
  const now = new Date('2026-11-21T19:37:11Z');

  test.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sat, 21 Nov 2026 19:37:41 GMT', 30_000],
    ['Sat, 21 Nov 2026 19:00:00 GMT', 0],
  ])('is read from %j', (header, pause) => {
    expect(requestedPause(header, now)).toBe(pause);
  });

  test.each([null, undefined, '', '-1', '1.5', 'soon', '99999999999999999999'])('is not known from %j', (header) => {
    expect(requestedPause(header, now)).toBeUndefined();
  });
});
