import type { Failure } from '../failure.ts';
import { remedies } from '../failure-codes.ts';
import { markdown, plain } from './escape.ts';
import type { Naming } from './server-names.ts';

/** How the words of a report are written: as Markdown for the summary, or plainly for the log. */
export interface Formatter {
  /** Words from outside, made harmless, on one line and of bounded length. */
  outside(text: string): string;
  /** A release, a revision, a code: what somebody may want to copy. */
  id(text: string): string;
  server(name: string): string;
  hint(failure: Failure): string;
}

/** Characters that are kept of one text from outside. */
const longest = 1000;

export const logFormat: Formatter = {
  outside: (text) => plain(text, longest),
  id: (text) => plain(text, longest),
  server: (name) => plain(name, longest),
  hint: (failure) => plain(failure.hint, longest),
};

export function markdownFormat(naming: Naming): Formatter {
  const outside = (text: string): string => markdown(naming.redact(plain(text)), longest);
  return {
    outside,
    id: (text) => (/^[\w.-]{1,100}$/.test(text) ? `\`${text}\`` : outside(text)),
    server: (name) => markdown(naming.server(name), longest),
    // The general remedies are our own words and may keep their code spans.
    hint: (failure) => (failure.hint === remedies[failure.code] ? failure.hint : outside(failure.hint)),
  };
}
