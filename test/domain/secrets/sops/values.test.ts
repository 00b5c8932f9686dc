import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnvelope } from '../../../../src/domain/secrets/sops/envelope.ts';
import { goPattern } from '../../../../src/domain/secrets/sops/go-pattern.ts';
import { decimal } from '../../../../src/domain/secrets/sops/numbers.ts';
import { decryptedValue, plainValue, textOf } from '../../../../src/domain/secrets/sops/values.ts';

const utf8 = new TextEncoder();
const plain = (text: string) => {
  const value = plainValue({ kind: 'scalar', text, style: 'plain', line: 1 });
  return `${value.type} ${new TextDecoder().decode(value.bytes)}`;
};

describe('a float', () => {
  it('is written without an exponent, and reads back equal', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = decimal(value);
        expect(text).toMatch(/^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/);
        expect(Object.is(Number(text), value)).toBe(true);
      }),
    );
  });

  it.each([
    [1e21, '1000000000000000000000'],
    [1.5e-9, '0.0000000015'],
    [123456.789, '123456.789'],
    [-0, '-0'],
    [Number.POSITIVE_INFINITY, '+Inf'],
  ])('as Go writes %d', (value, text) => expect(decimal(value)).toBe(text));
});

describe('a plain scalar', () => {
  it.each([
    ['0o17', 'int 15'],
    ['017', 'int 15'],
    ['0x1F', 'int 31'],
    ['1_000', 'int 1000'],
    ['-0', 'int 0'],
    ['9223372036854775807', 'int 9223372036854775807'],
    ['9223372036854775808', 'float 9223372036854776000'],
    ['08', 'float 8'],
    ['1.50', 'float 1.5'],
    ['.5', 'float 0.5'],
    ['1e400', 'str 1e400'],
    ['1.2.3', 'str 1.2.3'],
    ['yes', 'str yes'],
    ['TRUE', 'bool True'],
    ['~', 'null '],
    ['', 'null '],
    ['2001-1-2', 'time 2001-01-02T00:00:00Z'],
    ['2001-12-14t21:59:43.10-05:00', 'time 2001-12-14T21:59:43.1-05:00'],
    ['2001-12-14 21:59:43', 'time 2001-12-14T21:59:43Z'],
    ['2001-02-30', 'str 2001-02-30'],
    ['2001-12-14 21:59:43 -5', 'str 2001-12-14 21:59:43 -5'],
  ])('%s is %s', (text, value) => expect(plain(text)).toBe(value));

  it('in quotes is text', () => {
    expect(plainValue({ kind: 'scalar', text: '017', style: 'text', line: 1 })).toEqual({
      type: 'str',
      bytes: utf8.encode('017'),
    });
  });
});

describe('a decrypted value', () => {
  it.each([
    ['int', '-5', '-5'],
    ['int', '5.1', undefined],
    ['float', '1.50', '1.5'],
    ['bool', 'True', 'true'],
    ['bool', 'yes', undefined],
    ['time', '2001-12-14T00:00:00Z', '2001-12-14T00:00:00Z'],
    ['time', 'now', undefined],
    ['other', 'x', undefined],
  ])('of the type %s may be %s', (type, text, shown) => {
    const value = decryptedValue(type, utf8.encode(text));
    expect(value === undefined ? undefined : textOf(value)).toBe(shown);
  });

  it('is no text where its bytes are none', () => {
    expect(textOf({ type: 'str', bytes: Uint8Array.of(0xff) })).toBeUndefined();
  });
});

describe('an envelope', () => {
  it('has its four parts and nothing behind them', () => {
    const text = 'ENC[AES256_GCM,data:YQ==,iv:Yg==,tag:Yw==,type:str]';
    expect(parseEnvelope(text)).toEqual({ data: 'YQ==', iv: 'Yg==', tag: 'Yw==', type: 'str' });
    for (const wrong of [`${text} `, text.replace('GCM', 'CBC'), text.replace('YQ==', ''), text.replace('Yg', '_')])
      expect(parseEnvelope(wrong)).toBeUndefined();
  });
});

describe('a pattern of Go', () => {
  it.each([
    ['^(data|stringData)$', 'data', true],
    ['^(data|stringData)$', 'metadata', false],
    ['(?i)^PASS', 'password', true],
    [String.raw`\Aa\.b\z`, 'a.b', true],
    [String.raw`^[\s]\s$`, '\u00a0 ', false],
    ['[[a]', '[', true],
    [String.raw`^[^\]]$`, ']', false],
    ['(?P<n>a)b', 'ab', true],
    ['(?:a|(?i:b))c', 'Bc', true],
  ])('%s on %j', (source, text, fits) => expect(goPattern(source)?.test(text)).toBe(fits));

  it.each([
    '(',
    '(?=a)',
    '(?<!a)',
    'a(?i)b',
    '[[:alpha:]]',
    '[]a]',
    String.raw`\pL`,
    String.raw`(a)\1`,
    String.raw`\Qa`,
    '(?U)a',
    'a**',
    String.raw`\x{41}`,
  ])('that means nothing or something else here is none: %s', (source) => expect(goPattern(source)).toBeUndefined());
});
