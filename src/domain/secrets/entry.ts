import type { Secret } from './secret.ts';

/** What stands at one place of a store. A locator that ends in `/**` gives one for each place below it, everything else gives one. */
export interface StoreEntry {
  /** Below the locator of a `/**`; empty otherwise. */
  readonly path: string;
  readonly content: StoreContent;
  readonly version: string | undefined;
  readonly created: Date | undefined;
  readonly expires: Date | undefined;
  readonly notBefore: Date | undefined;
  readonly rotation: Rotation;
  /** There where the value ends with its lease. */
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
