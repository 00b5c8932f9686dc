/**
 * Tells whether a path, or a directory above it, matches one of `globs`: `*` and `?` stay within a part of the path,
 * `**` crosses parts,
 * `[abc]` is one of these, `[!abc]` none. Names with a leading dot match too.
 * All positions in a glob that the path can have reached are kept, so matching is never slow, even for a path that a
 * hostile server chose.
 */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const all = globs.map((glob) => tokensOf(glob).map(partOf));
  return (path) => all.some((parts) => matches(parts, path));
}

/**
 * The globs as patterns for `find . -regex`, with GNU and BusyBox. In a server's C locale `?` and `[abc]` are one byte.
 */
export function findPatterns(globs: readonly string[]): string[] {
  return globs.map((glob) => `[.]/${tokensOf(glob).map(findExpression).join('')}\\(/.*\\)*`);
}

/** Whether all ranges of its classes are ascending: `find` refuses `[z-a]`. */
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

/** Adds the position, and those after it that are reached where its part matches nothing. */
function enter(parts: readonly Part[], at: number, reached: Set<number>): Set<number> {
  reached.add(at);
  return parts[at]?.times === 'any number' ? enter(parts, at + 1, reached) : reached;
}

/** Adds the positions that are reached with one more character. */
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

/** The content of a class. A `-` that begins or ends it, or follows a range, is literal. */
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

/**
 * Syntax that GNU find (Emacs) and BusyBox find (basic) read alike: `+` and `?` differ, so they are put in brackets,
 * where a backslash is literal.
 */
function findExpression(token: string): string {
  if (token === '**/') return '\\([^/]*/\\)*';
  if (token === '*') return '[^/]*';
  if (token.startsWith('*')) return '.*';
  if (token === '?') return '[^/]';
  if (isClass(token)) return findClass(token);
  if (/[.*+?[$]/.test(token)) return `[${token}]`;
  return token === '\\' || token === '^' ? `\\${token}` : token;
}

/** A class ordered so that every character is literal: no `^` in front, no `[` before `:`, and `-` at the end. */
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
