import { expect, test } from 'vitest';
import { readFacts, type ServerFacts } from '../../src/domain/facts.ts';
import { layoutOf } from '../../src/domain/layout.ts';
import { rollbackReadiness } from '../../src/domain/readiness.ts';

const [old, live, made] = ['20261119000000', '20261120000000', '20261121000000'] as const;
const layout = layoutOf('/srv/shop');
const healthy = (...ids: readonly string[]): string => ids.map((release) => JSON.stringify({ release, event: 'healthy' })).join('\n');
const facts = (more: Readonly<Record<string, string>>): ServerFacts =>
  readFacts(new Map(Object.entries({ current: `link ${layout.release(live)}`, releases: `${old}\n${live}`, ...more })), layout);

test('a release that was proven and is still there is a way back', () => {
  expect(rollbackReadiness([['web1', facts({ ledger: healthy(old, live) })]], undefined)).toEqual({ possible: 'yes', because: expect.stringContaining(old) });
});

test('after a deploy the way back is what was live before, also where Capistrano made it', () => {
  expect(rollbackReadiness([['web1', facts({ ledger: healthy(live) })]], made).possible).toBe('yes');
  expect(rollbackReadiness([['web1', facts({})]], made)).toEqual({ possible: 'yes', because: expect.stringContaining(live) });
});

test('what failed, what is gone and what nobody knows is no way back', () => {
  const nothing = [
    facts({ ledger: healthy(live) }),
    facts({ ledger: healthy(old, live), releases: live }),
    facts({ ledger: `${healthy(old, live)}\n{"release":"${old}","event":"failed"}` }),
  ];
  for (const one of nothing) expect(rollbackReadiness([['web1', one]], undefined).possible).toBe('no');
});
