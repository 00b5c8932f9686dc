/** What one part of a glob takes: one character of a kind, or any number of them. */
interface Part {
  readonly takes: (character: string) => boolean;
  readonly times: 'once' | 'any number';
  /** `**` and a slash: what it takes ends with one. */
  readonly ends?: 'at a slash';
}

/**
 * Does a relative path match a glob? `*` and `?` stay within one part of the path, `**` crosses parts, `[abc]` is one of these.
 * A glob without a slash at its end matches the path itself; `dir/**` everything below `dir`.
 * Every place of the glob that the path could have reached is kept, so that no path, which a server may have chosen, takes long.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const parts = partsOf(glob);
  let reached = enter(parts, 0, new Set());
  for (const character of path) {
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

function partsOf(glob: string): Part[] {
  return (glob.match(/\*\*\/|\*\*|\*|\?|\[[^\]/]+\]|[^]/gu) ?? []).map(partOf);
}

function partOf(text: string): Part {
  if (text === '**/') return { takes: () => true, times: 'any number', ends: 'at a slash' };
  if (text === '**') return { takes: () => true, times: 'any number' };
  if (text === '*') return { takes: (character) => character !== '/', times: 'any number' };
  if (text === '?') return { takes: (character) => character !== '/', times: 'once' };
  if (text.length > 2 && text.startsWith('[')) return { takes: classOf(text), times: 'once' };
  return { takes: (character) => character === text, times: 'once' };
}

function classOf(text: string): (character: string) => boolean {
  const expression = new RegExp(`^[${text.slice(1, -1).replaceAll(/[\\\]^&|~]/g, '\\$&').replace(/^!/, '^')}]$`, 'su');
  return (character) => expression.test(character);
}
