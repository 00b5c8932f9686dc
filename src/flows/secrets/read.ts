import { asFailure, Failure } from '../../domain/failure.ts';
import { type Reference, renderReference } from '../../domain/secrets/reference.ts';
import type { StoreAnswer, StoreLimits } from '../../ports/secret-store.ts';
import type { SecretStores } from '../../ports/secret-stores.ts';

/** `read` gives values, `check` only shows that they exist and may be read. */
export type Manner = 'read' | 'check';

interface Asking {
  readonly stores: SecretStores;
  readonly limits: StoreLimits;
  readonly manner: Manner;
}

/**
 * Asks every store at once for all that it is to give: one answer a reference, in their order.
 * A store that cannot be used as a whole answers each of its references with that failure.
 */
export async function askStores(asking: Asking, references: readonly Reference[]): Promise<readonly StoreAnswer[]> {
  const answers: StoreAnswer[] = new Array(references.length);
  const byStore = Map.groupBy(references.keys(), (index) => references[index]?.store ?? '');
  const asked = [...byStore].map(async ([store, indexes]) => {
    const own = indexes.map((index) => references[index] as Reference);
    const given = await askStore(asking, store, own);
    for (const [at, index] of indexes.entries()) answers[index] = given[at] ?? unanswered(own[at] as Reference);
  });
  await Promise.all(asked);
  return answers;
}

async function askStore(
  { stores, limits, manner }: Asking,
  name: string,
  own: readonly Reference[],
): Promise<readonly StoreAnswer[]> {
  try {
    const store = await stores.open(name);
    return await store[manner](own, limits);
  } catch (thrown) {
    const failure = asFailure(thrown);
    return own.map((reference) => ({ reference, failure }));
  }
}

function unanswered(reference: Reference): StoreAnswer {
  const failure = new Failure('BUG', `the store gave no answer for ${renderReference(reference)}`);
  return { reference, failure };
}
