import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote, render } from '../../../src/domain/remote/shell.ts';
import { lacking, suite } from '../../rig/part.ts';
import { runs } from '../../rig/runs.ts';

const nasty = fc.constantFrom(
  "'",
  '"',
  '\\',
  '$',
  '`',
  '\n',
  ' ',
  '*',
  '~',
  '!',
  '-',
  '=',
  '#',
  ';',
  '&',
  '\t',
  '\r',
  '\x1e',
  'é',
  '💥',
  'a',
  '$(id)',
  "'\\''",
);
const word = fc.oneof(
  fc.array(nasty, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
);

for (const [shell, words] of [
  ['dash', ['dash']],
  ['busybox', ['busybox', 'sh']],
  ['bash', ['bash', '--posix']],
] as const) {
  suite(`quoting for ${shell}`, lacking(shell), () => {
    it('gives back any words unchanged', () => {
      fc.assert(
        fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (given) => {
          const [program, ...options] = words;
          const said = execFileSync(program, [...options, '-c', `printf '%s\\0' ${render(given)}`], {
            encoding: 'utf8',
          });
          expect(said.split('\0').slice(0, -1)).toEqual(given);
        }),
        { numRuns: runs(100) },
      );
    });
  });
}

describe('quoting', () => {
  it('leaves plain words readable', () => {
    expect(render(['ln', '-s', '/srv/shop/releases/20261121193711', "it's"])).toBe(
      "ln -s /srv/shop/releases/20261121193711 'it'\\''s'",
    );
  });

  it('refuses a NUL, which no argument can hold', () => {
    expect(() => quote('a\0b')).toThrow(RangeError);
  });

  it('quotes the empty word', () => {
    expect(quote('')).toBe("''");
  });
});
