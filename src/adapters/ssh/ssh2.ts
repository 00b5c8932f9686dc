// The only file that names the package `ssh2`.

import type { Client, ClientChannel, ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';

export type { Algorithms, AnyAuthMethod, Client, ConnectConfig, ServerHostKeyAlgorithm } from 'ssh2';

/** The channel of an exec request. */
export type ExecChannel = ClientChannel;

/** A key that can sign. */
export type SigningKey = ParsedKey;

export function newClient(): Client {
  return new ssh2.Client();
}

/** The key of this text, or what is wrong with it. Error messages of `ssh2` contain no part of the key. */
export function parseKey(text: string, passphrase: string | undefined): SigningKey | Error {
  const parsed: ParsedKey | Error | ParsedKey[] = ssh2.utils.parseKey(text, passphrase);
  if (!Array.isArray(parsed)) return parsed;
  return (parsed as ParsedKey[])[0] ?? new Error('Malformed key');
}

/**
 * How `ssh2` 1.17 logs in: it requests the authentication service and waits for the answer, then it offers the key
 * without a signature and waits again,
 * and then it signs. Each of the two waits costs a round trip.
 */
interface Protocol {
  service?: (name: string) => void;
  readonly _handlers?: { SERVICE_ACCEPT?: (protocol: Protocol, name: string) => void };
  authPK?: (user: string, key: SigningKey, algorithm: string | Sign | undefined, sign?: Sign) => void;
}
type Sign = (data: Buffer, done: (signature: Buffer) => void) => void;

/**
 * Lets the client log in with one message, without waiting for the service (a server that does not give it disconnects,
 * RFC 4253 §10) and without asking
 * whether the key would be accepted (RFC 4252 §7 does not require it). To be called right after `connect`.
 * Not for RSA: which of its signature algorithms a server accepts is known only after an extra message or by asking.
 */
export function logInAtOnce(client: Client, key: SigningKey): void {
  const protocol = (client as unknown as { readonly _protocol?: Protocol })._protocol;
  if (protocol === undefined || key.type === 'ssh-rsa') return;
  signAtOnce(protocol, key);
  const handlers = protocol._handlers;
  const [ask, goOn] = [protocol.service?.bind(protocol), handlers?.SERVICE_ACCEPT];
  if (ask === undefined || handlers === undefined || goOn === undefined) return;
  handlers.SERVICE_ACCEPT = () => undefined;
  protocol.service = (name) => {
    ask(name);
    goOn(protocol, name);
  };
}

function signAtOnce(protocol: Protocol, key: SigningKey): void {
  const offer = protocol.authPK?.bind(protocol);
  if (offer === undefined) return;
  protocol.authPK = (user, offered, algorithm, sign) => {
    const signs = sign !== undefined || typeof algorithm === 'function' || offered !== key;
    if (signs) return offer(user, offered, algorithm, sign);
    offer(user, offered, algorithm, (data, done) => {
      const signature: Buffer | Error = key.sign(data);
      if (signature instanceof Error) offer(user, offered, algorithm);
      else done(signature);
    });
  };
}
