/** A word of an inline line, and the column it begins in, from 1. */
export interface Word {
  readonly text: string;
  readonly column: number;
  /** The column of each of its characters: quotes and escapes make them differ from the text. */
  readonly columns: readonly number[];
}

export interface WordFault {
  readonly column: number;
  readonly sentence: string;
}

/**
 * Splits the rest of a line into words at white space. Quotes hold white space together, at the begin of a word or behind its first `=`;
 * in double ones `\"` and `\\` are escapes. A comment begins with `#` between white space.
 */
export function splitWords(line: string, from: number): readonly Word[] | WordFault {
  const words: Word[] = [];
  let at = from;
  for (;;) {
    while (isSpace(line[at])) at += 1;
    if (at >= line.length) return words;
    if (line[at] === '#') return line.length === at + 1 || isSpace(line[at + 1]) ? words : commentFault(at);
    const read = readWord(line, at);
    if ('sentence' in read) return read;
    words.push(read.word);
    at = read.end;
  }
}

type Read = { readonly word: Word; readonly end: number } | WordFault;

function readWord(line: string, start: number): Read {
  if (isQuote(line[start])) return quotedWord(line, start, start);
  const [option = ''] = /^[^ \t=]+=/.exec(line.slice(start)) ?? [];
  const opening = start + option.length;
  return option !== '' && isQuote(line[opening]) ? quotedWord(line, start, opening) : bareWord(line, start);
}

function bareWord(line: string, start: number): Read {
  const [text = ''] = /^[^ \t]+/.exec(line.slice(start)) ?? [];
  return { word: wordOf(text, start, indexes(start, text.length)), end: start + text.length };
}

function quotedWord(line: string, start: number, opening: number): Read {
  const quote = line[opening];
  const columns = [...indexes(start, opening - start)];
  let text = line.slice(start, opening);
  let at = opening + 1;
  while (at < line.length && line[at] !== quote) {
    if (quote === '"' && line[at] === '\\' && (line[at + 1] === '"' || line[at + 1] === '\\')) at += 1;
    text += line[at];
    columns.push(at);
    at += 1;
  }
  if (at >= line.length) return { column: opening + 1, sentence: 'the quote is not closed' };
  if (at + 1 < line.length && !isSpace(line[at + 1]))
    return { column: at + 2, sentence: 'behind a closing quote stands white space' };
  return { word: wordOf(text, start, columns), end: at + 1 };
}

function wordOf(text: string, start: number, columns: readonly number[]): Word {
  return { text, column: start + 1, columns: columns.map((index) => index + 1) };
}

function indexes(start: number, length: number): readonly number[] {
  return Array.from({ length }, (_, index) => start + index);
}

function commentFault(at: number): WordFault {
  return { column: at + 1, sentence: 'a comment has a space behind its `#`; quote a reference that holds white space' };
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'";
}
