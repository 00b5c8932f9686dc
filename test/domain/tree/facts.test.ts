import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCurrent, readFacts, readRoom } from '../../../src/domain/tree/facts.ts';
import { layoutOf } from '../../../src/domain/tree/layout.ts';

const layout = layoutOf('/srv/shop');
const keys = [
  'now',
  'user',
  'writable',
  'untrusted',
  'current',
  'revision',
  'releases',
  'stale',
  'ledger',
  'lock',
  'owner',
  'lockage',
  'hold',
  'quarantine',
  'incoming',
  'failed',
  'manifest',
  'log',
  'disk',
  'inodes',
  'missing',
  'unlinked',
];
const read = (facts: Readonly<Record<string, string>>) => readFacts(new Map(Object.entries(facts)), layout);

describe('what a server says of itself', () => {
  test('never breaks the reader, and only ids come through as ids', () => {
    const said = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constantFrom('-1', '1e999', '{"revisions":["--output=x"]}', '{"__proto__":{}}', '[[[['),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), said), (facts) => {
        const found = read(facts);
        for (const id of [
          ...found.releases,
          ...found.incoming,
          ...found.failed,
          ...found.published,
          ...found.ledger.known,
        ])
          expect(id).toMatch(/^\d{14}$/);
        for (const list of [found.held, found.quarantined])
          if (list !== 'all') for (const revision of list) expect(revision).toMatch(/^[0-9a-f]{40,64}$/);
        expect(Number.isFinite(found.now) && Number.isFinite(found.lock?.age ?? 0)).toBe(true);
        if (found.current.kind === 'release') expect(found.current.release).toMatch(/^\d{14}$/);
      }),
    );
  });

  test('is bounded however much it is', () => {
    const much = '20990101000000\n'.repeat(500_000);
    const found = read({
      releases: much,
      incoming: much,
      missing: 'x '.repeat(4_000_000),
      unlinked: much,
      log: 'Branch a (at b) deployed as release 20260101000000 by c\n'.repeat(100_000),
      ledger: 'x\n'.repeat(4_000_000),
      user: 'x'.repeat(1e6),
    });
    expect(
      Math.max(found.releases.length, found.incoming.length, found.missingLinkedFiles.length, found.published.length),
    ).toBeLessThanOrEqual(10_000);
    expect(found.ledger.unreadable).toBeLessThan(300_000);
    expect(found.user).toHaveLength(100);
  });

  test('is the end of a long ledger, which begins inside of a line', () => {
    const line =
      '{"at":"2026-11-21T19:37:11.000Z","release":"20261121193711","event":"healthy","by":"octo","run":"1.1"}\n';
    expect(read({ ledger: line.repeat(10_000).slice(-524_288) }).ledger.unreadable).toBe(0);
    expect(read({ ledger: line.slice(5) }).ledger.unreadable).toBe(1);
  });

  test('about holds is taken for everything where it cannot be read or is more than anybody holds', () => {
    expect(read({}).held).toEqual([]);
    expect(read({ hold: '{"revisions":[]}' }).held).toEqual([]);
    for (const hold of [
      '',
      '{}',
      '{"revisions":"x"}',
      '{"revisions":["HEAD"]}',
      '{"revisions":[1]}',
      JSON.stringify({ revisions: new Array(501).fill('a'.repeat(40)) }),
    ])
      expect(read({ hold }).held).toBe('all');
  });

  test('about untrusted paths is believed only of the places that were asked for', () => {
    expect(read({ untrusted: 'shared\n/etc\n::error::x\n.slipway' }).untrustedPaths).toEqual(['shared', '.slipway']);
  });

  test.each(['1', '0', '01', '-1', '+5', '5 6', '99999999999', 'x'])(
    'about the group of a lock is not believed: %s',
    (group) => {
      expect(
        read({ lock: 'present', owner: JSON.stringify({ token: 'a'.repeat(32), group, started: '5' }) }).lock?.group.id,
      ).toBe('0');
    },
  );

  test.each(['none', 'link /etc', 'link --help', 'other', 'link /srv/shop/releases/../x'])(
    '%s is no release that is live',
    (current) => {
      expect(readCurrent(new Map([['current', current]]), layout).kind).not.toBe('release');
    },
  );

  test('about room is read from the columns of df, and unknown where they are odd', () => {
    expect(
      readRoom(
        new Map([
          ['disk', 'Filesystem     1024-blocks      Used Available Capacity Mounted on\n/dev/vda1 100 60 40 60% /\n'],
          ['inodes', 'tmpfs 0 0 0 - /run'],
        ]),
      ),
    ).toEqual({ bytes: 40_960, inodes: undefined });
    expect(
      readRoom(
        new Map([
          ['disk', `${' 9'.repeat(4_000_000)}`],
          ['inodes', `x ${'9'.repeat(1000)} 1 1 1% /`],
        ]),
      ),
    ).toEqual({ bytes: undefined, inodes: undefined });
  });
});
