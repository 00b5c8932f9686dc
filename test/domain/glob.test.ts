import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesGlob } from '../../src/domain/glob.ts';

test.each([
  ['db/migrate/**', 'db/migrate/1.rb', true],
  ['db/migrate/**', 'db/migrate', false],
  ['**/*.rb', 'a.rb', true],
  ['**/*.rb', 'a/b/c.rb', true],
  ['*.rb', 'a/b.rb', false],
  ['**', 'anything/at all', true],
  ['?.rb', '/.rb', false],
  ['[ab].rb', 'b.rb', true],
  ['[!ab].rb', 'b.rb', false],
  ['a**b', 'a/x/b', true],
  ['**/b', 'ab', false],
  ['[', '[', true],
  ['a.b', 'axb', false],
  ['\u{1f600}?', '\u{1f600}\u{1f680}', true],
])('%s and %s: %s', (glob, path, matches) => {
  expect(matchesGlob(glob, path)).toBe(matches);
});

test('a glob without signs matches itself alone', () => {
  const plain = fc.string({ unit: fc.constantFrom('a', '.', '/', '(', '$', '\\', '^', '+', '\n', '{', ']') });
  fc.assert(fc.property(plain, plain, (glob, path) => void expect(matchesGlob(glob, path)).toBe(glob === path)));
});

test('what a server lists cannot hold the runner, whatever the glob', () => {
  expect(matchesGlob('**/a/**/a/**/a/**/a/**/b', 'a/'.repeat(100_000))).toBe(false);
  expect(matchesGlob('*a*a*a*a*a*a*b', 'a'.repeat(100_000))).toBe(false);
});
