import type { StoreEntry } from './entry.ts';
import type { SecretRequest } from './request.ts';
import type { Secret } from './secret.ts';

/** A secret that was read: what it is called, and what the store said of it. */
export interface FetchedSecret {
  readonly name: string;
  readonly value: Secret;
  readonly entry: StoreEntry;
  readonly request: SecretRequest;
  /** Whether it came from the request's own reference or from its fallback. */
  readonly source: 'store' | 'fallback';
}

/** The name of the store that the value came from. */
export function storeOf({ request, source }: Pick<FetchedSecret, 'request' | 'source'>): string {
  return source === 'fallback' && request.fallback !== undefined ? request.fallback.from.store : request.from.store;
}
