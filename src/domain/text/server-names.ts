/** How servers are called in a summary: by their names, or by numbers where the names must not be published. */
export type ServerNaming = 'names' | 'numbers';

export interface Naming {
  server(name: string): string;
  /**
   * `text` with every server that it names, by name or by address, called as `server` calls it, and every jump
   * `(hidden)`.
   */
  redact(text: string): string;
}

/** Where servers and jumps are: what messages call them by, besides the names. */
export interface Addresses {
  readonly servers: readonly { readonly name: string; readonly host: string; readonly port: number }[];
  readonly jumps: readonly { readonly host: string; readonly port: number }[];
}

export const noAddresses: Addresses = { servers: [], jumps: [] };

/**
 * `user@`, then a word that may be a name or an address, with brackets around it where one writes an IPv6 address or a
 * port with it.
 */
const words =
  /(?<![\w.-])([A-Za-z_][\w.-]*\$?@)?(?:\[((?:::)?\w(?:[.:-]*\w)*)\](:\d{1,5}(?!\w))?|((?:::)?\w(?:[.:-]*\w)*))/g;

/**
 * Numbers count from 1 in the order of `servers`. A host that is written `host:port` is also found without its port.
 */
export function nameServers(
  choice: ServerNaming,
  servers: readonly string[],
  addresses: Addresses = noAddresses,
): Naming {
  if (choice === 'names') return { server: (name) => name, redact: (text) => text };
  const numbers = new Map(servers.map((name, index) => [name, `server ${index + 1}`]));
  const number = (name: string): string => numbers.get(name) ?? 'a server';
  const known = aliases(servers, number, addresses);
  const called = (word: string): string | undefined => known.get(word) ?? known.get(word.toLowerCase());
  return {
    server: number,
    redact: (text) => (known.size === 0 ? text : text.replace(words, (...found) => redactWord(found, called))),
  };
}

/**
 * The replacement for each word that names a server or a jump. More specific words win: one host may be several
 * servers.
 */
function aliases(
  servers: readonly string[],
  number: (name: string) => string,
  { servers: placed, jumps }: Addresses,
): ReadonlyMap<string, string> {
  const pairs = [
    ...servers.map((name) => [name, number(name)] as const),
    ...placed.map(({ name }) => [name, number(name)] as const),
    ...placed.map(({ name, host, port }) => [`${host}:${port}`, number(name)] as const),
    ...jumps.map(({ host, port }) => [`${host}:${port}`, '(hidden)'] as const),
    ...servers.map((name) => [name.replace(/:\d+$/, ''), number(name)] as const),
    ...placed.map(({ name, host }) => [host, number(name)] as const),
    ...jumps.map(({ host }) => [host, '(hidden)'] as const),
  ];
  // Hosts are compared without case. A word in a sentence ends before its full stop, so names are also known without a
  // dot at their end.
  const loose = pairs.map(([word, call]) => [word.toLowerCase().replace(/[.-]+$/, ''), call] as const);
  const known = new Map<string, string>();
  for (const [word, call] of [...pairs, ...loose]) if (!known.has(word)) known.set(word, call);
  return known;
}

type Called = (word: string) => string | undefined;

/** The match: the whole, the user, the word in brackets, the port after them, and the word without brackets. */
function redactWord(
  [whole = '', user = '', bracketed, port = '', bare = '']: readonly (string | undefined)[],
  called: Called,
): string {
  if (bracketed === undefined)
    return called(bare) ?? (withoutPort(bare, called) || `${redactUser(user, called)}${redactParts(bare, called)}`);
  const call = called(`${bracketed}${port}`) ?? called(bracketed);
  if (call === undefined) return `${redactUser(user, called)}[${redactParts(bracketed, called)}]${port}`;
  return port === '' && !bracketed.includes(':') ? whole.replace(bracketed, call) : call;
}

/** `user`: the part before the `@`, including it, or empty. */
function redactUser(user: string, called: Called): string {
  const call = user === '' ? undefined : called(user.slice(0, -1));
  return call === undefined ? user : `${call}@`;
}

/**
 * A port that the configuration does not have is dropped together with the host. Not for IPv6, where a part of an
 * address would be another address.
 */
function withoutPort(word: string, called: Called): string | undefined {
  const [, host] = /^([^:]+):\d{1,5}$/.exec(word) ?? [];
  return host === undefined ? undefined : called(host);
}

/** The parts between colons, as in `connect:web1.example.com`; not those of an IPv6 address. */
function redactParts(word: string, called: Called): string {
  const parts = word.split(':');
  if (parts.length === 1 || parts.every((part) => /^(?:[\da-f]{0,4}|[\d.]+)$/i.test(part))) return word;
  return parts.map((part) => called(part) ?? part).join(':');
}
