import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextRelease, parseRelease, parseRevision, releaseOfLink } from '../../../src/domain/tree/ids.ts';

const now = new Date('2026-11-21T19:37:11.500Z');

test('a release is named after the time of its making', () => {
  expect(nextRelease(now, [])).toBe('20261121193711');
});

test('a release is newer than any that a server knows, within a day', () => {
  const time = fc
    .integer({ min: now.getTime() - 1e10, max: now.getTime() + 86_000_000 })
    .map((at) => new Date(at).toISOString().replaceAll(/\D/g, '').slice(0, 14));
  fc.assert(
    fc.property(fc.array(time), (ids) => {
      const next = nextRelease(now, [{ server: 'web1', ids }]);
      expect(parseRelease(next)).toBe(next);
      for (const id of ids) expect(next > id).toBe(true);
    }),
  );
});

test.each(['20261122203711', '99999999999999', '20991231235959'])(
  '%s is too far ahead, and the server is named',
  (id) => {
    expect(() =>
      nextRelease(now, [
        { server: 'web1', ids: ['20260101000000'] },
        { server: 'web2', ids: [id] },
      ]),
    ).toThrow(expect.objectContaining({ code: 'CLOCK_AHEAD', server: 'web2' }));
  },
);

test('nothing but 14 digits is a release, and nothing but a whole hash a revision', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void expect(parseRelease(text)).toBeUndefined()));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void expect(parseRevision(text)).toBeUndefined()));
  for (const text of ['--output=x', 'HEAD', 'a'.repeat(41), 'A'.repeat(40), `${'a'.repeat(40)}\nb`, '２'.repeat(14)])
    expect(parseRevision(text) ?? parseRelease(text)).toBeUndefined();
  expect(parseRelease('20261121193711\n')).toBeUndefined();
  expect(parseRevision(`${'a'.repeat(64)}\n`)).toBe('a'.repeat(64));
});

test.each([
  '/srv/shop/releases/../releases/20261121193711',
  '/srv/shop/releases/20261121193711/',
  'releases/20261121193711',
  '/srv/shop/releases20261121193711',
  '/srv/shop/releases/--help',
])('a link to %s is none of ours', (target) => {
  expect(releaseOfLink(target, '/srv/shop/releases')).toBeUndefined();
});
