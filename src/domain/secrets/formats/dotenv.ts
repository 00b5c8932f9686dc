import { joinWords } from '../../text/phrases.ts';
import type { Writer } from './writer.ts';

/** Who reads `.env` files. There is no standard: a value is written only in a way that all of them read alike. */
const readers = ['a POSIX shell', 'dotenv of npm', 'python-dotenv', 'Docker Compose', 'dotenv of Ruby'] as const;
type Reader = (typeof readers)[number];

/** Quotes, and what in them each reader takes for something else. */
interface Quoting {
  readonly quote: string;
  readonly breaks: Readonly<Record<Reader, RegExp>>;
}

/** Readers but the shell make `\n` of a carriage return, and take a backslash for an escape in front of the closing quote. */
const single: Quoting = {
  quote: "'",
  breaks: {
    'a POSIX shell': /['\0]/,
    'dotenv of npm': /['\r\0]|\\$/,
    'python-dotenv': /['\r\0]|\\\\|\\$|\$\{[^}:]*(?::-[^}]*)?\}/,
    'Docker Compose': /['\r\0]|\\$/,
    'dotenv of Ruby': /['\r\0]|\\$/,
  },
};
const double: Quoting = {
  quote: '"',
  breaks: {
    'a POSIX shell': /["$`\\\0]/,
    'dotenv of npm': /["\r\\\0]/,
    'python-dotenv': /["\r\\\0]|\$\{[^}:]*(?::-[^}]*)?\}/,
    'Docker Compose': /["\r$\\\0]/,
    'dotenv of Ruby': /["\r$\\\0]/,
  },
};

/** `NAME='value'`, with double quotes where the value holds single ones; values of several lines too. */
export const dotenv: Writer = {
  refusal: (value) => {
    const misled = [single, double].map((quoting) => misledBy(quoting, value));
    const fewest = misled.toSorted((one, other) => one.length - other.length)[0] ?? [];
    return fewest.length === 0 ? undefined : `${joinWords(fewest)} would read another value, however it is quoted`;
  },
  write: (values) =>
    values
      .map(([name, value]) => {
        const { quote } = misledBy(single, value).length === 0 ? single : double;
        return `${name}=${quote}${value}${quote}\n`;
      })
      .join(''),
};

function misledBy({ breaks }: Quoting, value: string): readonly Reader[] {
  return readers.filter((reader) => breaks[reader].test(value));
}
