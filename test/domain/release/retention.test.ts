import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expired, heldReleases, isGood, previousGood, type Retention } from '../../../src/domain/release/retention.ts';
import { type LedgerLine, ledgerEvents, readLedger, renderLine } from '../../../src/domain/tree/ledger.ts';

const ids = Array.from({ length: 12 }, (_, index) => String(20_261_121_000_000 + index));
const line: fc.Arbitrary<LedgerLine> = fc.record({
  at: fc.constant(''),
  release: fc.constantFrom(...ids),
  event: fc.constantFrom(...ledgerEvents),
  by: fc.constant(''),
  run: fc.constant(''),
});
const facts: fc.Arbitrary<Retention> = fc.record({
  present: fc.shuffledSubarray(ids),
  live: fc.option(fc.constantFrom(...ids), { nil: undefined }),
  previous: fc.option(fc.constantFrom(...ids), { nil: undefined }),
  held: fc.subarray(ids, { maxLength: 2 }),
  ledger: fc.array(line, { maxLength: 30 }).map((lines) => readLedger(lines.map(renderLine).join('\n'))),
  published: fc.subarray(ids),
  keep: fc.integer({ min: 1, max: 6 }),
});

test('what is live, what was live before and what is held is never removed', () => {
  fc.assert(
    fc.property(
      facts,
      (told) =>
        void expect(
          expired(told).filter((id) => id === told.live || id === told.previous || told.held.includes(id)),
        ).toEqual([]),
    ),
  );
});

test('the newest good releases stay, as many as are to be kept', () => {
  fc.assert(
    fc.property(facts, (told) => {
      const good = told.present
        .filter((id) => isGood(id, told))
        .sort()
        .reverse()
        .slice(0, told.keep);
      expect(expired(told).filter((id) => good.includes(id))).toEqual([]);
    }),
  );
});

test('without a good release nothing is removed', () => {
  fc.assert(
    fc.property(facts, (told) => void expect(expired({ ...told, ledger: readLedger(''), published: [] })).toEqual([])),
  );
});

test('a failed release more pushes no good one out', () => {
  fc.assert(
    fc.property(facts, (told) => {
      const failed = '20261122000000';
      const ledger = {
        ...told.ledger,
        releases: new Map([
          ...told.ledger.releases,
          [
            failed,
            {
              release: failed,
              state: 'failed',
              revision: undefined,
              health: 'not healthy',
              acknowledged: 'open',
              run: '',
            } as const,
          ],
        ]),
      };
      expect(expired({ ...told, ledger, present: [...told.present, failed] })).toEqual(expired(told));
    }),
  );
});

test('only what is there is removed, the oldest first', () => {
  fc.assert(
    fc.property(facts, (told) => {
      const doomed = expired(told);
      expect(doomed.filter((id) => !told.present.includes(id))).toEqual([]);
      expect(doomed).toEqual([...doomed].sort());
    }),
  );
});

test('a rollback goes to the newest good release before the live one', () => {
  fc.assert(
    fc.property(facts, (told) => {
      const target = previousGood(told.live, told);
      const candidates = told.present.filter((id) => (told.live === undefined || id < told.live) && isGood(id, told));
      expect(target).toBe(candidates.sort().at(-1));
    }),
  );
});

test('releases of a revision on hold are held, and all of them where the hold cannot be read', () => {
  const [bad, good] = ['a'.repeat(40), 'b'.repeat(40)];
  const line = { at: '', event: 'healthy', by: '', run: '' } as const;
  const ledger = readLedger(
    [
      { ...line, release: '20261120000001', revision: bad },
      { ...line, release: '20261120000002', revision: good },
    ]
      .map((one) => `${renderLine(one)}\n`)
      .join(''),
  );
  const releases = ['20261120000001', '20261120000002', '20261120000003'];
  expect(heldReleases({ held: [bad], releases, ledger })).toEqual(['20261120000001']);
  expect(heldReleases({ held: 'all', releases, ledger })).toEqual(releases);
  expect(heldReleases({ held: [], releases, ledger })).toEqual([]);
});
