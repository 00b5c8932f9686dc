import type { Writer } from './writer.ts';

/** The longest line that Go's line scanner takes, in bytes. */
const longestLine = 65_535;
const longestName = 200;

/**
 * `NAME=value` for `docker run --env-file`: the value is the rest of the line as it is. Newer versions take quotes around it away,
 * older ones do not (docker/cli, pkg/kvfile).
 */
export const docker: Writer = {
  refusal: (value) => {
    if (/[\n\0]/.test(value)) return 'docker reads values of one line only';
    if (value.endsWith('\r')) return 'docker takes the carriage return at its end away';
    if (value.length > 1 && /^(["']).*\1$/s.test(value))
      return 'some versions of docker take the quotes around it away';
    const bytes = new TextEncoder().encode(value).length;
    return bytes + longestName >= longestLine ? 'docker reads no line of more than 64 KB' : undefined;
  },
  write: (values) => values.map(([name, value]) => `${name}=${value}\n`).join(''),
};
