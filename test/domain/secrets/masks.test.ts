import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { checkMaskable, masksOf } from '../../../src/domain/secrets/masks.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import { fetched } from '../../rig/fetched.ts';
import { anySecret, survivors } from '../../rig/masking.ts';
import { RunnerMasker } from '../../rig/runner-masker.ts';

function forRunner(value: string): readonly string[] {
  const masks = masksOf(new Secret('X', value));
  return masks.kind === 'masks' ? masks.forRunner : [];
}

/** What the runner shows of `text` when `value` is masked. */
function logged(value: string, text: string): string {
  const masker = new RunnerMasker();
  for (const mask of forRunner(value)) masker.addMask(mask);
  return masker.log(text);
}

const pem = (bits: number) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const key = pem(2048);
const google = JSON.stringify(
  { type: 'service_account', private_key_id: 'ab12'.repeat(10), private_key: key },
  null,
  2,
);

describe('masks', () => {
  test('leave nothing of a value in a log, however it is printed', () => {
    fc.assert(
      fc.property(anySecret, (value) => {
        expect(survivors(value)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('hold against the quotes of bash', () => {
    const printable = fc.string({ minLength: 8, maxLength: 20 }).filter((text) => forRunner(text).includes(text));
    const values = fc.sample(printable, 200);
    const quoted = execFileSync('bash', ['-c', 'printf "%q\\n" "$@"', 'bash', ...values], { encoding: 'utf8' });
    for (const [index, line] of quoted.split('\n').slice(0, -1).entries())
      expect(logged(values[index] ?? '', line)).toBe('***');
  });

  test.each([
    ['a field of JSON', '{"user":"shop","pass":"hunter2!x"}', 'pass is hunter2!x', 'pass is ***'],
    ['a field of JSON in base64', '{"user":"shop","pass":"hunter2!x"}', 'aHVudGVyMiF4', '***'],
    ['a field deep in JSON', '{"a":[{"b":"hunter2!x"}]}', 'hunter2!x', '***'],
    ['a long number of JSON', '{"id": 12345678901234567890}', '12345678901234567890', '***'],
    ['a value of dotenv', 'A=1\nPASS="hunter2!x" # new\nB=true', 'hunter2!x', '***'],
    ['an escaped value of dotenv', 'A=1\nPASS="hunter\\"2x"', 'hunter"2x', '***'],
    ['a value of YAML', 'db:\n  pass: hunter2!x\n  on: true', 'hunter2!x', '***'],
    ['an item of YAML', 'keys:\n  - hunter2!x', 'hunter2!x', '***'],
    ['the password of a URL', 'postgres://shop:hunter%212@db/x', 'hunter%212', '***'],
    ['the password of a URL, decoded', 'postgres://shop:hunter%212@db/x', 'hunter!2', '***'],
    ['the password of a URL with its own @', 'postgres://shop:hun@ter2@db/x', 'hun@ter2', '***'],
    ['a token in a URL', 'https://hunter2token@github.com/x', 'hunter2token', '***'],
    ['the password of a URL in JSON', '{"db":{"url":"redis://:hunter2!x@h/0"}}', 'hunter2!x', '***'],
    ['a connection string', 'Server=db;User=shop;Password=hunter2!x;', 'hunter2!x', '***'],
    ['a quoted connection string', "host=db password='hunter 2x'", 'hunter 2x', '***'],
    ['a line of a key', key, `| ${key.split('\n')[3]}`, '| ***'],
    ['a key in JSON', google, JSON.stringify(key), '"***\\n"'],
    ['Windows line ends', 'first-line\r\nsecond-line\r\n', 'second-line', '***'],
    ['white space around', '  hunter2!x\n', '>hunter2!x<', '>***<'],
  ])('hide %s', (_what, value, text, shown) => {
    expect(logged(value, text)).toBe(shown);
  });

  test.each([
    ['braces', google, '{ "a": [ ] }'],
    ['headers of keys', key, '-----BEGIN PRIVATE KEY-----'],
    ['words and ports', 'A=true\nB=5432\nC=production\nD=hunter2!x', 'production: true, port 5432'],
    ['names of fields', 'database:\n  password: hunter2!x', 'database: password:'],
    ['user and host of a URL', 'postgres://shop:hunter2!x@db/x', 'shop db'],
  ])('leave %s alone', (_what, value, text) => {
    expect(logged(value, text)).toBe(text);
  });

  test.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['abc', 'it is too short'],
    ['true', 'it is too common a word'],
    ['Production', 'it is too common a word'],
    ['5432', 'it is too common a word'],
    ['!!!!!!', 'it is too common a word'],
    ['{\n  "on": true,\n  "port": 5432\n}', 'it is too common a word'],
  ])('cannot be made of %j', (value, because) => {
    expect(masksOf(new Secret('X', value))).toEqual({ kind: 'unmaskable', because });
  });

  test.each([
    ['a token of 40 characters', 'x1'.repeat(20), 6],
    ['a word of 7 characters', 'abcdef1', 1],
    ['an RSA key of 2048 bits', key, 90],
    ['an RSA key of 4096 bits', pem(4096), 140],
    ["a service account's JSON", google, 250],
    ['a text of a thousand lines', Array.from({ length: 1000 }, (_, index) => `line-${index}-x`).join('\n'), 1000],
  ])('are few: %s', (_what, value, most) => {
    expect(forRunner(value).length).toBeLessThanOrEqual(most);
  });

  test('are single lines, and none that the runner derives from another by itself', () => {
    const masks = forRunner(`it's "a" <b> & 100%\nsecond line`);
    expect(masks.filter((mask) => /[\r\n]/.test(mask) || mask.trim() !== mask)).toEqual([]);
    expect(forRunner('a b c d e f')).not.toContain('a%20b%20c%20d%20e%20f');
  });

  test('are needed by every secret that leaves for an environment, unless it says that it may be seen', () => {
    const secrets = [
      fetched('GOOD'),
      fetched('PIN', { value: '42' }),
      fetched('STAGE', { value: 'production' }),
      fetched('FREE', { value: '42', request: { mask: 'shown' } }),
    ];
    try {
      checkMaskable(secrets);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      expect(error.code).toBe('SECRET_VALUE_REFUSED');
      expect(error.problems.map(({ message }) => message)).toEqual([
        'The value of PIN cannot be masked: it is too short.',
        'The value of STAGE cannot be masked: it is too common a word.',
      ]);
    }
  });
});
