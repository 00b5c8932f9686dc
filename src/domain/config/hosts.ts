import { Failure } from '../failure.ts';
import type { Server } from '../server.ts';

/** The most hosts that one pattern, or one stage, may name. */
export const mostServers = 1000;

export type Expansion =
  | { readonly kind: 'hosts'; readonly hosts: readonly string[] }
  | { readonly kind: 'wrong'; readonly because: string };

/** `web[01:12].example.com` → web01.example.com … web12.example.com; `[a:f]` too, and several ranges in one pattern. */
export function expandHost(pattern: string): Expansion {
  let hosts: readonly string[] = [''];
  for (const part of pattern.split(/(\[[^[\]]*\])/)) {
    const expansion: Expansion = part.startsWith('[') ? expandRange(part) : { kind: 'hosts', hosts: [part] };
    if (expansion.kind === 'wrong') return expansion;
    if (hosts.length * expansion.hosts.length > mostServers)
      return { kind: 'wrong', because: `a pattern may name at most ${mostServers} hosts` };
    hosts = hosts.flatMap((start) => expansion.hosts.map((end) => start + end));
  }
  const because = hosts.map(whyNoHost).find((why) => why !== undefined);
  return because === undefined ? { kind: 'hosts', hosts } : { kind: 'wrong', because };
}

function whyNoHost(host: string): string | undefined {
  if (/^[\w.-]+:\d+$/.test(host)) return 'a port does not stand behind the host: it has a key of its own, "port"';
  return isHost(host)
    ? undefined
    : 'a host is made of letters, digits, ".", "_", ":" and "-", and does not begin with "-"';
}

/** A name or an address that is safe as an argument: no leading dash, no spaces, no characters special to a shell. */
export function isHost(text: string): boolean {
  return /^[A-Za-z0-9._:][A-Za-z0-9._:-]{0,252}$/.test(text);
}

/** The label of each server: its name, else its host, else host:port where a host comes twice. */
export function serverNames(
  servers: readonly { readonly name: string | undefined; readonly host: string; readonly port: number }[],
): readonly string[] {
  const unnamed = servers.filter((server) => server.name === undefined).map((server) => server.host);
  const twice = new Set(unnamed.filter((host, index) => unnamed.indexOf(host) !== index));
  return servers.map(
    (server) => server.name ?? (twice.has(server.host) ? `${server.host}:${server.port}` : server.host),
  );
}

/**
 * The servers that the inputs `hosts` and `roles` leave, in the order of the configuration. Both are lists of globs
 * (`*`, `?`) divided by commas or
 * line breaks; `!` in front excludes; an empty text selects everything. A glob that matches nothing is a `NO_SERVERS`,
 * even beside others that do:
 * it is probably misspelt, and a misspelt exclusion would deploy to a server that was to be left out.
 */
export function selectServers(
  servers: readonly Server[],
  filter: { readonly hosts: string; readonly roles: string },
): readonly Server[] {
  const byHost = narrow(servers, {
    input: 'hosts',
    globs: filter.hosts,
    words: (server) => [server.name, server.host],
  });
  const byRole = narrow(servers, { input: 'roles', globs: filter.roles, words: (server) => server.roles });
  const left = servers.filter((server) => byHost.has(server) && byRole.has(server));
  if (!left.some((server) => server.release === 'release')) {
    const what = left.length === 0 ? 'leave no server' : 'leave only servers without a release';
    throw new Failure('NO_SERVERS', `The inputs hosts and roles ${what}. ${whatThereIs('hosts', namesOf(servers))}`);
  }
  return left;
}

interface Narrowing {
  readonly input: string;
  readonly globs: string;
  readonly words: (server: Server) => readonly string[];
}

function narrow(servers: readonly Server[], { input, globs, words }: Narrowing): ReadonlySet<Server> {
  const patterns = globs
    .split(/[,\r\n]/)
    .map((glob) => glob.trim())
    .filter((glob) => glob !== '');
  const fitting = (pattern: string): readonly Server[] => {
    const glob = pattern.replace(/^!\s*/, '');
    const found = servers.filter((server) => words(server).some((word) => fits(glob, word)));
    if (found.length > 0) return found;
    throw new Failure(
      'NO_SERVERS',
      `Nothing fits ${JSON.stringify(pattern)} in the input ${input}. ${whatThereIs(input, servers.flatMap(words))}`,
    );
  };
  const [excluding, including] = [
    patterns.filter((pattern) => pattern.startsWith('!')),
    patterns.filter((pattern) => !pattern.startsWith('!')),
  ];
  const excluded = new Set(excluding.flatMap(fitting));
  const included = including.length === 0 ? servers : including.flatMap(fitting);
  return new Set(included.filter((server) => !excluded.has(server)));
}

/** Walks both texts once and steps back only to the last `*`, so that no pattern makes it slow. */
function fits(glob: string, word: string): boolean {
  let [at, star, mark] = [0, -1, 0];
  for (let index = 0; index < word.length; ) {
    if (glob[at] === '*') [star, mark, at] = [at, index, at + 1];
    else if (at < glob.length && (glob[at] === '?' || glob[at] === word[index])) [at, index] = [at + 1, index + 1];
    else if (star >= 0) [at, mark, index] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  return /^\**$/.test(glob.slice(at));
}

function whatThereIs(input: string, words: readonly string[]): string {
  const known = [...new Set(words)];
  const more = known.length > 20 ? ` and ${known.length - 20} more` : '';
  return known.length === 0
    ? `No server of this stage has ${input}.`
    : `There is: ${known.slice(0, 20).join(', ')}${more}.`;
}

function namesOf(servers: readonly Server[]): readonly string[] {
  return servers.map((server) => server.name);
}

function expandRange(range: string): Expansion {
  const [, first, last] = /^\[(\d{1,9}):(\d{1,9})\]$/.exec(range) ?? [];
  if (first !== undefined && last !== undefined) {
    const width = first.startsWith('0') ? first.length : 1;
    return count(Number(first), Number(last), (value) => String(value).padStart(width, '0'));
  }
  const [, from, to] = /^\[([a-z]):([a-z])\]$/.exec(range) ?? /^\[([A-Z]):([A-Z])\]$/.exec(range) ?? [];
  if (from === undefined || to === undefined)
    return {
      kind: 'wrong',
      because: `${JSON.stringify(range)} is not a range such as [01:12] or [a:f] (an IPv6 address stands without brackets)`,
    };
  return count(from.charCodeAt(0), to.charCodeAt(0), (value) => String.fromCharCode(value));
}

function count(first: number, last: number, name: (value: number) => string): Expansion {
  if (last < first) return { kind: 'wrong', because: 'a range begins with its lower end' };
  if (last - first >= mostServers) return { kind: 'wrong', because: `a pattern may name at most ${mostServers} hosts` };
  return { kind: 'hosts', hosts: Array.from({ length: last - first + 1 }, (_, index) => name(first + index)) };
}
