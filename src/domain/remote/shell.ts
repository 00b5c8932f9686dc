/** A command as words: the program and its arguments. Nothing in it is ever shell text. */
export type Words = readonly [program: string, ...words: string[]];

/** One word as POSIX sh reads it back unchanged. The only place that quotes. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new RangeError('a word of a command cannot hold a NUL');
  return /^[A-Za-z0-9_./:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The words as one line of POSIX sh. */
export function render(words: readonly string[]): string {
  return words.map(quote).join(' ');
}
