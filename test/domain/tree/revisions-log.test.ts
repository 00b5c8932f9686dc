import { describe, expect, test } from 'vitest';
import { previousGood } from '../../../src/domain/release/retention.ts';
import { followLog, readLedger } from '../../../src/domain/tree/ledger.ts';
import { readRevisionsLog } from '../../../src/domain/tree/revisions-log.ts';

const ids = { one: '20261121000001', two: '20261121000002', three: '20261121000003' } as const;
const sha = 'a'.repeat(40);
const deployed = (id: string): string => `Branch main (at ${sha}) deployed as release ${id} by rig\n`;
const back = (id: string): string => `rig rolled back to release ${id}\n`;
const all = deployed(ids.one) + deployed(ids.two) + deployed(ids.three);

describe('revisions.log', () => {
  test('names what was published, and last who came to an end', () => {
    expect(readRevisionsLog(all)).toEqual({ published: [ids.one, ids.two, ids.three], withdrawn: [], last: ids.three });
  });

  test('withdraws every release that somebody went back behind', () => {
    expect(readRevisionsLog(all + back(ids.one))).toEqual({
      published: [ids.one],
      withdrawn: [ids.two, ids.three],
      last: ids.one,
    });
  });

  test('takes a release in again that somebody went forward to', () => {
    expect(readRevisionsLog(all + back(ids.one) + back(ids.two))).toEqual({
      published: [ids.one, ids.two],
      withdrawn: [ids.three],
      last: ids.two,
    });
  });

  test('whose first lines are gone still knows where a rollback went', () => {
    expect(readRevisionsLog(`1 by rig\n${back(ids.one)}`)).toEqual({
      published: [ids.one],
      withdrawn: [],
      last: ids.one,
    });
  });

  test.each([
    '',
    '\n',
    'octo said: rolled back to release 20261121000001, or not\n',
    'Branch x deployed as release 2026 by rig\n',
  ])('%j tells nothing', (text) => {
    expect(readRevisionsLog(text)).toEqual({ published: [], withdrawn: [], last: undefined });
  });
});

describe('a ledger that Capistrano went behind', () => {
  const ledger = readLedger(
    [ids.one, ids.two, ids.three]
      .map((release) => `${JSON.stringify({ release, event: 'healthy', by: 'octo', run: '1.1' })}\n`)
      .join(''),
  );

  test('knows the withdrawn releases as rolled back, and that the last one was left live on purpose', () => {
    const log = readRevisionsLog(all + back(ids.one));
    const followed = followLog(ledger, log);
    expect(followed.releases.get(ids.one)).toMatchObject({
      state: 'healthy',
      health: 'healthy',
      acknowledged: 'acknowledged',
    });
    expect(followed.releases.get(ids.two)).toMatchObject({ state: 'rolled_back', health: 'not healthy' });
    expect(
      previousGood('20261121000009', { present: [ids.one, ids.two], ledger: followed, published: log.published }),
    ).toBe(ids.one);
  });

  test('goes back to what the record of the live release names, also where its name is the higher one', () => {
    const facts = { present: [ids.one, ids.two, ids.three], ledger, published: [] };
    expect(previousGood(ids.two, { ...facts, before: ids.three })).toBe(ids.three);
    expect(previousGood(ids.two, { ...facts, present: [ids.one, ids.two], before: ids.three })).toBe(ids.one);
  });
});
