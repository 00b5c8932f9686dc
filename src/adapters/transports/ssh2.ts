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

/** The key of this text, or what is wrong with it. The words of `ssh2` hold no part of the key. */
export function parseKey(text: string, passphrase: string | undefined): SigningKey | Error {
  const parsed: ParsedKey | Error | ParsedKey[] = ssh2.utils.parseKey(text, passphrase);
  if (!Array.isArray(parsed)) return parsed;
  return (parsed as ParsedKey[])[0] ?? new Error('Malformed key');
}
