import { z } from 'zod';
import type { Reference } from '../../secrets/reference.ts';
import { parseReference } from '../../secrets/reference.ts';
import type { Schema } from './vocabulary.ts';

const expected = 'a reference such as "main://kv/app#field"';

/** What stands there is never shown: who mistakes the place writes the secret itself. */
const silent = (what: string) => ({
  error: ({ input }: { readonly input?: unknown }) =>
    input === undefined ? `is missing: expected ${what}` : `expected ${what}`,
});

/** Where a secret lives. An issue of a fault has the character where it begins, as `params.at`. */
export function reference() {
  return z
    .string(silent(expected))
    .transform((input, context): Reference => {
      const parsed = parseReference(input);
      if (parsed.kind === 'reference') return parsed.reference;
      context.addIssue({ code: 'custom', message: parsed.sentence, params: { at: parsed.at } });
      return z.NEVER;
    })
    .meta({ written: 'reference' });
}

/** A reference, or a map that holds one. */
export function referenceOr<Form extends Schema>(form: Form) {
  return z.union([reference(), form], silent(`${expected}, or a map with "from"`));
}
