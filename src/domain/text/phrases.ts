import type { Formatter } from './formatter.ts';

/** `web1`, `web1 and web2`, `web1, web2 and 7 more`; at most `most` names. */
export function listServers(servers: readonly string[], format: Formatter, most = 5): string {
  const names = servers.slice(0, most).map((name) => format.server(name));
  const more = servers.length - names.length;
  return joinWords(more > 0 ? [...names, `${more} more`] : names);
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** `1 server`, `12 servers`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** The text as a sentence: with a full stop, unless it ends in a mark of its own. */
export function sentence(text: string): string {
  return /[.!?…:]$/.test(text) ? text : `${text}.`;
}

/** `main, 043a9ea`, or the digits alone where the revision was asked for by them. */
export function revisionWords(asked: string, revision: string, format: Formatter): string {
  const digits = format.id(short(revision));
  return asked === '' || revision.startsWith(asked) ? digits : `${format.outside(asked)}, ${digits}`;
}

/** ` (main)`: what the revision was asked for with, unless that was the revision itself. */
export function asked(words: string, revision: string, format: Formatter): string {
  return words === '' || revision.startsWith(words) ? '' : ` (${format.outside(words)})`;
}

/** The first seven digits of a revision. */
export function short(revision: string): string {
  return /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 7) : revision;
}
