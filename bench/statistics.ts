import type { Sample } from './measure.ts';

/** Several samples as one: the median, and the least and the most. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly n: number;
}

/** `undefined` where there is nothing to take it from. */
export function spreadOf(numbers: readonly number[]): Spread | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return undefined;
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length % 2 === 1
      ? (sorted[middle] as number)
      : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
  return { median, least, most, n: sorted.length };
}

/** How one peer fared in one cell. */
export interface Fared {
  readonly peer: string;
  readonly first: readonly Sample[];
  readonly again: readonly Sample[];
  /** What went wrong, one sentence for each run that does not count. */
  readonly faults: readonly string[];
}

/** What was measured in one cell. `name` says workload, servers, round trip and rate. */
export interface CellResult {
  readonly name: string;
  readonly fared: readonly Fared[];
}

/** Median seconds of the deploys of a next version. */
export function againSeconds(result: CellResult | undefined, peer: string): Spread | undefined {
  return spreadOf(result?.fared.find((one) => one.peer === peer)?.again.map(({ seconds }) => seconds) ?? []);
}

/** Median seconds of the first deploys. */
export function firstSeconds(result: CellResult | undefined, peer: string): Spread | undefined {
  return spreadOf(result?.fared.find((one) => one.peer === peer)?.first.map(({ seconds }) => seconds) ?? []);
}

/** The quotient of the medians. */
export function ratioOf(ours: Spread | undefined, theirs: Spread | undefined): number | undefined {
  return ours === undefined || theirs === undefined || theirs.median === 0 ? undefined : ours.median / theirs.median;
}
