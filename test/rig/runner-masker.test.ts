import { describe, expect, test } from 'vitest';
import { RunnerMasker } from './runner-masker.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The cases that GitHub publishes for its masker: HostContextL0 and ActionCommandManagerL0 of actions/runner 2.336. */
describe("the model of the runner's masker", () => {
  const masks = [
    'Password123!',
    'Pass"word"123!',
    'Pass word 123!',
    'Pass<word>123!',
    "Pass'word'123!",
    '"Password123!!"',
    '"short"',
  ];

  test.each([
    ['123Password123!123', '123***123'],
    ['password123', 'password123'],
    ['123Pass\\"word\\"123!123', '123***123'],
    ['123Pass%20word%20123%21123', '123***123'],
    ['123Pass&lt;word&gt;123!123', '123***123'],
    ["123Pass''word''123!123", '123***123'],
    [base64(':Password123!'), 'OlBh***'],
    [base64('a:Password123!'), 'YTpQ***'],
    [base64('ab:Password123!'), 'YWI6***'],
    [base64('abc:Password123!'), 'YWJjOlBh***'],
    [base64('abcd:Password123!'), 'YWJjZDpQ***'],
    [base64('abcde:Password123!'), 'YWJjZGU6***'],
    ['123Password123!!123', '123***123'],
    ['123short123', '123short123'],
    ['123"short"123', '123***123'],
  ])('shows %s as %s', (line, shown) => {
    const masker = new RunnerMasker();
    for (const mask of masks) masker.addValue(mask);
    expect(masker.mask(line)).toBe(shown);
  });

  test.each([
    ['secret&secret&secret', 'secret&secret&3[96msecret3[0m', '***3[96m***3[0m'],
    ['secret&secret+secret', 'secret&3[96msecret+secret3[0m', '***3[96m***3[0m'],
    ['secret+secret&secret', 'secret+secret&3[96msecret3[0m', '***3[96m***3[0m'],
    ['secret&secret&+secretsecret', 'secret&secret&+3[96ms3[0mecretsecret', '***3[96ms3[0m***'],
    ['secret&+secret&secret', 'secret&+3[96ms3[0mecret&secret', '***3[96ms3[0m***'],
    ['secret&+secret&+secret', 'secret&+3[96ms3[0mecret&+secret', '***3[96ms3[0m***'],
    ['secret&+secret&secret&+secret', 'secret&+3[96ms3[0mecret&secret&+secret', '***3[96ms3[0m***'],
    ['secret&secret&+', 'secret&secret&+3[96m3[0m', '***3[96m3[0m'],
  ])('finds the sections of %s that PowerShell prints', (mask, line, shown) => {
    const masker = new RunnerMasker();
    masker.addValue(mask);
    expect(masker.mask(line)).toBe(shown);
  });

  test.each([
    ['abc', '***'],
    ['def', '***'],
    ['ghi', '***'],
    ['jkl', '***'],
    ['abc\rdef\nghi\r\njkl', '***'],
    ['', ''],
    [' ', ' '],
    ['  ', '  '],
    ['   ', '   '],
    ['    ', '    '],
  ])('shows %j as %j after a mask of several lines and one of white space', (line, shown) => {
    const masker = new RunnerMasker();
    masker.log('::add-mask::abc%0Ddef%0Aghi%0D%0Ajkl');
    masker.log('::add-mask:: %0D  %0A   %0D%0A    %0D');
    expect(masker.mask(line)).toBe(shown);
  });

  test('merges finds that touch or overlap', () => {
    const masker = new RunnerMasker();
    for (const mask of ['abcd', 'cdef', 'ghij']) masker.addValue(mask);
    expect(masker.mask('-abcdefghij-abcd-')).toBe('-***-***-');
  });
});
