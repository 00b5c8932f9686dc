import { expect, it } from 'vitest';
import { duration } from '../../../src/domain/text/duration.ts';

it.each([
  [-5, '0 ms'],
  [999.4, '999 ms'],
  [1000, '1.0 s'],
  [59_949, '59.9 s'],
  [59_950, '1m00s'],
  [130_000, '2m10s'],
  [3_599_600, '1h00m'],
  [7_265_000, '2h01m'],
])('%d milliseconds are %s', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});
