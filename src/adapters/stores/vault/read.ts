import type { Reference } from '../../../domain/secrets/reference.ts';
import type { StoreAnswer, StoreEntry, StoreLimits } from '../../../ports/secret-store.ts';
import { entryOf } from './entry.ts';
import { refusalOf, requestFor } from './kv.ts';
import { answerAll, type Store } from './lookup.ts';
import type { Refusal, Spot } from './refusals.ts';

/** Reads what the references name, each path once. */
export function readAll(
  store: Store,
  references: readonly Reference[],
  limits: StoreLimits,
): Promise<readonly StoreAnswer[]> {
  return answerAll(store, references, { limits, entryAt: (spot, within) => readAt(store, spot, within) });
}

async function readAt({ session }: Store, spot: Spot, limits: StoreLimits): Promise<StoreEntry | Refusal> {
  const answer = await session.ask(requestFor(spot, 'value'), limits);
  if (answer.kind === 'refused') return await refusalOf(session, spot, answer, limits);
  const entry = entryOf(spot, answer.body, session.ports.clock.now());
  if (entry?.lease !== undefined) session.hold({ ...entry.lease, path: spot.place.path });
  return entry ?? { kind: 'missing' };
}
