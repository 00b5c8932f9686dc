import type { Share } from '../text/measures.ts';

/** So many of `total`: a count as it is, a percentage rounded up. */
export function amountOf(share: Share, total: number): number {
  switch (share.kind) {
    case 'count':
      return Math.min(share.count, total);
    case 'percent':
      return Math.ceil((share.percent / 100) * total);
  }
}

/**
 * Cuts a fleet into batches. Each share says how much of the fleet has been switched when its batch is done; the last
 * batch takes the rest.
 */
export function cutBatches<T>(fleet: readonly T[], shares: readonly Share[]): T[][] {
  const batches: T[][] = [];
  let done = 0;
  for (const share of shares) {
    const until = amountOf(share, fleet.length);
    if (until > done) batches.push(fleet.slice(done, until));
    done = Math.max(done, until);
  }
  if (done < fleet.length) batches.push(fleet.slice(done));
  return batches;
}

/** How many servers may be left out: within the share, and never more than half. */
export function mostAbsent(share: Share, total: number): number {
  return Math.min(amountOf(share, total), Math.floor(total / 2));
}
