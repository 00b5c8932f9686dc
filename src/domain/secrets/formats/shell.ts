import type { Writer } from './writer.ts';

/** `export NAME='value'` for `. FILE` in a POSIX shell. */
export const shell: Writer = {
  refusal: (value) => (value.includes('\0') ? 'a shell holds no NUL' : undefined),
  write: (values) => values.map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`).join(''),
};
