import { expect, it } from 'vitest';
import { suite } from '../../rig/part.ts';
import { ageKey, decrypted, encrypted, type Format, missingSops, type Rule } from '../../rig/stores/sops.ts';
import { valuesOf } from './reading.ts';
import { storeOf } from './sops-opening.ts';

const yaml = `# about the file
db:
  user: app   # inline
  password: "p@ss: 'w' é\\U0001F600"
  list: # about the list
    - one
    # in the list
    - 2
    - {a: true, b: null}
    - [1.5, 2.0]
big: 9223372036854775807
negative: -12
floats: [1.50, 1e21, 1e-7, 123456789.123, 12345678901234567890.5]
words: [yes, off, "true", ~, ""]
dates: [2001-12-14, 2001-12-14 21:59:43.10, 2001-12-14t21:59:43.123456789-05:00, 0021-1-1]
whole: [0o17, 017, 0x1F, 0b11, 1_000, +1, 08, 1.]
block: |
  line1
   indented

folded: >-
  a
  b
open_unencrypted:
  whole: [12, -0, 0o17]
  floats: [1.5e3, 1e+21, 0.1, 2.50]
  dates: [2001-12-14, 2001-12-14T21:59:43.123456789-05:00]
  words: [true, "true", "on", ~, a, 'x: y', "\\x07 é\\u2028"]
  block: |
    line1
     indented

    line3
  long: "${'word '.repeat(60)}"
  multi: plain text
    on lines
"with: colon": {"and.dot": 1}
`;
const json = JSON.stringify({
  z: 1,
  '10': { b: [true, null, 'é😀/\u2028'], a: -1.5e-9 },
  big: 12345678901234567890n < 0n,
  plain_unencrypted: [1e21, 0.1, -0, 'x'],
});
const dotenv = '# a comment\nA=1\nB=a=b\nC=line\\nline\nD=\nE_unencrypted=x y\n';

const rules: readonly (readonly [string, Rule])[] = [
  ['everything but *_unencrypted', {}],
  ['unencrypted_suffix', { unencrypted_suffix: 's' }],
  ['encrypted_suffix', { encrypted_suffix: 'word' }],
  ['encrypted_regex', { encrypted_regex: '^(db|open|dates)' }],
  ['unencrypted_regex', { unencrypted_regex: String.raw`(?i)^(DB|f\w+)$` }],
  ['encrypted_comment_regex', { encrypted_comment_regex: 'in' }],
  ['unencrypted_comment_regex', { unencrypted_comment_regex: '^ (?:in|about)' }],
];

suite('files that sops itself made', missingSops(), () => {
  const key = missingSops() === undefined ? ageKey() : { identity: '', recipient: '' };
  const paths: Readonly<Record<Format, string>> = { yaml: 'a.yaml', json: 'a.json', dotenv: 'a.env', binary: 'a.key' };

  /** Every top-level value, read by us; what is JSON as its value. */
  const read = async (text: string, format: Format, names: readonly string[], identity = key.identity) => {
    const values = await valuesOf(storeOf({ path: paths[format], text, identity }), ...names);
    return Object.fromEntries(names.map((name, index) => [name, values[index]]));
  };
  /** The same of what sops reads. */
  const expected = (text: string, format: Format) => {
    const value = decrypted(text, format, key.identity) as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, isMap(one) ? eachText(one) : asText(one)]),
    );
  };

  it.each(
    rules.flatMap(([name, rule]) => [
      [name, rule] as const,
      [`${name}, MAC only over these`, { ...rule, mac_only_encrypted: true }] as const,
    ]),
  )('mean in YAML what sops reads: %s', async (_, rule) => {
    const text = encrypted(yaml, { format: 'yaml', recipients: [key.recipient], rule });
    const wanted = expected(text, 'yaml');
    expect(normal(await read(text, 'yaml', Object.keys(wanted)))).toEqual(normal(wanted));
  });

  it.each([
    ['json', json],
    ['dotenv', dotenv],
    ['binary', '\u0000no text at all\n'],
  ] as const)('mean in %s what sops reads', async (format, input) => {
    const text = encrypted(input, { format, recipients: [key.recipient], rule: { mac_only_encrypted: false } });
    const wanted = format === 'binary' ? { data: input } : expected(text, format);
    expect(normal(await read(text, format, Object.keys(wanted)))).toEqual(normal(wanted));
  });

  it('keep all digits of a number', async () => {
    const text = encrypted('a: 9223372036854775807\nb_unencrypted: -9223372036854775808\n', {
      format: 'yaml',
      recipients: [key.recipient],
    });
    expect(await read(text, 'yaml', ['a', 'b_unencrypted'])).toEqual({
      a: '9223372036854775807',
      b_unencrypted: '-9223372036854775808',
    });
  });

  it('may hold several documents under one MAC', async () => {
    const text = encrypted('a: 1\nx: {y: z}\n---\nb: 2\nx: 3\n', { format: 'yaml', recipients: [key.recipient] });
    expect(await read(text, 'yaml', ['a', 'b', 'x/y', 'x'])).toEqual({
      a: '1',
      b: '2',
      'x/y': 'z',
      x: 'SECRET_MISSING file://x is in several documents of the file.',
    });
  });

  it('open with any of their recipients, classic and post-quantum', async () => {
    const [other, hybrid] = [ageKey(), ageKey('post-quantum')];
    const text = encrypted('a: 1\n', {
      format: 'yaml',
      recipients: [other.recipient, key.recipient, hybrid.recipient],
    });
    expect(await read(text, 'yaml', ['a'])).toEqual({ a: '1' });
    expect(await read(text, 'yaml', ['a'], hybrid.identity)).toEqual({ a: '1' });
  });

  it('are refused with several key groups, which sops opens', async () => {
    const groups = [{ age: [key.recipient] }, { age: [ageKey().recipient] }];
    const text = encrypted('a: 1\n', {
      format: 'yaml',
      recipients: [],
      rule: { key_groups: groups, shamir_threshold: 2 },
    });
    await expect(read(text, 'yaml', ['a'])).rejects.toThrow('has 2 key groups');
  });
});

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function eachText(map: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, asText(value)]));
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Numbers are written in several ways: what is JSON is compared by its value. */
function normal(value: unknown): unknown {
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, normal(inner)]));
  try {
    return JSON.parse(String(value));
  } catch {
    return value;
  }
}
