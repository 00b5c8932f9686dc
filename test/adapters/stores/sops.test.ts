import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { at, limits, refusalOf as refusalOfStore, valuesOf } from './reading.ts';
import { type SopsText, storeOf } from './sops-opening.ts';

const recorded = (name: string) => readFileSync(join(import.meta.dirname, 'recorded', 'sops', name), 'utf8');
const identity = recorded('identities.txt');
const yaml = recorded('values.enc.yaml');
const file = (text = yaml): SopsText => ({ text, identity });
const refusalOf = (text: SopsText) => refusalOfStore(storeOf(text));
const changed = (from: string | RegExp, to: string): SopsText => {
  const text = yaml.replace(from, to);
  if (text === yaml) throw new Error(`nothing fits ${from}`);
  return file(text);
};

describe('a file of SOPS', () => {
  it('gives values by the keys above them, text as it is', async () => {
    const store = storeOf(file());
    expect(await valuesOf(store, 'db/password', 'stripe_key', 'db/port', 'ratio', 'enabled', 'since', 'empty')).toEqual(
      ["p@ss: 'word' é😀", 'sk_test_1', '5432', '1.5', 'true', '2001-12-14T00:00:00Z', ''],
    );
  });

  it('gives a map as its fields, and a list as its JSON', async () => {
    expect(await valuesOf(storeOf(file()), 'db', 'db/replicas', 'db/replicas/1')).toEqual([
      { user: 'app', password: "p@ss: 'word' é😀", port: '5432', replicas: '["one","two"]' },
      '["one","two"]',
      'two',
    ]);
  });

  it('gives every value below a map to a locator that ends in /**', async () => {
    expect(await valuesOf(storeOf(file()), 'db/**')).toEqual([
      { user: 'app', password: "p@ss: 'word' é😀", port: '5432', 'replicas/0': 'one', 'replicas/1': 'two' },
    ]);
  });

  it('calls what is not there or null missing, by its place', async () => {
    expect(await valuesOf(storeOf(file()), 'db/nobody', 'nothing', 'db/replicas/2', 'sops/mac')).toEqual([
      'SECRET_MISSING file://db/nobody is not in the file.',
      'SECRET_MISSING file://nothing holds nothing.',
      'SECRET_MISSING file://db/replicas/2 is not in the file.',
      'SECRET_MISSING file://sops/mac is not in the file.',
    ]);
  });

  it('has the time of its last change as version and age', async () => {
    const [answer] = await storeOf(file()).read([at('stripe_key')], limits);
    expect(answer).toMatchObject({
      entries: [{ version: '2026-11-28T03:54:21Z', created: new Date('2026-11-28T03:54:21Z') }],
    });
  });

  it('has no other version and no stages', async () => {
    const pins = [
      at('stripe_key', { version: '2026-11-28T03:54:21Z' }),
      at('db', { version: '7' }),
      at('db', { stage: 'x' }),
    ];
    expect(await storeOf(file()).read(pins, limits)).toMatchObject([
      { entries: [{}] },
      { failure: { code: 'SECRET_MISSING' } },
      { failure: { code: 'REFERENCE_INVALID' } },
    ]);
  });

  it('is checked without giving a value', async () => {
    const answers = await storeOf(file()).check([at('db/password'), at('db/nobody')], limits);
    expect(answers).toMatchObject([
      { entries: [{ content: { kind: 'not read' } }] },
      { failure: { code: 'SECRET_MISSING' } },
    ]);
  });

  it('shows no value where its answers are printed', async () => {
    const answers = await storeOf(file()).read([at('db'), at('stripe_key')], limits);
    expect(inspect(answers, { depth: 9 }) + JSON.stringify(answers)).not.toMatch(/p@ss|sk_test/);
  });

  it.each([
    ['post-quantum.enc.json', 'db/password', 'p1'],
    ['post-quantum.enc.json', 'n', '12345678901234567'],
    ['secrets.env', 'DB_PASSWORD', 'p=1'],
    ['secrets.env', 'MULTI', 'a\nb'],
    ['licence.key', 'data', '-----LICENCE-----\nabc\n'],
  ])('may be %s: %s', async (path, locator, value) => {
    expect(await valuesOf(storeOf({ path, text: recorded(path), identity }), locator)).toEqual([value]);
  });
});

