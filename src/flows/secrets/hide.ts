import type { StoreEntry } from '../../domain/secrets/entry.ts';
import type { FetchedSecret } from '../../domain/secrets/fetched.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import type { StoreAnswer } from '../../ports/secret-store.ts';
import type { Redaction } from '../../ports/secret-stores.ts';

/**
 * Hides all that the stores gave, also fields that nobody asked for: a server or a program may print them all the same.
 * A value that no reference takes but with `mask=false` stays readable, within other texts too.
 */
export async function hideAll(
  redaction: Redaction,
  answers: readonly StoreAnswer[],
  secrets: readonly FetchedSecret[],
): Promise<void> {
  const masked = valuesOf(secrets, 'masked');
  const taken = new Set(masked.map((secret) => secret.reveal()));
  const shown = valuesOf(secrets, 'shown').filter((secret) => !taken.has(secret.reveal()));
  const given = answers.flatMap((answer) => ('entries' in answer ? answer.entries.flatMap(textsOf) : []));
  await redaction.hide([...masked, ...given], shown);
}

function valuesOf(secrets: readonly FetchedSecret[], mask: FetchedSecret['request']['mask']): readonly Secret[] {
  return secrets.filter(({ request }) => request.mask === mask).map(({ value }) => value);
}

function textsOf({ content }: StoreEntry): readonly Secret[] {
  switch (content.kind) {
    case 'text':
      return [content.text];
    case 'fields':
      return [...content.fields.values()];
    case 'not read':
      return [];
  }
}
