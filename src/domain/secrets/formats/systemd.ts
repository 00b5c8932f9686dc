import type { Writer } from './writer.ts';

/** `NAME="value"` for `EnvironmentFile=`: in double quotes a backslash escapes what a shell escapes there, and nothing is expanded (systemd.exec(5)). */
export const systemd: Writer = {
  refusal: (value) =>
    /(?![\t\n])[\x00-\x1f\x7f]/.test(value) ? 'systemd drops values with control characters' : undefined,
  write: (values) => values.map(([name, value]) => `${name}="${value.replace(/["\\`$]/g, '\\$&')}"\n`).join(''),
};
