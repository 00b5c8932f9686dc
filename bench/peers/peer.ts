import type { Field } from '../field.ts';
import type { Ran } from '../measure.ts';

/** A way to deploy that takes part. */
export interface Peer {
  readonly name: string;
  /** What runs, for the reader of the table. */
  readonly what: string;
  /** What the machine lacks for it, and how to get it. */
  readonly missing: string | undefined;
  /** Once for a field, outside of what is measured. */
  prepare(field: Field): void;
  /** Deploys the commit, which is checked out. */
  deploy(field: Field, revision: string): Promise<Ran>;
}

/** Milliseconds after which a deploy is ended. */
export const limit = 120_000;

/** What programs are started with: nothing of the user who runs the comparison. */
export function environment(home: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, LC_ALL: 'C.UTF-8' };
}
