import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountOf, cutBatches, mostAbsent } from '../../../src/domain/fleet/batches.ts';
import type { Share } from '../../../src/domain/text/measures.ts';

const share: fc.Arbitrary<Share> = fc.oneof(
  fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 0, max: 300 }) }),
  fc.record({ kind: fc.constant('percent' as const), percent: fc.integer({ min: 0, max: 100 }) }),
);
const fleet = fc.integer({ min: 0, max: 200 }).map((size) => Array.from({ length: size }, (_, index) => index));

test('every server is in one batch, in order, and no batch is empty', () => {
  fc.assert(
    fc.property(fleet, fc.array(share), (servers, shares) => {
      const batches = cutBatches(servers, shares);
      expect(batches.flat()).toEqual(servers);
      expect(batches.every((batch) => batch.length > 0)).toBe(true);
    }),
  );
});

test('each share says how much has been switched when its batch is done', () => {
  const ten = Array.from({ length: 10 }, (_, index) => index);
  const one = { kind: 'count', count: 1 } as const;
  expect(
    cutBatches(ten, [one, { kind: 'percent', percent: 25 }, { kind: 'percent', percent: 100 }]).map(
      (batch) => batch.length,
    ),
  ).toEqual([1, 2, 7]);
  expect(cutBatches(ten, [one]).map((batch) => batch.length)).toEqual([1, 9]);
});

test('never more than half may be absent, and never more than is allowed', () => {
  fc.assert(
    fc.property(share, fc.integer({ min: 0, max: 500 }), (allowed, total) => {
      expect(mostAbsent(allowed, total)).toBeLessThanOrEqual(total / 2);
      expect(mostAbsent(allowed, total)).toBeLessThanOrEqual(amountOf(allowed, total));
    }),
  );
});
