/** What would break a line, hide itself or turn the direction of a text; the source of a character class. */
export const unprintable = '\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff';

/** A value of the file as a message may show it: short, on one line, nothing in it that a terminal or a log obeys. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? quoted(value) : String(value);
}

export function quoted(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  const spelled = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(short).replace(new RegExp(`[${unprintable}]`, 'g'), spelled);
}

/** `stages.production.servers[0].host` */
export function dotted(path: readonly (string | number)[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number'
        ? `[${part}]`
        : `${index === 0 ? '' : '.'}${/^[\w-]+$/.test(part) ? part : quoted(part)}`,
    )
    .join('');
}
