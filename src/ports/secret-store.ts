import type { Failure } from '../domain/failure.ts';
import type { StoreEntry } from '../domain/secrets/entry.ts';
import type { Reference } from '../domain/secrets/reference.ts';

export type { Lease, Rotation, StoreContent, StoreEntry } from '../domain/secrets/entry.ts';

/**
 * One store of secrets, opened for one run. A selector of a reference is applied by the caller, the same for every
 * store.
 */
export interface SecretStore extends AsyncDisposable {
  /**
   * Reads what the references name: one answer each, in their order. Paths that several references share are read once.
   * @throws Failure where the store as a whole cannot be used: `STORE_UNAVAILABLE`, `STORE_INVALID`, `STORE_DENIED`,
   * `TRUST_REFUSED`, `ID_TOKEN_UNAVAILABLE`, `CANCELLED`
   */
  read(references: readonly Reference[], limits: StoreLimits): Promise<readonly StoreAnswer[]>;
  /**
   * The same without reading a value where the store allows it: whether each exists and may be read. `entries` then
   * hold no content.
   */
  check(references: readonly Reference[], limits: StoreLimits): Promise<readonly StoreAnswer[]>;
  /** Renews leases that would end before `until`. @returns why leases could not be kept */
  renew(until: Date): Promise<readonly Failure[]>;
  /** Disposing revokes leases and the token of the store, as far as it can be; it never throws. */
}

export interface StoreLimits {
  /** Attempts go on until then. */
  readonly deadline: Date;
  readonly signal: AbortSignal;
}

export type StoreAnswer =
  | { readonly reference: Reference; readonly entries: readonly StoreEntry[] }
  | { readonly reference: Reference; readonly failure: Failure };
