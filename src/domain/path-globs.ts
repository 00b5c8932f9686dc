/** How a glob is written in one dialect of regular expressions. */
interface Dialect {
  /** Any number of whole parts of a path, each with its slash. */
  readonly parts: string;
  /** Everything below what has matched so far. */
  readonly below: string;
  readonly oneOf: (characters: string) => string;
  readonly literal: (character: string) => string;
}

const script: Dialect = {
  parts: '(?:[^/]*/)*',
  below: '(?:/.*)?',
  oneOf: (characters) => characters.replaceAll(/[\\\]^&|~[]/g, '\\$&'),
  literal: (character) => (/[\^$\\.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character),
};

/** What GNU find (Emacs syntax) and BusyBox find (basic syntax) read alike: `+` and `?` differ, so they stand in brackets, where a backslash is itself. */
const find: Dialect = {
  parts: '\\([^/]*/\\)*',
  below: '\\(/.*\\)*',
  oneOf: (characters) => characters,
  literal: (character) => {
    if (/[.*+?[$]/.test(character)) return `[${character}]`;
    return character === '\\' || character === '^' ? `\\${character}` : character;
  },
};

/**
 * Tells whether a path of the artefact, or a directory above it, matches one of `globs`: `*` and `?` stay within a part of the path,
 * `**` crosses parts, `[abc]` is one of these, `[!abc]` none. Names with a leading dot match too.
 */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const forms = globs.map((glob) => new RegExp(`^${expression(glob, script)}$`, 'su'));
  return (path) => forms.some((form) => form.test(path));
}

/** The globs as patterns for `find . -regex`, with GNU and BusyBox. In a server's C locale `?` and `[abc]` are one byte. */
export function findPatterns(globs: readonly string[]): string[] {
  return globs.map((glob) => `[.]/${expression(glob, find)}`);
}

function expression(glob: string, dialect: Dialect): string {
  const trimmed = glob.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  return trimmed.replace(/\*\*\/|\*+|\[!?[^\]/]+\]|./gsu, (token) => tokenExpression(token, dialect)) + dialect.below;
}

function tokenExpression(token: string, dialect: Dialect): string {
  if (token === '**/') return dialect.parts;
  if (token === '*') return '[^/]*';
  if (token.startsWith('*')) return '.*';
  if (token === '?') return '[^/]';
  if (token.length === 1 || !token.startsWith('[')) return dialect.literal(token);
  return token.startsWith('[!') ? `[^${dialect.oneOf(token.slice(2, -1))}]` : `[${dialect.oneOf(token.slice(1, -1))}]`;
}
