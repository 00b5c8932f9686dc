import type { Search } from './search.ts';
import { searchFor } from './search.ts';

/** Replaces every mask by `***`; masks that overlap or touch become one, as in the runner's own log. */
export interface Redaction {
  redact(text: string): string;
  stream(): Redactor;
}

/** Redacts a text that comes in pieces, whatever the pieces are; it holds back at most the longest mask. */
export interface Redactor {
  /** What may be shown by now. */
  feed(text: string): string;
  /** The rest, when nothing more will come. */
  end(): string;
}

export function redaction(masks: readonly string[]): Redaction {
  const search = searchFor(masks);
  return {
    stream: () => new StreamRedactor(search),
    redact: (text) => {
      const redactor = new StreamRedactor(search);
      return redactor.feed(text) + redactor.end();
    },
  };
}

class StreamRedactor implements Redactor {
  readonly #search: Search;
  #held = '';
  /** Up to where in the held text the last `***` reaches; `undefined` where it ended before. */
  #hidden: number | undefined;

  constructor(search: Search) {
    this.#search = search;
  }

  feed(text: string): string {
    this.#held += text;
    return this.#take('more may come');
  }

  end(): string {
    const rest = this.#take('this is all');
    this.#hidden = undefined;
    return rest;
  }

  #take(rest: 'more may come' | 'this is all'): string {
    const text = this.#held;
    let hidden = this.#hidden;
    let shownTo = hidden ?? 0;
    let shown = '';
    const settled = this.#search.each(text, rest, (start, end) => {
      if (hidden === undefined || start > hidden) shown += `${text.slice(shownTo, start)}***`;
      hidden = Math.max(hidden ?? 0, end);
      shownTo = hidden;
    });
    this.#held = text.slice(settled);
    this.#hidden = hidden !== undefined && hidden >= settled ? hidden - settled : undefined;
    return shown + text.slice(shownTo, Math.max(shownTo, settled));
  }
}
