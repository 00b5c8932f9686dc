/**
 * Does a relative path match a glob? `*` and `?` stay within one part of the path, `**` crosses parts, `[abc]` is one of these.
 * A glob without a slash at its end matches the path itself; `dir/**` everything below `dir`.
 */
export function matchesGlob(glob: string, path: string): boolean {
  return new RegExp(`^${expression(glob)}$`, 'su').test(path);
}

function expression(glob: string): string {
  const parts = /\*\*\/|\*\*|\*|\?|\[[^\]/]+\]|[^*?[]+|\[/gsu;
  return (glob.match(parts) ?? []).map(partExpression).join('');
}

function partExpression(part: string): string {
  if (part === '**/') return '(?:.*/)?';
  if (part === '**') return '.*';
  if (part === '*') return '[^/]*';
  if (part === '?') return '[^/]';
  if (part.length > 2 && part.startsWith('[')) return `[${part.slice(1, -1).replaceAll(/[\\\]^&|~]/g, '\\$&').replace(/^!/, '^')}]`;
  return part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
