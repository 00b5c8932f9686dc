import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, parseShare, parseSize } from '../../../src/domain/text/measures.ts';

describe('durations', () => {
  it.each([
    ['200ms', 200],
    ['3s', 3000],
    ['10m', 600_000],
    ['1h', 3_600_000],
    ['90d', 7_776_000_000],
    ['0s', 0],
  ])('reads %s as %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    '',
    '3',
    's',
    '3 s',
    '-3s',
    '1.5h',
    '03s',
    '3S',
    '3s ',
    '3s\n',
    '1e3s',
    '3w',
    '٣s',
    '3constructor',
    '999999999999d',
    '3__proto__',
  ])('does not take %j for one', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('reads back every count of every unit', () => {
    const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom(...Object.entries(units)), (count, [unit, milliseconds]) => {
        expect(parseDuration(`${count}${unit}`)).toBe(count * milliseconds);
      }),
    );
  });
});

describe('sizes', () => {
  it.each([
    ['500MB', 500_000_000],
    ['1GB', 1_000_000_000],
    ['4KB', 4000],
    ['2TB', 2_000_000_000_000],
  ])('reads %s as %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '500', '500mb', '500 MB', '1GiB', '1.5GB', '-1GB', '999999999999TB'])(
    'does not take %j for one',
    (text) => {
      expect(parseSize(text)).toBeUndefined();
    },
  );
});

describe('shares', () => {
  it('tells counts from percentages', () => {
    expect(parseShare('25%')).toEqual({ kind: 'percent', percent: 25 });
    expect(parseShare(3)).toEqual({ kind: 'count', count: 3 });
    expect(parseShare('3')).toEqual({ kind: 'count', count: 3 });
  });

  it.each(['', '101%', '-1', -1, 1.5, '25 %', '%', Number.NaN, Number.POSITIVE_INFINITY, '0x10'])(
    'does not take %j for one',
    (value) => {
      expect(parseShare(value)).toBeUndefined();
    },
  );
});
