import { describe, expect, it } from 'vitest';
import { readInputs } from '../../../src/actions/deploy/inputs.ts';
import { normalizePrivateKey } from '../../../src/domain/ssh/key-text.ts';
import { FakeRunner } from '../../fakes/fake-runner.ts';

const body = ['b3BlbnNzaC1rZXktdjEAAAAABG5vbmU', 'AAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz', 'c2gtZWQyNTUxOQ=='];
const key = ['-----BEGIN OPENSSH PRIVATE KEY-----', ...body, '-----END OPENSSH PRIVATE KEY-----'];

/** What is masked although the inputs are wrong: `mode` is missing. */
function masksOf(inputs: Readonly<Record<string, string>>): readonly string[] {
  const runner = new FakeRunner({ inputs });
  expect(() => readInputs(runner, '')).toThrow();
  return runner.masks;
}

describe('the masks, before anything fails,', () => {
  it.each([
    ['newlines', '\n'],
    ['CRLF', '\r\n'],
    ['lone carriage returns', '\r'],
    ['blanks', ' '],
    ['written newlines', '\\n'],
    ['written CRLF', '\\r\\n'],
  ])('hide each line of a key with %s', (_, newline) => {
    const given = key.join(newline);
    expect(normalizePrivateKey(given)).toMatchObject({ kind: 'private', text: `${key.join('\n')}\n` });
    expect(masksOf({ 'ssh-private-key': given })).toEqual(body);
  });

  it('hide a key that was cut, or whose marks touch it', () => {
    expect(masksOf({ 'ssh-private-key': key.slice(0, -1).join(' ') })).toEqual(body);
    expect(masksOf({ 'ssh-private-key': key.join('') })).toEqual([body.join('')]);
  });

  it('hide the lines of a passphrase and the token whole, and nothing that is too short', () => {
    expect(
      masksOf({ 'ssh-passphrase': 'correct horse\nbattery staple\nshort', 'github-token': 'ghs_0123456789' }),
    ).toEqual(['correct horse', 'battery staple', 'ghs_0123456789']);
  });
});
