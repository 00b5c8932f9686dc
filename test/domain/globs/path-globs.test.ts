import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { findPatterns, hasSoundClasses, pathMatcher } from '../../../src/domain/globs/path-globs.ts';
import { lacking, suite } from '../../rig/part.ts';

const files = [
  'a',
  'b.log',
  'log/c.log',
  'log/sub/d.log',
  'tmp/x',
  'tmp/.hidden',
  'tmpfile',
  'a+b',
  'aab',
  'a.b',
  'axb',
  '[x]',
  '{x}',
  'x',
  'p/cache/1',
  'p/q/cache/2',
  'cache/3',
  '^',
  '$',
  'ba\\ck',
  '(y)',
  'y',
  'z|w',
  '~',
  '&',
  '-',
  '+',
  ',',
  ':',
];
const cases: readonly (readonly [string, readonly string[]])[] = [
  ['tmp/**', ['tmp/.hidden', 'tmp/x']],
  ['tmp', ['tmp/.hidden', 'tmp/x']],
  ['/tmp/', ['tmp/.hidden', 'tmp/x']],
  ['*.log', ['b.log']],
  ['**/*.log', ['b.log', 'log/c.log', 'log/sub/d.log']],
  ['log/*.log', ['log/c.log']],
  ['**/cache/**', ['cache/3', 'p/cache/1', 'p/q/cache/2']],
  ['*/cache', ['p/cache/1']],
  ['a+b', ['a+b']],
  ['a.b', ['a.b']],
  ['a?b', ['a+b', 'a.b', 'aab', 'axb']],
  ['a[!.+]b', ['aab', 'axb']],
  ['a[x.]b', ['a.b', 'axb']],
  ['[[]x]', ['[x]']],
  ['[!b]/x', []],
  ['tmp[!a]x', []],
  ['[w-y]', ['x', 'y']],
  ['p/**/cache', ['p/cache/1', 'p/q/cache/2']],
  ['{x}', ['{x}']],
  ['(y)', ['(y)']],
  ['^', ['^']],
  ['$', ['$']],
  ['ba\\ck', ['ba\\ck']],
  ['z|w', ['z|w']],
  ['[~]', ['~']],
  ['[&b]', ['&']],
  ['[!!-~]', []],
  ['[!-+]', ['$', '&', ',', ':', '^', 'a', 'p/cache/1', 'p/q/cache/2', 'x', 'y', '~']],
  ['[!-a]', ['$', '&', '+', ',', ':', '^', 'p/cache/1', 'p/q/cache/2', 'x', 'y', '~']],
  ['[!a-]', ['$', '&', '+', ',', ':', '^', 'p/cache/1', 'p/q/cache/2', 'x', 'y', '~']],
  ['[-a]', ['-', 'a']],
  ['[a-]', ['-', 'a']],
  ['[--a]', ['-', 'a']],
  ['[+--]', ['+', ',', '-']],
  ['[x-y-a]', ['-', 'a', 'x', 'y']],
  ['[-]', ['-']],
  ['[!-]x', []],
  ['[^]', ['^']],
  ['[^a]', ['^', 'a']],
  ['[^-]', ['-', '^']],
  ['[^-a]', ['^', 'a']],
  ['[!^-~]', ['$', '&', '+', ',', '-', ':']],
  ['[[:a]', [':', 'a']],
  ['ba[\\]ck', ['ba\\ck']],
  ['', []],
];

describe('a glob', () => {
  it.each(cases)('%s matches paths and what is below them', (glob, expected) => {
    const matches = pathMatcher([glob]);
    expect(files.filter(matches).sort()).toEqual(expected.toSorted());
  });

  it('is not held up by what a server lists', () => {
    expect(pathMatcher(['**/a/**/a/**/a/**/a/**/b'])('a/'.repeat(100_000))).toBe(false);
    expect(pathMatcher(['*a*a*a*a*a*a*b'])('a'.repeat(100_000))).toBe(false);
  });
});

test.each([
  ['db/migrate/**', 'db/migrate/1.rb', true],
  ['db/migrate/**', 'db/migrate', false],
  ['db/migrate', 'db/migrate/1.rb', true],
  ['db/migrate', 'db/migrated', false],
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
  ['\u{1f600}?', '\u{1f600}\u{1f680}', true],
])('%s and %s: %s', (glob, path, expected) => {
  expect(pathMatcher([glob])(path)).toBe(expected);
});

test('a glob without signs matches itself alone', () => {
  const plain = fc.string({ unit: fc.constantFrom('a', '.', '(', '$', '\\', '^', '+', '\n', '{', ']') });
  fc.assert(fc.property(plain, plain, (glob, path) => void expect(pathMatcher([glob])(path)).toBe(glob === path)));
});

test('what a server lists cannot hold the runner, whatever the glob', () => {
  expect(pathMatcher(['**/a/**/a/**/a/**/a/**/b'])('a/'.repeat(100_000))).toBe(false);
  expect(pathMatcher(['*a*a*a*a*a*a*b'])('a'.repeat(100_000))).toBe(false);
});

test.each(['[~]', '[&b]', '[!-+]', '[!-a]', '[-a]', '[a-]', '[--a]', '[+--]', '[a-c-e]', '[\u{1f600}-\u{1f680}]'])(
  '%s has sound classes',
  (glob) => {
    expect(hasSoundClasses(glob)).toBe(true);
  },
);

test.each(['[z-a]', '[!z-a]', 'log/[ab-a]', '[a-c!-+z-y]', '[\u{1f680}-\uffee]'])(
  '%s has a range that falls',
  (glob) => {
    expect(hasSoundClasses(glob)).toBe(false);
  },
);

test('no glob is too odd to be matched', () => {
  const odd = fc.string({ unit: fc.constantFrom('[', ']', '!', '^', '-', '&', '~', '\\', '/', '*', 'a', '\u{1f600}') });
  fc.assert(fc.property(odd, odd, (glob, path) => void pathMatcher([glob])(path)));
});

const finds: readonly (readonly [string, ...string[]])[] = [['find'], ['busybox', 'find']];
suite('a glob for find', lacking('busybox'), () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'globs-'));
    for (const file of files) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  describe.each(finds)('%s %s', (program, ...words) => {
    it.each(cases)('means the same: %s', (glob, expected) => {
      const found = execFileSync(
        program,
        [...words, '.', '-type', 'f', ...findPatterns([glob]).flatMap((pattern) => ['-regex', pattern])],
        {
          cwd: folder,
          encoding: 'utf8',
          env: { PATH: process.env['PATH'], LC_ALL: 'C' },
        },
      );
      const listed = found.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(2)]));
      expect(listed.sort()).toEqual(expected.toSorted());
    });
  });
});
