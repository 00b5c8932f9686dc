import type { Failure } from '../domain/failure.ts';
import type { Reference } from '../domain/secrets/reference.ts';
import type { Secret } from '../domain/secrets/secret.ts';

/**
 * One store of secrets, opened for one run. A selector of a reference is applied by the caller, the same for every
 * store.
 */
export interface SecretStore extends AsyncDisposable {
  /**
   * Reads what the references name: one answer each, in their order. Paths that several references share are read once.
   * @throws Failure where the store as a whole cannot be used: `STORE_UNAVAILABLE`, `TRUST_REFUSED`,
   * `ID_TOKEN_UNAVAILABLE`, `CANCELLED`
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

/**
 * The content at one path of a store. A locator that ends in `/**` gives one for each path below it, everything else
 * gives one.
 */
export interface StoreEntry {
  /** Below the locator of a `/**`; empty otherwise. */
  readonly path: string;
  readonly content: StoreContent;
  readonly version: string | undefined;
  readonly created: Date | undefined;
  readonly expires: Date | undefined;
  readonly notBefore: Date | undefined;
  readonly rotation: Rotation;
  /** Set where the value expires with its lease. */
  readonly lease: Lease | undefined;
}

export type StoreContent =
  | { readonly kind: 'text'; readonly text: Secret }
  /** Values that are not text are given as their JSON. */
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, Secret> }
  | { readonly kind: 'not read' };

export interface Rotation {
  /** `overdue`: the store meant to rotate it by now and has not. `in flight`: a new version is being made. */
  readonly state: 'none' | 'scheduled' | 'overdue' | 'in flight';
  readonly next: Date | undefined;
}

export interface Lease {
  readonly id: string;
  readonly ends: Date;
  readonly renewable: 'renewable' | 'fixed';
}
