/**
 * Tells whether a path, or a directory above it, matches one of `globs`: `*` and `?` stay within a part of the path, `**` crosses parts,
 * `[abc]` is one of these, `[!abc]` none. Names with a leading dot match too.
 * Every place of a glob that the path could have reached is kept, so that no path, which a server may have chosen, takes long.
 */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const all = globs.map((glob) => tokensOf(glob).map(partOf));
  return (path) => all.some((parts) => matches(parts, path));
}

/** The globs as patterns for `find . -regex`, with GNU and BusyBox. In a server's C locale `?` and `[abc]` are one byte. */
export function findPatterns(globs: readonly string[]): string[] {
  return globs.map((glob) => `[.]/${tokensOf(glob).map(findExpression).join('')}\\(/.*\\)*`);
}

/** Do the ranges of its classes rise? `[z-a]` is nothing that `find` would take. */
export function hasSoundClasses(glob: string): boolean {
  const ranges = tokensOf(glob).flatMap((token) => (isClass(token) ? rangesOf(token) : []));
  return ranges.every(({ from, to }) => code(from) <= code(to));
}

/** One part of a glob, and how often it may take a character. */
interface Part {
  readonly takes: (character: string) => boolean;
  readonly times: 'once' | 'any number';
  /** `**` and a slash: what it takes ends with one. */
  readonly ends?: 'at a slash';
}

function matches(parts: readonly Part[], path: string): boolean {
  let reached = enter(parts, 0, new Set());
  for (const character of path) {
    if (character === '/' && reached.has(parts.length)) return true;
    const next = new Set<number>();
    for (const at of reached) follow(parts, at, character, next);
    reached = next;
    if (reached.size === 0) return false;
  }
  return reached.has(parts.length);
}

/** Adds the place, and those behind it where its part may take nothing. */
function enter(parts: readonly Part[], at: number, reached: Set<number>): Set<number> {
  reached.add(at);
  return parts[at]?.times === 'any number' ? enter(parts, at + 1, reached) : reached;
}

/** Adds the places that one more character leads to. */
function follow(parts: readonly Part[], at: number, character: string, next: Set<number>): void {
  const part = parts[at];
  if (part === undefined || !part.takes(character)) return;
  if (part.times === 'any number') next.add(at);
  if (part.ends === undefined || character === '/') enter(parts, part.times === 'once' ? at + 1 : at, next);
}

function tokensOf(glob: string): string[] {
  const trimmed = glob.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  return trimmed.match(/\*\*\/|\*+|\[!?[^\]/]+\]|./gsu) ?? [];
}

function isClass(token: string): boolean {
  return token.length > 1 && token.startsWith('[');
}

/** `[!]` is a class of one. */
function isNegated(token: string): boolean {
  return token.length > 3 && token.startsWith('[!');
}

function partOf(token: string): Part {
  if (token === '**/') return { takes: () => true, times: 'any number', ends: 'at a slash' };
  if (token === '*') return { takes: (character) => character !== '/', times: 'any number' };
  if (token.startsWith('*')) return { takes: () => true, times: 'any number' };
  if (token === '?') return { takes: (character) => character !== '/', times: 'once' };
  if (isClass(token)) return { takes: classOf(token), times: 'once' };
  return { takes: (character) => character === token, times: 'once' };
}

function classOf(token: string): (character: string) => boolean {
  const ranges = rangesOf(token);
  const among = (character: string): boolean =>
    ranges.some(({ from, to }) => code(from) <= code(character) && code(character) <= code(to));
  return isNegated(token) ? (character) => character !== '/' && !among(character) : among;
}

/** A single character is a range from itself to itself. */
interface Range {
  readonly from: string;
  readonly to: string;
}

/** What stands in a class. A `-` that begins or ends it, or follows a range, is itself. */
function rangesOf(token: string): Range[] {
  const found = token.slice(isNegated(token) ? 2 : 1, -1).matchAll(/(?<from>[^-])-(?<to>.)|./gsu);
  return [...found].map(({ 0: single, groups }) => ({
    from: groups?.['from'] ?? single,
    to: groups?.['to'] ?? single,
  }));
}

function code(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** What GNU find (Emacs syntax) and BusyBox find (basic syntax) read alike: `+` and `?` differ, so they stand in brackets, where a backslash is itself. */
function findExpression(token: string): string {
  if (token === '**/') return '\\([^/]*/\\)*';
  if (token === '*') return '[^/]*';
  if (token.startsWith('*')) return '.*';
  if (token === '?') return '[^/]';
  if (isClass(token)) return findClass(token);
  if (/[.*+?[$]/.test(token)) return `[${token}]`;
  return token === '\\' || token === '^' ? `\\${token}` : token;
}

/** A class in an order in which no sign of it means more than itself: not `^` in front, `[` before `:`, or `-` but at the end. */
function findClass(token: string): string {
  const written = rangesOf(token).map(({ from, to }) => (from === to ? from : `${from}-${to}`));
  const characters = [...new Set(written)].toSorted((one, other) => lateness(one) - lateness(other)).join('');
  if (isNegated(token)) return `[^/${characters}]`;
  if (!characters.startsWith('^')) return `[${characters}]`;
  const shield = [...characters].findLast((character) => character !== '^');
  return shield === undefined ? '\\^' : `[${shield}${characters}]`;
}

function lateness(range: string): number {
  if (range === '-') return 2;
  return range.startsWith('^') || range.includes('[') ? 1 : 0;
}
