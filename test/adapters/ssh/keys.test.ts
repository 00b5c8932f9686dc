import { execFileSync, spawn } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPrivateKey } from '../../../src/adapters/ssh/keys.ts';
import type { LoginKey } from '../../../src/adapters/ssh/login.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import { suite } from '../../rig/part.ts';
import type { TestServers } from '../../rig/sshd.ts';
import { generateKey, missing, startServers } from '../../rig/sshd.ts';
import { calm, failureOf, nth, serverOf, transportsOf } from './opening.ts';

function read(key: string, passphrase?: string): LoginKey {
  const phrase = passphrase === undefined ? undefined : new Secret('ssh-passphrase', passphrase);
  return readPrivateKey(new Secret('ssh-private-key', key), phrase);
}

function refusal(key: string, passphrase?: string): Failure {
  try {
    read(key, passphrase);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it should have been refused');
}

suite('reading private keys', missing(), () => {
  let folder: string;
  const pair = (type: 'ed25519' | 'ecdsa' | 'rsa', name: string, ...more: string[]) =>
    generateKey(join(folder, name), type, ...more);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-keys-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the fingerprint that ssh-keygen shows', () => {
    pair('ed25519', 'shown');
    const [, print = ''] = execFileSync('ssh-keygen', ['-lf', join(folder, 'shown.pub')], { encoding: 'utf8' }).split(
      ' ',
    );
    expect(read(pair('ed25519', 'other').privateKey)).not.toMatchObject({
      fingerprint: `ssh-ed25519 ${print}`,
    });
    expect(read(execFileSync('cat', [join(folder, 'shown')], { encoding: 'utf8' }))).toMatchObject({
      fingerprint: `ssh-ed25519 ${print}`,
    });
  });

  it('repairs what copying breaks: CRLF, blanks, a missing last newline, written newlines, newlines that became blanks', () => {
    const { privateKey } = pair('ed25519', 'copied');
    const whole = read(privateKey);
    const broken = [
      privateKey.replaceAll('\n', '\r\n'),
      privateKey.trimEnd(),
      `\n  ${privateKey}\n\n`,
      privateKey.trimEnd().replaceAll('\n', '\\n'),
      privateKey.trimEnd().replaceAll('\n', ' '),
      privateKey.replaceAll(/^/gm, '  '),
    ];
    for (const text of broken)
      expect(read(text)).toMatchObject({
        fingerprint: whole.kind === 'key' ? whole.fingerprint : '',
      });
  });

  it('repairs an encrypted PEM key whose newlines became blanks, one or two for its empty line', () => {
    const { privateKey } = pair('ecdsa', 'joined', '-N', 'opens', '-m', 'PEM');
    expect(privateKey).toContain('DEK-Info: ');
    const joined = privateKey.trimEnd().replaceAll('\n', ' ');
    for (const text of [joined, joined.replaceAll('  ', ' ')]) {
      expect(read(text, 'opens')).toEqual(read(privateKey, 'opens'));
      expect(refusal(text)).toMatchObject({
        code: 'KEY_PASSPHRASE',
        message: expect.stringContaining('none is given') as string,
      });
    }
  });

  it('reads the key alone where openssl wrote its parameters before it', () => {
    const { privateKey } = pair('ecdsa', 'bare', '-m', 'PEM');
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    expect(read(`${parameters}${privateKey}`)).toEqual(read(privateKey));
  });

  it('tells a public key by its kind', () => {
    const { publicKey } = pair('ed25519', 'public');
    expect(refusal(publicKey)).toMatchObject({ code: 'KEY_PUBLIC' });
    const pem = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(refusal(pem)).toMatchObject({ code: 'KEY_PUBLIC' });
  });

  it('tells a missing passphrase from a wrong one, in every form of a key', () => {
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'opens',
    });
    const keys = [
      pair('ed25519', 'locked', '-N', 'opens').privateKey,
      pair('rsa', 'locked-pem', '-N', 'opens', '-m', 'PEM', '-b', '2048').privateKey,
      pem.toString(),
    ];
    for (const key of keys) {
      expect(refusal(key)).toMatchObject({
        code: 'KEY_PASSPHRASE',
        message: expect.stringContaining('none is given') as string,
      });
      expect(refusal(key, 'wrong')).toMatchObject({
        code: 'KEY_PASSPHRASE',
        message: expect.stringContaining('does not open') as string,
      });
      expect(read(key, 'opens').kind).toBe('key');
    }
  });

  it('never repeats any part of a key in an error', () => {
    const { privateKey } = pair('ed25519', 'secret');
    const lines = privateKey.split('\n').slice(1, -2);
    const damaged = [
      privateKey.slice(0, -60),
      privateKey.replace('-----BEGIN', '-----START'),
      privateKey.replace(lines[2] ?? '', ''),
      privateKey.replaceAll('OPENSSH', 'RSA'),
      'hunter2',
      '',
      'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n',
    ];
    for (const text of damaged) {
      const failure = refusal(text);
      expect(failure.code).toBe('KEY_INVALID');
      const said = JSON.stringify([failure.message, failure.hint, String(failure.cause), failure.stack]);
      for (const line of [...lines, 'hunter2']) expect(said).not.toContain(line.slice(0, 12));
    }
  });

  it('refuses a kind of key that servers do not take', () => {
    const key = generateKeyPairSync('ed448').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(refusal(key)).toMatchObject({ code: 'KEY_INVALID' });
  });
});

