import { describe, expect, test } from 'vitest';
import type { StoreContent, StoreEntry } from '../../../src/domain/secrets/entry.ts';
import { parseReference } from '../../../src/domain/secrets/reference.ts';
import { parseNames } from '../../../src/domain/secrets/request.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import { select } from '../../../src/domain/secrets/select.ts';

const text = (value: string): StoreContent => ({ kind: 'text', text: new Secret('x', value) });
const fields = (values: Readonly<Record<string, string>>): StoreContent => ({
  kind: 'fields',
  fields: new Map(Object.entries(values).map(([name, value]) => [name, new Secret(name, value)])),
});

function entry(content: StoreContent, path = ''): StoreEntry {
  const rotation = { state: 'none', next: undefined } as const;
  const dates = { created: undefined, expires: undefined, notBefore: undefined };
  return { path, content, version: undefined, ...dates, rotation, lease: undefined };
}

/** `NAME=value` of everything that is selected. */
function selected(name: string, reference: string, ...entries: readonly StoreEntry[]): readonly string[] {
  const names = parseNames(name);
  const parsed = parseReference(reference);
  if (names === undefined || parsed.kind === 'fault') throw new Error('the test is wrong');
  return select(names, parsed.reference, entries).map((secret) => `${secret.name}=${secret.value.reveal()}`);
}

const json =
  '{"db":{"pass.word":"p1","port":5432,"on":true,"none":null,"id":12345678901234567890},"list":["a","b"],"a/b":"s"}';

describe('selecting a secret', () => {
  test.each([
    ['a text as a whole', 'main://x', text('v'), 'v'],
    ['a text of JSON as a whole', 'main://x', text(json), json],
    ['a field', 'main://x#user', fields({ user: 'u', pass: 'p' }), 'u'],
    ['a field with dots, digits and hyphens', 'main://x#0a-b.c', fields({ '0a-b.c': 'v' }), 'v'],
    ['a field by pointer', 'main://x#/user', fields({ user: 'u' }), 'u'],
    ['a key of a text of JSON', 'main://x#a/b', text(json), 's'],
    ['a key with its own dot by pointer', 'main://x#/db/pass.word', text(json), 'p1'],
    ['an escaped pointer', 'main://x#/a~1b', text(json), 's'],
    ['an item of a list', 'main://x#/list/1', text(json), 'b'],
    ['JSON within a field', 'main://x#/blob/db/port', fields({ blob: json }), '5432'],
    ['a truth value', 'main://x#/db/on', text(json), 'true'],
    ['a number with every digit', 'main://x#/db/id', text(json), '12345678901234567890'],
    ['a list as its JSON', 'main://x#list', text(json), '["a","b"]'],
    ['an object with every digit', 'main://x#o', text('{"o":{"id":1.50}}'), '{"id":1.50}'],
    ['a key named like a built-in', 'main://x#__proto__', text('{"__proto__":"v"}'), 'v'],
  ])('takes %s', (_what, reference, content, value) => {
    expect(selected('NAME', reference, entry(content))).toEqual([`NAME=${value}`]);
  });

  test('takes each field under the prefix, in capitals', () => {
    const expected = ['DB_USERNAME=u', 'DB_PASS_WORD=p'];
    expect(selected('DB_*', 'main://x', entry(fields({ username: 'u', 'pass.word': 'p' })))).toEqual(expected);
    expect(selected('DB_*', 'main://x', entry(text('{"username":"u","pass.word":"p","none":null}')))).toEqual(expected);
    expect(selected('*', 'main://x#db', entry(text('{"db":{"a":1}}')))).toEqual(['A=1']);
  });

  test('takes every place below a path, and its fields', () => {
    expect(
      selected('APP_*', 'main://kv/**', entry(fields({ user: 'u' }), 'db/main'), entry(text('{"a":1}'), 'key')),
    ).toEqual(['APP_DB_MAIN_USER=u', 'APP_KEY={"a":1}']);
    expect(selected('APP_*', 'main://kv/**#user', entry(fields({ user: 'u', pass: 'p' }), 'db'))).toEqual(['APP_DB=u']);
  });

  test('gives nothing where nothing was read', () => {
    expect(selected('NAME', 'main://x#a', entry({ kind: 'not read' }))).toEqual([]);
  });

  test.each([
    [
      'a field',
      'main://x#usr',
      fields({ zone: '1', user: 'hunter2', pass: 'hunter2' }),
      'has no field "usr"; it has "user", "pass", "zone".',
    ],
    [
      'many fields',
      'main://x#q',
      fields(Object.fromEntries([...'abcdefg'].map((name) => [name, 'hunter2']))),
      '"a", "b", "c", "d", "e" and 2 more',
    ],
    ['any field', 'main://x#q', fields({}), 'it has none at all'],
    ['a key of JSON', 'main://x#/db/prt', text('{"db":{"port":"hunter2"}}'), 'has no field "prt"; it has "port"'],
    ['JSON', 'main://x#key', text('hunter2 {'), 'is no JSON'],
    ['an item', 'main://x#/l/2', text('{"l":["hunter2"]}'), 'has no item "2" in a list of 1'],
    ['an item of a list by another number', 'main://x#/l/00', text('{"l":["hunter2"]}'), 'has no item "00"'],
    ['fields of a text', 'main://x#/l/a', text('{"l":"hunter2"}'), 'has no fields where "a" is looked for'],
    ['anything but null', 'main://x#n', text('{"n":null}'), 'is null there'],
    ['the one field that is meant', 'main://x', fields({ a: 'hunter2' }), 'has several fields'],
  ])('says that %s is missing, in names and never in values', (_what, reference, content, sentence) => {
    const attempt = () => selected('NAME', reference, entry(content));
    expect(attempt).toThrow(sentence);
    expect(attempt).toThrow(expect.objectContaining({ code: 'SECRET_MISSING' }));
    expect(attempt).not.toThrow('hunter2');
  });

  test('says that a prefix needs fields', () => {
    expect(() => selected('A_*', 'main://x', entry(text('hunter2')))).toThrow('holds one value');
  });

  test('refuses two secrets of one name', () => {
    const attempt = () => selected('A_*', 'main://x', entry(fields({ 'a-b': '1', a_b: '2' })));
    expect(attempt).toThrow(expect.objectContaining({ code: 'SECRET_NAME_REFUSED' }));
    expect(attempt).toThrow('A_A_B');
  });

  test('refuses more than a hundred', () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`f${index}`, 'v']));
    expect(() => selected('A_*', 'main://x', entry(fields(many)))).toThrow('gives 101 secrets');
  });

  test('shows names of fields without what a terminal or the runner obeys', () => {
    const attempt = () => selected('NAME', 'main://x#q', entry(fields({ '\x1b[31m##[error]a': 'v' })));
    expect(attempt).toThrow('"## [error]a"');
  });
});
