import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redaction } from '../../../src/domain/secrets/redactor.ts';
import { hide } from '../../rig/runner-masker.ts';

const letters = (most: number) =>
  fc.array(fc.constantFrom('a', 'b', 'c', '\n'), { maxLength: most }).map((all) => all.join(''));

describe('the redactor', () => {
  test('hides what the runner would, wherever the pieces of a text end', () => {
    const masks = fc.array(
      letters(9).filter((mask) => mask.length > 0),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(masks, fc.array(letters(12), { maxLength: 12 }), (all, pieces) => {
        const redactor = redaction(all).stream();
        const shown = pieces.map((piece) => redactor.feed(piece)).join('') + redactor.end();
        expect(shown).toBe(hide(pieces.join(''), all));
        expect(redaction(all).redact(pieces.join(''))).toBe(shown);
      }),
      { numRuns: 3000 },
    );
  });

  test('never shows a character of a mask that is still coming', () => {
    const token = `ghs_${'A1.b-'.repeat(200)}`;
    const redactor = redaction([token]).stream();
    const shown = [...`x${token}y`].map((character) => redactor.feed(character)).join('');
    expect(shown + redactor.end()).toBe('x***y');
  });

  test('shows at once what begins no mask', () => {
    const redactor = redaction(['secret-token']).stream();
    expect(redactor.feed('all is well\n')).toBe('all is well\n');
    expect(redactor.feed('not a sec')).toBe('not a ');
    expect(redactor.feed('ond\n')).toBe('second\n');
    expect(redactor.end()).toBe('');
  });

  test('begins anew after an end', () => {
    const redactor = redaction(['abcd']).stream();
    expect(redactor.feed('xabcd') + redactor.end()).toBe('x***');
    expect(redactor.feed('abcdx') + redactor.end()).toBe('***x');
  });

  test('without masks shows everything', () => {
    const redactor = redaction([]).stream();
    expect(redactor.feed('a') + redactor.feed('b') + redactor.end()).toBe('ab');
  });

  test('holds no more than the longest mask, however often it comes', () => {
    const redactor = redaction(['abab']).stream();
    const shown = redactor.feed('ab'.repeat(100_000));
    expect(shown).toBe('***');
    expect(redactor.feed('x')).toBe('x');
  });

  test('reads a million characters with a thousand masks within the time of a test', () => {
    const masks = Array.from({ length: 1000 }, (_, index) => `mask-${index}-${'x'.repeat(40)}`);
    const text = `${'all is well in line '.repeat(50)}${masks[7]}\n`.repeat(1000);
    expect(redaction(masks).redact(text).split('***')).toHaveLength(1001);
  });
});
