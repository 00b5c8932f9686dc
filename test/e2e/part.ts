// How a suite says that the machine lacks a program: skipped by name, but a failure where CI=true.
import { describe, it } from 'vitest';

/** A suite that needs parts of the machine. `lacking`: the sentence of a fixture's `missing()`. */
export function suite(title: string, lacking: string | undefined, body: () => void): void {
  if (lacking === undefined) describe(title, body);
  else if (process.env['CI'] === 'true') describe(title, () => it('has all that it needs', () => Promise.reject(new Error(lacking))));
  else describe.skip(`${title} (${lacking})`, body);
}
