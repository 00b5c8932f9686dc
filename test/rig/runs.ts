// How much of a long series a run does: `npm test` a part of it, `npm run soak` all.

/** How `npm run soak` says that everything is wanted, and how a seed is given again. */
export const wholeVariable = 'SLIPWAY_WHOLE_SERIES';
export const seedVariable = 'SLIPWAY_SEED';

const soakFactor = 20;

/** Whether all of every series is wanted. */
export function isWhole(): boolean {
  return process.env[wholeVariable] === '1';
}

/**
 * For `numRuns` of a property and for rounds of a contest: `usual` in `npm test`, many times that in `npm run soak`.
 */
export function runs(usual: number): number {
  return isWhole() ? usual * soakFactor : usual;
}

export interface Sample<T> {
  readonly chosen: readonly T[];
  /** For the title of the suite: what was chosen and how it is chosen again. Empty where all is. */
  readonly note: string;
}

/** A part of `all`, in its order, chosen by a seed; all of it in `npm run soak`. */
export function sampleOf<T>(all: readonly T[], count: number): Sample<T> {
  if (isWhole() || count >= all.length) return { chosen: all, note: '' };
  const seed = seedOf();
  const order = all.map((_, index) => ({ index, rank: mix(seed + index) })).sort((a, b) => a.rank - b.rank);
  const chosen = new Set(order.slice(0, count).map(({ index }) => index));
  return {
    chosen: all.filter((_, index) => chosen.has(index)),
    note: ` (${count} of ${all.length}, ${seedVariable}=${seed}; npm run soak does all)`,
  };
}

/**
 * Gives each member of a series one of its variants, another one with another seed; all of them in `npm run soak`.
 * Half of the members have the one variant and half the other, so that no run is without either.
 */
export function takeTurns(variants: number): {
  readonly note: string;
  readonly takes: (member: number, variant: number) => boolean;
} {
  const seed = seedOf();
  return {
    note: isWhole() ? '' : ` (each takes one of ${variants} turns, ${seedVariable}=${seed}; npm run soak does all)`,
    takes: (member, variant) => isWhole() || (member + seed) % variants === variant,
  };
}

/**
 * The seed of this run: the one that is given, else another one each day, so that a failure is still there when one
 * looks at it.
 */
export function seedOf(): number {
  const given = Number(process.env[seedVariable] ?? Number.NaN);
  return Number.isSafeInteger(given) ? given : Math.floor(Date.now() / 86_400_000);
}

/**
 * A number that looks like chance (Steele and others, "Fast splittable pseudorandom number generators", 2014, the
 * finalizer of 32 bits).
 */
function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