describe('a file that was changed without SOPS', () => {
  it.each([
    ['a plain value', /count_unencrypted: 12/, 'count_unencrypted: 13'],
    ['the order of two values', /(stripe_key: .*\n)(ratio: .*\n)/, '$2$1'],
    ['a value that is gone', /stripe_key: .*\n/, ''],
    ['an encrypted value emptied', /stripe_key: .*\n/, 'stripe_key: ""\n'],
    ['a plain value more', /count_unencrypted/, 'more_unencrypted: 1\ncount_unencrypted'],
    ['another date', /lastmodified: "2026/, 'lastmodified: "2027'],
    ['no MAC that decrypts', / mac: ENC\[AES256_GCM,data:./, ' mac: ENC[AES256_GCM,data:_'],
  ])('is refused: %s', async (_, from, to) => {
    expect(await refusalOf(changed(from, to))).toMatch(/^STORE_INVALID The MAC of `secrets.enc.yaml` does not fit/);
  });

  it.each([
    ['a value moved to another key', /stripe_key: /, 'stripe_secret: ', 'line 9: stripe_secret does not decrypt'],
    [
      'a value in place of an encrypted one',
      /stripe_key: .*/,
      'stripe_key: mine',
      'line 9: stripe_key is not encrypted',
    ],
    ['a number in place of an encrypted one', /stripe_key: .*/, 'stripe_key: 1', 'line 9: stripe_key is not encrypted'],
    ['another type', /type:int\]/, 'type:strange]', 'db.port does not decrypt'],
  ])('is refused with the line: %s', async (_, from, to, sentence) => {
    expect(await refusalOf(changed(from, to))).toContain(sentence);
  });

  it('may have other comments and quotes, which prove nothing', async () => {
    const text = yaml
      .replace(/^#ENC.*\n/, '# hello\n')
      .replace('region_unencrypted: eu-west-1', 'region_unencrypted: "eu-west-1" # here');
    expect(await valuesOf(storeOf(file(text)), 'stripe_key')).toEqual(['sk_test_1']);
  });
});

describe('a file that cannot be opened here', () => {
  const age = /( {4}age:\n)[\s\S]*?(?= {4}lastmodified)/;
  it.each([
    ['is not encrypted', /\nsops:[\s\S]*/, '\n', 'is not encrypted by SOPS'],
    [
      'has several key groups',
      age,
      '    key_groups:\n    - age: []\n    - age: []\n    shamir_threshold: 2\n',
      'has 2 key groups',
    ],
    [
      'is for PGP and KMS',
      age,
      '    pgp: [{fp: A, enc: x}]\n    kms: [{arn: a, enc: x}]\n',
      'for PGP and AWS KMS only',
    ],
    ['is for nobody', age, '    age: []\n', 'names no key'],
    ['is for SSH keys', /recipient: age1.*/, 'recipient: ssh-ed25519 AAAA', 'for SSH keys only'],
    ['is for a plugin', /recipient: age1.*/, 'recipient: age1yubikey1qwe', 'SSH keys or plugins of age only'],
    [
      'has a damaged data key',
      /BEGIN AGE ENCRYPTED FILE-----\n/,
      'BEGIN AGE ENCRYPTED FILE-----\n            AAAA\n',
      'The data key for age1',
    ],
    ['has no MAC', /\n {4}mac: .*/, '', 'has no `mac`'],
    [
      'has two rules',
      /unencrypted_suffix: .*/,
      'unencrypted_suffix: x\n    encrypted_regex: y',
      'has both `unencrypted_suffix` and `encrypted_regex`',
    ],
    [
      'has a rule that means something else here',
      /unencrypted_suffix: .*/,
      'encrypted_regex: "[[:alpha:]]"',
      'a pattern that cannot be read',
    ],
    ['has an alias', /^db:/m, 'a: &a 1\nb: *a\ndb:', 'line 3: this holds an alias'],
    ['has a tag', /region_unencrypted: /, 'region_unencrypted: !secret ', 'this holds a tag'],
    ['has a key twice', /^stripe_key:/m, 'ratio: 1\nstripe_key:', 'holds a key twice'],
    ['is not YAML', /^db:/m, 'db: {', 'this is not YAML'],
    ['is a list', /^[\s\S]*$/, '- a\n', 'this is no map'],
  ])('says so: %s', async (_, from, to, sentence) => {
    expect(await refusalOf(changed(from, to))).toMatch(/^STORE_INVALID /);
    expect(await refusalOf(changed(from, to))).toContain(sentence);
  });

  it('says so: it is an INI file, or no dotenv, or is not there', async () => {
    expect(await refusalOf({ path: 'a.ini', text: '', identity })).toContain('is an INI file');
    expect(await refusalOf({ path: 'a.env', text: 'A=1\nhunter2\n', identity })).toMatch(
      /line 2: this is no line of a dotenv/,
    );
    expect(await refusalOf({ path: 'a.env', text: undefined, identity })).toContain('There is no `a.env`');
  });

  it('does not quote a line that is no YAML, since it may hold a secret', async () => {
    expect(await refusalOf(file('password: hunter2 "x\n\t- hunter2: [\n'))).not.toContain('hunter2');
  });
});

describe('an age identity', () => {
  const stranger = 'AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33';
  it('may stand among others, on lines of their own or not', async () => {
    const words = identity.split('\n').filter((line) => line.startsWith('AGE-'));
    const store = storeOf({ ...file(), identity: ` ${stranger}  ${words.join(' ')} ` });
    expect(await valuesOf(store, 'stripe_key')).toEqual(['sk_test_1']);
  });

  it('that does not fit is told with the recipients that would', async () => {
    expect(await refusalOf({ ...file(), identity: stranger })).toMatch(
      /^STORE_DENIED No identity in env:\/\/AGE_KEY fits `secrets.enc.yaml`, encrypted for age1dj4/,
    );
  });

  it.each([
    ['', 'is empty'],
    ['age1dj4l4k79ma739hyqk7pt4h9g8ld0upwn7gjg6ngvzmw0p72j6s2qf8k9q7', 'is the public half'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nx', 'is an SSH key'],
    ['-----BEGIN AGE ENCRYPTED FILE-----\nx', 'is protected by a passphrase'],
    ['AGE-PLUGIN-YUBIKEY-1QQQ', 'is for a plugin of age'],
    ['AGE-SECRET-KEY-1QQQQ', 'holds something that is no age identity'],
    [`${stranger} hunter2`, 'holds something that is no age identity'],
  ])('that is none is refused without showing it: %#', async (text, sentence) => {
    const refusal = await refusalOf({ ...file(), identity: text });
    expect(refusal).toContain(`STORE_INVALID The age identity env://AGE_KEY ${sentence}`);
    expect(refusal).not.toMatch(/hunter2|SECRET-KEY-1Q/);
  });
});
