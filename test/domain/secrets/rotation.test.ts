import { describe, expect, test } from 'vitest';
import type { StoreEntry } from '../../../src/domain/secrets/entry.ts';
import { ageWords, judgeRotation } from '../../../src/domain/secrets/rotation.ts';
import { fetched } from '../../rig/fetched.ts';

const now = new Date('2026-11-28T12:00:00Z');
const day = 86_400_000;
const inDays = (days: number) => new Date(now.getTime() + days * day);

interface Given {
  readonly entry: Partial<StoreEntry>;
  readonly maxAge?: number;
}

function said({ entry, maxAge }: Given, onStale: 'warn' | 'fail' = 'warn'): readonly string[] {
  const secret = fetched('KEY', { entry, request: { maxAge, onStale } });
  return judgeRotation([secret], now).map(({ weight, failure }) => `${weight}: ${failure.message}`);
}

const overdue = { state: 'overdue', next: inDays(-12) } as const;

describe('the age of a secret', () => {
  test.each<[string, Given, string]>([
    [
      'older than its max_age',
      { entry: { created: inDays(-400) }, maxAge: 90 * day },
      'KEY is 400 d old, and its `max_age` is 90 d.',
    ],
    [
      'of unknown age',
      { entry: {}, maxAge: 90 * day },
      'The store does not tell how old KEY is, but its `max_age` is 90 d.',
    ],
    ['expired', { entry: { expires: inDays(-3) } }, 'KEY expired 3 d ago, on 2026-11-25T12:00:00.000Z.'],
    ['not yet valid', { entry: { notBefore: inDays(2) } }, 'KEY is not valid before 2026-11-30T12:00:00.000Z, in 2 d.'],
    ['overdue', { entry: { rotation: overdue } }, 'The store meant to rotate KEY 12 d ago and has not.'],
    [
      'overdue at a time unknown',
      { entry: { rotation: { state: 'overdue', next: undefined } } },
      'The store meant to rotate KEY and has not.',
    ],
  ])('is told by a warning where it is %s, and fails the run where `on_stale` says so', (_what, given, sentence) => {
    expect(said(given)).toEqual([`warning: ${sentence}`]);
    expect(said(given, 'fail')).toEqual([`failure: ${sentence}`]);
  });

  test('is not told of what is lent for a time, which ends soon by its nature', () => {
    const lease = { id: 'x', ends: inDays(0.1), renewable: 'renewable' } as const;
    expect(said({ entry: { expires: inDays(0.1), lease } }, 'fail')).toEqual([]);
  });

  test.each<[string, Given, string]>([
    [
      'it expires soon',
      { entry: { expires: inDays(0.5) } },
      'warning: KEY expires in 12 h, on 2026-11-29T00:00:00.000Z.',
    ],
    [
      'a new version is being made',
      { entry: { rotation: { state: 'in flight', next: undefined } } },
      'warning: A new version of KEY is being made in its store; this run has the one before it.',
    ],
  ])('is a warning in any case where %s', (_what, given, sentence) => {
    expect(said(given, 'fail')).toEqual([sentence]);
  });

  test.each<[string, Given]>([
    ['as old as allowed', { entry: { created: inDays(-90) }, maxAge: 90 * day }],
    ['old without a limit', { entry: { created: inDays(-4000) } }],
    ['valid for long', { entry: { expires: inDays(8), notBefore: inDays(-1) } }],
    ['to be rotated later', { entry: { rotation: { state: 'scheduled', next: inDays(3) } } }],
  ])('says nothing where it is %s', (_what, given) => {
    expect(said(given, 'fail')).toEqual([]);
  });

  test('is told of every secret, and of all that is wrong with it', () => {
    const entry = { created: inDays(-2), expires: inDays(-1), rotation: overdue };
    const secrets = [fetched('A', { entry, request: { maxAge: day } }), fetched('B', { entry })];
    expect(judgeRotation(secrets, now)).toHaveLength(5);
  });

  test.each([
    [-1, '0 min'],
    [59 * 60_000, '59 min'],
    [60 * 60_000, '1 h'],
    [24 * 3_600_000, '1 d'],
    [400.9 * day, '400 d'],
  ])('of %d milliseconds is %s', (milliseconds, words) => {
    expect(ageWords(milliseconds)).toBe(words);
  });
});
