import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { breakCommands, markdown, plain } from '../../../src/domain/text/escape.ts';
import { runs } from '../../rig/runs.ts';

const nasty = [
  '::',
  ':',
  '##[',
  '#',
  '##',
  '[',
  ']',
  '\x1b',
  '\x1b[',
  '\x1b[31m',
  '\x1b]8;;http://x\x07',
  '\x1b]',
  '\x9b',
  '\x07',
  '\r',
  '\n',
  '\t',
  ' ',
  '\u00a0',
  '\u200b',
  '\u202e',
  '\u2028',
  '\ufeff',
  '\x00',
  '\x85',
  '@',
  'octocat',
  ':smile:',
  '12',
  'GH-',
  'https://',
  'www.',
  '|',
  '`',
  '<b>',
  '</',
  '&lt;',
  '&',
  '"',
  "'",
  '*',
  '_',
  '!',
  '(',
  ')',
  '~',
  '\\',
  '$',
  'add-mask',
  '\ud83d',
  '\ude00',
  'a',
  '-',
  '=',
  '+',
];
const outside = fc.oneof(
  fc.array(fc.constantFrom(...nasty), { maxLength: 24 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** As the runner reads a line: V1 anywhere, V2 after leading white space (actions/runner, ActionCommand.cs). */
function holdsCommand(line: string): boolean {
  return line.includes('##[') || line.trimStart().startsWith('::');
}

function decode(html: string): string {
  return html.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

describe('plain', () => {
  test.each([
    ['\x1b[1;31mred\x1b[0m', 'red'],
    ['\x1b]8;;http://evil\x07text\x1b]8;;\x07', 'text'],
    ['\x1b]0;title\x1b\\after', 'after'],
    ['\x1b]never ended', 'never ended'],
    ['one\r\ntwo\nthree\rfour', 'one two three four'],
    ['tab\tstays', 'tab\tstays'],
    ['bell\x07 null\x00', 'bell null'],
    ['::set-output name=x::y', ': :set-output name=x::y'],
    ['  \u00a0::add-mask::x', '  \u00a0: :add-mask::x'],
    ['\x1b[0m::error::x', ': :error::x'],
    ['a ##[add-mask]x', 'a ## [add-mask]x'],
    ['#\x1b[0m#[group]', '## [group]'],
    ['####[x', '#### [x'],
    ['time 12::30', 'time 12::30'],
    ['abc\u202egnp.exe', 'abcgnp.exe'],
    ['\ud800x', '\ufffdx'],
    ['größe ✓ 😀', 'größe ✓ 😀'],
  ])('shows %j as %j', (text, shown) => {
    expect(plain(text)).toBe(shown);
  });

  test('cuts long text and no character in two', () => {
    expect(plain('abcdef', 3)).toBe('abc…');
    expect(plain('ab😀', 3)).toBe('ab…');
  });

  test('lets no workflow command, escape or line break through', () => {
    fc.assert(
      fc.property(outside, (text) => {
        const shown = plain(text);
        expect(holdsCommand(shown)).toBe(false);
        expect(shown).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]/);
        expect(shown.isWellFormed()).toBe(true);
      }),
      { numRuns: runs(2000) },
    );
  });

  test('is stable: safe text stays as it is', () => {
    fc.assert(
      fc.property(outside, (text) => {
        expect(plain(plain(text))).toBe(plain(text));
      }),
    );
  });
});

test('commands are broken in every line of a text', () => {
  expect(breakCommands('a\n::error::x\n  ::y\nb ##[z]').split('\n').some(holdsCommand)).toBe(false);
});

describe('markdown', () => {
  test.each([
    ['a | b', 'a &#124; b'],
    ['<img src=x>', '&#60;img src=x&#62;'],
    ['&lt;', '&#38;lt;'],
    ['**bold** _it_', '&#42;&#42;bold&#42;&#42; &#95;it&#95;'],
    ['two\nlines', 'two lines'],
    ['@octocat', '@\u200boctocat'],
    [':tada:', ':\u200btada:'],
    ['fixes #12', 'fixes &#35;\u200b12'],
    ['see https://evil.example', 'see https:\u200b//evil.example'],
    ['www.evil.example', 'www\u200b.evil.example'],
    ['GH-7', 'GH-\u200b7'],
    ['- item', '&#45; item'],
    ['1. item', '1&#46; item'],
    ['web1.example.com:22', 'web1.example.com:22'],
  ])('writes %j as %j', (text, written) => {
    expect(markdown(text)).toBe(written);
  });

  test('lets no markup through, and nothing that GitHub links after decoding', () => {
    fc.assert(
      fc.property(outside, (text) => {
        const written = markdown(text);
        expect(written).not.toMatch(/[<>"'`|*_[\]()!~\\\n\r]|&(?!#\d+;)|(?<!&)#/);
        expect(decode(written)).not.toMatch(/@[A-Za-z0-9]|:[\w+-]+:|#\d|https?:\/\/|www\./i);
      }),
      { numRuns: runs(2000) },
    );
  });
});
