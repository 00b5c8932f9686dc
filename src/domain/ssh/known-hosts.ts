import { Failure } from '../failure.ts';

/** A public host key: its type and its blob in base64, as known_hosts writes them. */
export interface HostKey {
  readonly type: string;
  readonly blob: string;
}

/** One line of known_hosts: for which hosts, which key, and what the line says of it. */
export interface KnownHost {
  readonly line: number;
  readonly says: 'trusted' | 'revoked' | 'authority';
  /** Comma-separated patterns, or `|1|salt|hash`. */
  readonly hosts: string;
  readonly key: HostKey;
}

export type KnownHosts = readonly KnownHost[];

/** HMAC-SHA1 of `text` under `salt`; hashed lines hold it. */
export type HostHash = (salt: Uint8Array, text: string) => Uint8Array;

/** What known_hosts says of one host and port. */
export interface HostKeys {
  readonly trusted: readonly HostKey[];
  readonly revoked: readonly HostKey[];
  readonly authorities: readonly HostKey[];
}

export type HostVerdict = 'trusted' | 'revoked' | 'changed' | 'unknown' | 'authority only';

/**
 * The lines of a known_hosts file, as sshd(8) describes them under SSH_KNOWN_HOSTS FILE FORMAT.
 * @throws Failure `KNOWN_HOSTS_INVALID` with every line that cannot be read. OpenSSH would silently skip those.
 */
export function parseKnownHosts(text: string): KnownHosts {
  const entries: KnownHost[] = [];
  const problems: Failure[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const words = raw.trim().split(/[ \t]+/);
    if (words[0] === '' || words[0]?.startsWith('#') === true) continue;
    const entry = readLine(words, index + 1);
    if (typeof entry === 'string')
      problems.push(new Failure('KNOWN_HOSTS_INVALID', `known_hosts, line ${index + 1}: ${entry}.`));
    else entries.push(entry);
  }
  if (problems.length === 0) return entries;
  const sentence =
    problems.length === 1
      ? 'A line of known_hosts cannot be read.'
      : `${problems.length} lines of known_hosts cannot be read.`;
  throw new Failure('KNOWN_HOSTS_INVALID', sentence, { problems });
}

/**
 * The keys for `host` and `port`. On another port than 22 the bare name counts, too, where `[host]:port` has no key;
 * OpenSSH does so.
 */
export function keysFor(
  known: KnownHosts,
  where: { readonly host: string; readonly port: number },
  hash: HostHash,
): HostKeys {
  const named = knownName(where.host, where.port);
  const bare = knownName(where.host, 22);
  const keys = collect(known, named, hash);
  if (named === bare) return keys;
  const fallback = collect(known, bare, hash);
  return {
    trusted: keys.trusted.length > 0 ? keys.trusted : fallback.trusted,
    authorities: keys.authorities.length > 0 ? keys.authorities : fallback.authorities,
    revoked: [...keys.revoked, ...fallback.revoked],
  };
}

/** Whether the key that a host shows is trusted. Only with `trusted` the connection goes on. */
export function checkHostKey(keys: HostKeys, shown: HostKey): HostVerdict {
  const among = (list: readonly HostKey[]): boolean =>
    list.some((key) => key.type === shown.type && key.blob === shown.blob);
  if (among(keys.revoked)) return 'revoked';
  if (among(keys.trusted)) return 'trusted';
  if (keys.trusted.length > 0) return 'changed';
  return keys.authorities.length > 0 ? 'authority only' : 'unknown';
}

/** How known_hosts names a host: `host`, or `[host]:port` where the port is not 22. */
export function knownName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** The line that would make `key` trusted. */
export function knownHostsLine(where: { readonly host: string; readonly port: number }, key: HostKey): string {
  return `${knownName(where.host, where.port)} ${key.type} ${key.blob}`;
}

/** A key blob as it goes over the wire; its first string is its type. `undefined`: it is not one. */
export function hostKeyFrom(blob: Uint8Array): HostKey | undefined {
  const type = typeOf(blob);
  return type === undefined ? undefined : { type, blob: btoa(String.fromCharCode(...blob)) };
}

function readLine(words: readonly string[], line: number): KnownHost | string {
  const marked = words[0]?.startsWith('@') === true;
  const [hosts = '', type = '', blob = ''] = marked ? words.slice(1) : words;
  const says = marked ? markers[words[0] ?? ''] : 'trusted';
  if (says === undefined) return 'only @cert-authority and @revoked are known as markers';
  if (/^(ssh|ecdsa|sk)-\S+$/.test(hosts) && /^AAAA/.test(type))
    return 'the name of the host is missing before the type of the key';
  if (blob === '') return 'a line is: host names, the type of the key, the key';
  if (hosts.startsWith('|') && hashed(hosts) === undefined) return 'the hashed host name is broken; it is |1|salt|hash';
  const bytes = decode(blob);
  const inner = bytes === undefined ? undefined : typeOf(bytes);
  if (inner === undefined) return 'the key is broken; it was perhaps cut or wrapped';
  if (inner !== type) return 'the type before the key is not the type of the key';
  return { line, says, hosts, key: { type, blob: btoa(atob(blob)) } };
}

const markers: Readonly<Record<string, KnownHost['says']>> = { '@cert-authority': 'authority', '@revoked': 'revoked' };

function collect(known: KnownHosts, name: string, hash: HostHash): HostKeys {
  const matching = known.filter((entry) => matchesHost(entry.hosts, name, hash));
  const saying = (says: KnownHost['says']): HostKey[] =>
    matching.filter((entry) => entry.says === says).map((entry) => entry.key);
  return { trusted: saying('trusted'), revoked: saying('revoked'), authorities: saying('authority') };
}

/** Whether the host part of a line means `name`. A negated pattern that matches wins over all others. */
function matchesHost(hosts: string, name: string, hash: HostHash): boolean {
  const secret = hashed(hosts);
  if (secret !== undefined) return btoa(String.fromCharCode(...hash(secret.salt, name))) === secret.hash;
  const patterns = hosts.toLowerCase().split(',');
  if (patterns.some((pattern) => pattern.startsWith('!') && glob(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => glob(pattern, name));
}

function hashed(hosts: string): { readonly salt: Uint8Array; readonly hash: string } | undefined {
  const [, salt = '', hash = ''] = /^\|1\|([^|]+)\|([^|]+)$/.exec(hosts) ?? [];
  const bytes = decode(salt);
  return bytes === undefined || bytes.length !== 20 || decode(hash)?.length !== 20 ? undefined : { salt: bytes, hash };
}

/** `*` matches any text and `?` one character. Backtracks to the last `*` only, so that no pattern is slow. */
function glob(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < text.length; ) {
    if (pattern[at] === '*') {
      star = at;
      at += 1;
      resume = index;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      resume += 1;
      at = star + 1;
      index = resume;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

function decode(base64: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return undefined;
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The first string of a key blob (RFC 4253 §6.6): four bytes of length, then the name. */
function typeOf(blob: Uint8Array): string | undefined {
  if (blob.length < 8) return undefined;
  const length = new DataView(blob.buffer, blob.byteOffset).getUint32(0);
  if (length === 0 || length > 64 || blob.length <= 4 + length) return undefined;
  const name = String.fromCharCode(...blob.subarray(4, 4 + length));
  return /^[A-Za-z0-9@.-]+$/.test(name) ? name : undefined;
}
