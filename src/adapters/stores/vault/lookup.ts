import { Failure } from '../../../domain/failure.ts';
import type { Reference } from '../../../domain/secrets/reference.ts';
import type { StoreAnswer, StoreEntry, StoreLimits } from '../../../ports/secret-store.ts';
import { placesBelow } from './list.ts';
import type { Mounts } from './mounts.ts';
import { invalid, type Place, placeOf } from './place.ts';
import { failureOf, type Refusal, type Spot } from './refusals.ts';
import type { Session } from './session.ts';

export interface Store {
  readonly session: Session;
  readonly mounts: Mounts;
}

export interface Lookup {
  readonly limits: StoreLimits;
  /** What stands at a spot, read or checked. */
  readonly entryAt: (spot: Spot, limits: StoreLimits) => Promise<StoreEntry | Refusal>;
}

/**
 * One answer a reference, in their order; references to one place share one lookup.
 * @throws Failure where the store as a whole is of no use; what is still on its way is then given up
 */
export async function answerAll(
  store: Store,
  references: readonly Reference[],
  { limits, entryAt }: Lookup,
): Promise<readonly StoreAnswer[]> {
  const rest = new AbortController();
  const within = { ...limits, signal: AbortSignal.any([limits.signal, rest.signal]) };
  const found = new Map<string, Promise<readonly StoreEntry[] | Failure>>();
  const entriesOf = (reference: Reference) => {
    const place = placeOf(reference);
    if (place instanceof Failure) return Promise.resolve(place);
    const key = JSON.stringify([place.segments, place.reach, place.version]);
    const entries = found.get(key) ?? lookUp(store, reference, { place, limits: within, entryAt });
    found.set(key, entries);
    return entries;
  };
  try {
    return await Promise.all(references.map(async (reference) => answerOf(reference, await entriesOf(reference))));
  } finally {
    rest.abort();
  }
}

function answerOf(reference: Reference, found: readonly StoreEntry[] | Failure): StoreAnswer {
  return found instanceof Failure ? { reference, failure: found } : { reference, entries: found };
}

async function lookUp(
  store: Store,
  reference: Reference,
  { place, limits, entryAt }: Lookup & { readonly place: Place },
): Promise<readonly StoreEntry[] | Failure> {
  const mount = await store.mounts.of(place.segments, limits);
  if (mount.kind === 'refused') return unmounted(reference, place);
  const spot = { store: reference.store, place, mount };
  if (place.reach === 'all below') return await lookUpBelow(store, reference, { spot, limits, entryAt });
  if (place.version !== undefined && mount.kind !== 'kv2') return invalid(reference, 'has no versions');
  const entry = await entryAt(spot, limits);
  return 'content' in entry ? [entry] : failureOf(spot, entry);
}

/** Every secret below a folder. Vault also lists those whose newest version is deleted or destroyed, or not written yet. */
async function lookUpBelow(
  { session }: Store,
  reference: Reference,
  { spot, limits, entryAt }: Lookup & { readonly spot: Spot },
): Promise<readonly StoreEntry[] | Failure> {
  if (spot.mount.kind === 'other') return invalid(reference, 'ends in `/**`, and its engine is no key-value store');
  const places = await placesBelow(session, spot, limits);
  if (places instanceof Failure) return places;
  const start = spot.place.segments.length;
  const entries = await Promise.all(
    places.map(async (place) => {
      const entry = await entryAt({ ...spot, place }, limits);
      if ('content' in entry) return { ...entry, path: place.segments.slice(start).join('/') };
      const gone = entry.kind === 'deleted' || entry.kind === 'destroyed' || entry.kind === 'missing';
      return gone ? [] : failureOf({ ...spot, place }, entry);
    }),
  );
  const failure = entries.flat().find((entry) => entry instanceof Failure);
  const standing = entries.flat().filter((entry): entry is StoreEntry => !(entry instanceof Failure));
  return failure ?? (standing.length > 0 ? standing : failureOf(spot, { kind: 'missing' }));
}

/** Vault does not tell a mount that is not there from one of which no policy allows anything. */
function unmounted({ store }: Reference, { path, segments }: Place): Failure {
  return new Failure('STORE_DENIED', `No policy of this job allows anything at ${path} of the store ${store}.`, {
    hint: `Check that an engine is mounted at ${segments[0]}, and the policies of the role.`,
  });
}
