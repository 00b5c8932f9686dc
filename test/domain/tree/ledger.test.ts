import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { append, type LedgerLine, ledgerEvents, readLedger, renderLine } from '../../../src/domain/tree/ledger.ts';

const release = fc.integer({ min: 1, max: 6 }).map((n) => `2026112119371${n}`);
const event = fc.constantFrom(...ledgerEvents);
const line: fc.Arbitrary<LedgerLine> = fc.record({
  at: fc.constant('2026-11-21T19:37:11.000Z'),
  release,
  event,
  by: fc.string({ unit: 'binary' }),
  run: fc.string(),
});

const text = (lines: readonly LedgerLine[]): string => lines.map((one) => `${renderLine(one)}\n`).join('');

describe('a ledger', () => {
  test('reads what it has written, below 1 KiB a line', () => {
    fc.assert(
      fc.property(line, fc.string({ maxLength: 300 }), (one, once) => {
        expect(
          Buffer.byteLength(
            renderLine({ ...one, by: 'x'.repeat(5000), once: once.repeat(9) }).replaceAll(/[^\x20-\x7e]|\\./g, ''),
          ),
        ).toBeLessThan(1024);
        expect(readLedger(text([one]))).toMatchObject({ unreadable: 0, known: [one.release] });
      }),
    );
  });

  test('is the same whether lines are appended to what was read, or to the text before it is read', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.array(line, { maxLength: 5 }), (before, lines) => {
        const appended = append(readLedger(text(before)), lines);
        const reread = readLedger(text([...before, ...lines]));
        expect([...appended.releases.keys()]).toEqual([...reread.releases.keys()]);
        expect(appended.known).toEqual(reread.known);
        for (const [id, { state, health }] of appended.releases)
          expect({ state, health }).toEqual({
            state: reread.releases.get(id)?.state,
            health: reread.releases.get(id)?.health,
          });
      }),
    );
  });

  test('folds the events of each release in their order, whatever other releases do in between', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const whole = readLedger(text(lines)).releases;
        for (const id of whole.keys())
          expect(whole.get(id)).toEqual(readLedger(text(lines.filter((one) => one.release === id))).releases.get(id));
      }),
    );
  });

  test('calls a release healthy only after its health passed or it was adopted, and never after it failed', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
        for (const [id, record] of readLedger(text(lines)).releases) {
          const last = lines
            .filter((one) => one.release === id)
            .findLast((one) =>
              ['healthy', 'adopted', 'failed', 'rolled_back', 'quarantined', 'pruned'].includes(one.event),
            );
          expect(record.health).toBe(
            last?.event === 'healthy' || last?.event === 'adopted' ? 'healthy' : 'not healthy',
          );
        }
      }),
    );
  });

  test('passes over what is not its own, and keeps the rest', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 10 }),
        fc.array(
          fc.oneof(fc.string(), fc.json(), fc.constant('{"__proto__":{"release":"20261121193711","event":"healthy"}}')),
          { maxLength: 10 },
        ),
        (lines, noise) => {
          const strange = noise
            .map((one) => one.replaceAll('\n', ' '))
            .filter((one) => !one.includes('"release"') || one.includes('__proto__'));
          const read = readLedger([...strange, ...lines.map(renderLine)].join('\n'));
          expect(read.releases).toEqual(readLedger(text(lines)).releases);
          expect(({} as Record<string, unknown>)['release']).toBeUndefined();
        },
      ),
    );
  });

  test('lets a server that comes back stand no longer as left out', () => {
    const about = (name: 'absent' | 'in_doubt' | 'rejoined', server: string): LedgerLine => ({
      at: '',
      release: '20261121193711',
      event: name,
      by: '',
      run: '',
      server,
    });
    const read = readLedger(text([about('absent', 'a'), about('in_doubt', 'b'), about('rejoined', 'a')]));
    expect([...read.outOfSync]).toEqual([['b', 'in_doubt']]);
    expect(read.releases.size).toBe(0);
  });
});
