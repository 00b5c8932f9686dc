import { Failure, type FailureCode } from '../../domain/failure.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import type { StoreAnswer, StoreEntry } from '../../ports/secret-store.ts';

/** How many requests a store gets at the same time. */
const width = 8;

/** What concerns one reference only; everything else ends the whole read. */
const ofOneReference: readonly FailureCode[] = ['STORE_DENIED', 'SECRET_MISSING', 'REFERENCE_INVALID'];

/** An answer for each reference, in their order. What several of them name is read once. @throws Failure of the store as a whole */
export async function answerEach(
  references: readonly Reference[],
  read: (reference: Reference) => Promise<StoreEntry>,
): Promise<readonly StoreAnswer[]> {
  const places = new Map(references.map((reference) => [placeOf(reference), reference]));
  const found = new Map<string, readonly [StoreEntry] | Failure>();
  await inParallel([...places], async ([place, reference]) => {
    found.set(place, await answer(() => read(reference)));
  });
  return references.map((reference) => {
    const entries = found.get(placeOf(reference)) ?? [];
    return entries instanceof Failure ? { reference, failure: entries } : { reference, entries };
  });
}

/** Does `work` on all items, a few at a time. The first failure ends it after the work that is under way. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      await work(item).catch((thrown: unknown) => {
        left.length = 0;
        throw thrown;
      });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: width }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function answer(read: () => Promise<StoreEntry>): Promise<readonly [StoreEntry] | Failure> {
  try {
    return [await read()];
  } catch (thrown) {
    if (thrown instanceof Failure && ofOneReference.includes(thrown.code)) return thrown;
    throw thrown;
  }
}

function placeOf({ locator, version, stage }: Reference): string {
  return JSON.stringify([locator, version, stage]);
}
