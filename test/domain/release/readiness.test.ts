import { expect, test } from 'vitest';
import { rollbackReadiness } from '../../../src/domain/release/readiness.ts';
import { readFacts, type ServerFacts } from '../../../src/domain/tree/facts.ts';
import { layoutOf } from '../../../src/domain/tree/layout.ts';

const [old, live, made] = ['20261119000000', '20261120000000', '20261121000000'] as const;
const layout = layoutOf('/srv/shop');
const healthy = (...ids: readonly string[]): string =>
  ids.map((release) => JSON.stringify({ release, event: 'healthy' })).join('\n');
const facts = (more: Readonly<Record<string, string>>): ServerFacts =>
  readFacts(
    new Map(Object.entries({ current: `link ${layout.release(live)}`, releases: `${old}\n${live}`, ...more })),
    layout,
  );

test('a release that was healthy and is still there can be rolled back to', () => {
  expect(rollbackReadiness(new Map([['web1', facts({ ledger: healthy(old, live) })]]), undefined, ['web1'])).toEqual({
    possible: 'yes',
    because: expect.stringContaining(old),
  });
});

test('after a deploy a rollback goes to what was live before, also where Capistrano made it', () => {
  expect(rollbackReadiness(new Map([['web1', facts({ ledger: healthy(live) })]]), made, ['web1']).possible).toBe('yes');
  expect(rollbackReadiness(new Map([['web1', facts({})]]), made, ['web1'])).toEqual({
    possible: 'yes',
    because: expect.stringContaining(live),
  });
});

test('what failed, what is gone and what is not known cannot be rolled back to', () => {
  const nothing = [
    facts({ ledger: healthy(live) }),
    facts({ ledger: healthy(old, live), releases: live }),
    facts({ ledger: `${healthy(old, live)}\n{"release":"${old}","event":"failed"}` }),
  ];
  for (const one of nothing)
    expect(rollbackReadiness(new Map([['web1', one]]), undefined, ['web1']).possible).toBe('no');
});

test('every server must have it, the same, and must have been read', () => {
  const good = facts({ ledger: healthy(old, live) });
  const ready = (two: ServerFacts) =>
    rollbackReadiness(
      new Map([
        ['web1', good],
        ['web2', two],
      ]),
      undefined,
      ['web1', 'web2'],
    );
  expect(ready(good).possible).toBe('yes');
  expect(ready(facts({ ledger: healthy(live) }))).toEqual({ possible: 'no', because: expect.stringContaining('web2') });
  expect(
    ready(facts({ current: `link ${layout.release(made)}`, releases: `${live}\n${made}`, ledger: healthy(live, made) }))
      .possible,
  ).toBe('no');
  expect(rollbackReadiness(new Map([['web1', good]]), undefined, ['web1', 'web2'])).toEqual({
    possible: 'no',
    because: expect.stringContaining('web2'),
  });
  expect(rollbackReadiness(new Map(), undefined, []).possible).toBe('no');
});

test('of many servers five are named, and where they differ each release once', () => {
  const names = Array.from({ length: 300 }, (_, index) => `web${index + 1}`);
  const older = facts({ ledger: healthy(old, live) });
  const without = facts({ ledger: healthy(live) });
  const because = (known: ReadonlyMap<string, ServerFacts>): string =>
    rollbackReadiness(known, undefined, names).because;
  expect(because(new Map(names.map((name) => [name, without])))).toBe(
    'there is no earlier release known to be good on web1, web2, web3, web4, web5 and 295 more',
  );
  expect(because(new Map([['web1', older]]))).toBe(
    'it is not known what web2, web3, web4, web5, web6 and 294 more would roll back to',
  );
  const third = facts({
    releases: `20261118000000\n${old}\n${live}`,
    ledger: `${healthy('20261118000000', old, live)}\n{"release":"${old}","event":"failed"}`,
  });
  expect(because(new Map(names.map((name, index) => [name, index === 0 ? third : older])))).toBe(
    `the servers would roll back to different releases: 20261118000000 on web1; ${old} on web2, web3, web4, web5, web6 and 294 more`,
  );
});
