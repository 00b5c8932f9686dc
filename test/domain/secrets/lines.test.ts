import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { parseLines, renderLine } from '../../../src/domain/secrets/lines.ts';
import type { SecretRequest } from '../../../src/domain/secrets/request.ts';
import { anyReference, reference } from '../../rig/references.ts';

const plain = { maxAge: undefined, onStale: 'warn', mask: 'masked', fallback: undefined } as const;
const single = (name: string) => ({ kind: 'single', name }) as const;

function problemsOf(text: string): readonly string[] {
  try {
    parseLines(text, ['main', 'aws', 'file']);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.code).toBe('REFERENCE_INVALID');
    return (error.problems.length === 0 ? [error] : error.problems).map(({ message }) => message);
  }
}

const first = (text: string): SecretRequest | undefined => parseLines(text, ['main', 'aws', 'file'])[0];

describe('lines of secrets', () => {
  test('are read with comments, empty lines, quotes and every kind of line end', () => {
    const text = [
      '# what the application needs',
      '',
      'DATABASE_URL = main://kv/app/production#url   # its own user',
      'DB_*=main://database/creds/app\r',
      '  SPACED = "main://kv/my app#a b"',
      "SINGLE = 'main://kv/it\"s'",
      'ESCAPED = "main://kv/say \\"x\\"\\\\"',
    ].join('\n');
    expect(parseLines(text, ['main'])).toEqual([
      { ...plain, names: single('DATABASE_URL'), from: reference('main', 'kv/app/production', { key: 'url' }) },
      { ...plain, names: { kind: 'prefixed', prefix: 'DB_' }, from: reference('main', 'database/creds/app') },
      { ...plain, names: single('SPACED'), from: reference('main', 'kv/my app', { key: 'a b' }) },
      { ...plain, names: single('SINGLE'), from: reference('main', 'kv/it"s') },
      { ...plain, names: single('ESCAPED'), from: reference('main', 'kv/say "x"\\') },
    ]);
  });

  test('take the keys of `secrets.NAME` as options', () => {
    expect(
      first(
        'KEY = aws://prod/k#key max_age=90d on_stale=fail mask=false fallback="file://a b" fallback_when=unreachable allow_fallback=true',
      ),
    ).toEqual({
      names: single('KEY'),
      from: reference('aws', 'prod/k', { key: 'key' }),
      maxAge: 90 * 86_400_000,
      onStale: 'fail',
      mask: 'shown',
      fallback: { from: reference('file', 'a b'), when: 'unreachable', gated: 'allowed' },
    });
  });

  test.each([
    ['version=7', { version: '7' }],
    ['stage=AWSPENDING', { stage: 'AWSPENDING' }],
  ])('take %s as an option, too', (option, pin) => {
    expect(first(`KEY = aws://k ${option}`)?.from).toEqual(reference('aws', 'k', pin));
  });

  test.each([
    ['KEY', 'secrets:1:1: a line is written'],
    ['kv/data/app key | KEY ;', 'secrets:1:1: a line is written'],
    ['KEY =', 'secrets:1:6: the reference is missing'],
    ['KEY = # nothing', 'secrets:1:6: the reference is missing'],
    ['  1KEY = main://x', 'secrets:1:3: a name is'],
    ['K-Y = main://x', 'secrets:1:1: a name is'],
    ['K*Y = main://x', 'secrets:1:1: a name is'],
    ['KEY = kv/app', 'secrets:1:7: a reference is written'],
    ['KEY = main://kv#/~', 'secrets:1:18: in a JSON pointer'],
    ['KEY = "main://kv#/\\"~"', 'secrets:1:21: in a JSON pointer'],
    ['KEY = "main://kv', 'secrets:1:7: the quote is not closed'],
    ['KEY = "main://kv"x', 'secrets:1:18: behind a closing quote'],
    ['KEY = main://my app', 'secrets:1:17: behind the reference stand options'],
    ['KEY = main://x #comment', 'secrets:1:16: a comment has a space'],
    ['KEY = mian://x', 'secrets:1:7: there is no store `mian`; did you mean `main`?'],
    ['KEY = main://x maxage=1d', 'secrets:1:16: there is no option `maxage`; did you mean `max_age`?'],
    ['KEY = main://x max_age=soon', 'secrets:1:16: `max_age` is a duration'],
    ['KEY = main://x max_age=0d', 'secrets:1:16: `max_age` is a duration'],
    ['KEY = main://x on_stale=stop', 'secrets:1:16: `on_stale` is'],
    ['KEY = main://x mask=no', 'secrets:1:16: `mask` is'],
    ['KEY = main://x mask=true mask=true', 'secrets:1:26: `mask` is given twice'],
    ['KEY = main://x fallback_when=unreachable', 'secrets:1:16: `fallback_when` needs'],
    ['KEY = main://x fallback=file', 'secrets:1:25: a reference is written'],
    ['KEY = main://x fallback=other://x', 'secrets:1:7: there is no store `other`'],
    ['KEY = main://x version=1 stage=x', 'secrets:1:26: `version` and `stage`'],
    ['KEY = main://x?version=1 version=2', 'secrets:1:7: the reference names a version'],
    ['KEY = main://x/**', 'secrets:1:1: `/**` gives many'],
    ['K_* = main://x/** version=2', 'secrets:1:7: the secrets below'],
    ['A = main://x\nA = main://y', 'secrets:2:1: `A` stands in line 1 already'],
  ])('%j is refused with line and column', (text, start) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(start)]);
  });

  test('tell everything that is wrong at once', () => {
    expect(problemsOf('A = x\nB = main://y mask=no on_stale=maybe\n\nC')).toEqual([
      expect.stringContaining('secrets:1:5:'),
      expect.stringContaining('secrets:2:14:'),
      expect.stringContaining('secrets:2:22:'),
      expect.stringContaining('secrets:4:1:'),
    ]);
  });

  test('that hold a secret by mistake do not repeat it', () => {
    const wrong = [
      'KEY = hunter2-hunter2',
      'KEY = "hunter2-hunter2',
      'KEY = main://x hunter2-hunter2',
      'hunter2-hunter2',
    ];
    for (const text of wrong) expect(problemsOf(text).join()).not.toContain('hunter2');
  });

  test('read back as they were', () => {
    const request: fc.Arbitrary<SecretRequest> = fc.record({
      names: fc.constant({ kind: 'prefixed', prefix: 'A_' } as const),
      from: anyReference(),
      maxAge: fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: undefined }),
      onStale: fc.constantFrom('warn', 'fail'),
      mask: fc.constantFrom('masked', 'shown'),
      fallback: fc.option(
        fc.record({
          from: anyReference(),
          when: fc.constantFrom('unavailable', 'unreachable'),
          gated: fc.constantFrom('allowed', 'refused'),
        }),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(request, (given) => {
        const stores = [given.from.store, ...(given.fallback === undefined ? [] : [given.fallback.from.store])];
        expect(parseLines(renderLine(given), stores)).toEqual([given]);
      }),
      { numRuns: 1000 },
    );
  });

  test('are read or refused, whatever they hold', () => {
    const pieces = fc.constantFrom(
      'A',
      ' ',
      '=',
      '://',
      '"',
      "'",
      '\\',
      '#',
      '?',
      'version=',
      '\u00a0',
      'main',
      '*',
      '/',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (text) => {
        problemsOf(text.join(''));
      }),
      { numRuns: 2000 },
    );
  });
});
