import type { Reference } from '../reference.ts';
import { isTree } from '../reference.ts';

/** A place in a store, or everything below it. */
export interface Place {
  readonly path: string;
  readonly extent: 'itself' | 'below';
}

/** The places that references name, each once, sorted. */
export function placesOf(references: readonly Reference[]): readonly Place[] {
  const places = new Map(references.map((reference) => [reference.locator, placeOf(reference)]));
  return [...places.values()].toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

function placeOf(reference: Reference): Place {
  return isTree(reference)
    ? { path: reference.locator.slice(0, -'/**'.length), extent: 'below' }
    : { path: reference.locator, extent: 'itself' };
}