suite('logging in with every kind of key', missing(), () => {
  let fixture: TestServers;

  beforeAll(async () => {
    fixture = await startServers({ count: 1 });
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  async function logsIn(privateKey: string, passphrase?: string): Promise<string> {
    await using transports = transportsOf(fixture, { privateKey, ...(passphrase === undefined ? {} : { passphrase }) });
    await using transport = await transports.open(serverOf(nth(fixture, 0)), calm());
    return (
      await transport.run({
        name: 'greet',
        steps: [{ id: 'say-hello', name: 'say hello', effect: 'reads', run: ['true'] }],
      })
    ).kind;
  }

  it.each([
    ['ed25519', []],
    ['ecdsa', ['-b', '256']],
    ['ecdsa', ['-b', '521']],
    ['rsa', ['-b', '2048']],
    ['rsa', ['-b', '2048', '-m', 'PEM']],
    ['ecdsa', ['-m', 'PEM']],
    ['rsa', ['-b', '2048', '-m', 'PKCS8']],
    ['ed25519', ['-N', 'open sesame']],
    ['rsa', ['-b', '2048', '-m', 'PEM', '-N', 'open sesame']],
    ['ecdsa', ['-m', 'PKCS8', '-N', 'open sesame']],
  ] as const)('%s %j', async (type, options) => {
    const path = join(fixture.folder, `key-${[type, ...options].join('')}`.replaceAll(' ', ''));
    const { privateKey, publicKey } = generateKey(path, type, ...options);
    fixture.allow(publicKey);
    expect(await logsIn(privateKey, (options as readonly string[]).includes('-N') ? 'open sesame' : undefined)).toBe(
      'succeeded',
    );
  });

  it('ed25519 in PKCS #8, which ssh2 itself cannot read', async () => {
    const made = generateKeyPairSync('ed25519').privateKey;
    const pem = made.export({ type: 'pkcs8', format: 'pem' }).toString();
    const { x = '' } = createPrivateKey(pem).export({ format: 'jwk' });
    const blob = Buffer.concat([
      Buffer.from([0, 0, 0, 11]),
      Buffer.from('ssh-ed25519'),
      Buffer.from([0, 0, 0, 32]),
      Buffer.from(x, 'base64url'),
    ]);
    fixture.allow(`ssh-ed25519 ${blob.toString('base64')}`);
    expect(await logsIn(pem)).toBe('succeeded');
  });

  it('the keys of an agent', async () => {
    const socket = join(fixture.folder, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await new Promise((resolve) => agent.stdout.once('data', resolve));
      execFileSync('ssh-add', ['-q', join(fixture.folder, 'client')], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
      });
      await using transports = transportsOf(fixture, { agentSocket: socket });
      await using transport = await transports.open(serverOf(nth(fixture, 0)), calm());
      expect(
        (
          await transport.run({
            name: 'greet',
            steps: [{ id: 'say-hello', name: 'say hello', effect: 'reads', run: ['true'] }],
          })
        ).kind,
      ).toBe('succeeded');
    } finally {
      agent.kill();
    }
  });

  it('no agent behind the socket is named as such', async () => {
    await using transports = transportsOf(fixture, { agentSocket: join(fixture.folder, 'nobody') });
    const failure = await failureOf(transports.open(serverOf(nth(fixture, 0)), calm()));
    expect(failure).toMatchObject({ code: 'KEY_INVALID', server: 's1' });
    expect(failure.message).toContain('SSH agent');
  });
});
