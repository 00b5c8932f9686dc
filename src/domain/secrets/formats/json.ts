import type { Writer } from './writer.ts';

/** One object of names and texts. */
export const json: Writer = {
  refusal: () => undefined,
  write: (values) => `${JSON.stringify(Object.fromEntries(values), undefined, 2)}\n`,
};
