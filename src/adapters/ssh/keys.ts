// Turns what a user stored as a private key into one that can log in, or says what it is instead. No error holds any
// part of a key.

import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey } from 'node:crypto';
import { Failure } from '../../domain/failure.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import { normalizePrivateKey } from '../../domain/ssh/key-text.ts';
import type { LoginKey } from './login.ts';
import type { SigningKey } from './ssh2.ts';
import { parseKey } from './ssh2.ts';

/**
 * Reads ed25519, ECDSA and RSA keys in OpenSSH's form, PKCS #1, SEC 1 or PKCS #8, with a passphrase or without.
 * @throws Failure `KEY_PUBLIC`, `KEY_PASSPHRASE`, `KEY_INVALID`
 */
export function readPrivateKey(given: Secret, passphrase: Secret | undefined): LoginKey {
  const normalized = normalizePrivateKey(given.reveal());
  switch (normalized.kind) {
    case 'public':
      throw new Failure('KEY_PUBLIC', 'What is given as the private key is a public key.');
    case 'putty':
      throw new Failure('KEY_INVALID', 'The private key is in the form of PuTTY.', {
        hint: 'Convert it: puttygen key.ppk -O private-openssh -o key',
      });
    case 'invalid':
      throw new Failure('KEY_INVALID', `The private key cannot be read: ${normalized.why}.`);
    case 'private':
      break;
  }
  const phrase = passphrase?.reveal();
  const parsed = parse(normalized.format === 'openssh' ? normalized.text : fromPem(normalized.text, phrase), phrase);
  return { kind: 'key', key: parsed, fingerprint: `${parsed.type} ${fingerprint(parsed.getPublicSSH())}` };
}

/** `SHA256:…` as `ssh-keygen -l` shows it. */
export function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function parse(text: string, passphrase: string | undefined): SigningKey {
  const parsed = parseKey(text, passphrase);
  if (parsed instanceof Error) {
    if (/passphrase/i.test(parsed.message)) throw phraseFailure(passphrase);
    const [, type] = /Unsupported (?:OpenSSH )?private key type: ([\w@.-]{1,40})$/.exec(parsed.message) ?? [];
    throw new Failure(
      'KEY_INVALID',
      `The private key cannot be read: ${type === undefined ? 'it is damaged' : `keys of the type ${type} are not supported`}.`,
    );
  }
  if (!parsed.isPrivateKey() || parsed.type === 'ssh-dss')
    throw new Failure('KEY_INVALID', 'The private key cannot be used: ssh-ed25519, ECDSA and RSA are supported.');
  return parsed;
}

function phraseFailure(passphrase: string | undefined): Failure {
  return new Failure(
    'KEY_PASSPHRASE',
    passphrase === undefined
      ? 'The private key needs a passphrase, and none is given.'
      : 'The passphrase does not open the private key.',
  );
}

/** A PEM key in a form that `ssh2` reads: it knows PKCS #1 and SEC 1, but not PKCS #8. */
function fromPem(text: string, passphrase: string | undefined): string {
  const locked = /ENCRYPTED/.test(text);
  if (locked && passphrase === undefined) throw phraseFailure(undefined);
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: text, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    // The cause is left out on purpose: messages of OpenSSL could contain parts of the key.
    throw locked
      ? phraseFailure(passphrase)
      : new Failure('KEY_INVALID', 'The private key cannot be read: it is damaged.');
  }
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString().trim();
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }).toString().trim();
    case 'ed25519':
      return openSshForm(key);
    default:
      throw new Failure('KEY_INVALID', 'The private key cannot be used: ssh-ed25519, ECDSA and RSA are supported.');
  }
}

/** An ed25519 key as `openssh-key-v1` without encryption (PROTOCOL.key of OpenSSH). */
function openSshForm(key: KeyObject): string {
  const { x = '', d = '' } = key.export({ format: 'jwk' });
  const [open, secret] = [Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url')];
  const type = Buffer.from('ssh-ed25519');
  const check = Buffer.alloc(8);
  const inner = Buffer.concat([
    check,
    field(type),
    field(open),
    field(Buffer.concat([secret, open])),
    field(Buffer.alloc(0)),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
  const none = field(Buffer.from('none'));
  const outer = [Buffer.from('openssh-key-v1\0'), none, none, field(Buffer.alloc(0)), Buffer.from([0, 0, 0, 1])];
  const whole = Buffer.concat([
    ...outer,
    field(Buffer.concat([field(type), field(open)])),
    field(Buffer.concat([inner, padding])),
  ]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${whole.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----`;
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
