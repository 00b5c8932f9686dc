import fc from 'fast-check';
import { anySecret, survivors } from '../rig/masking.ts';

/** A hundred thousand values, each printed in every way that we know, under the runner's masker and ours. */
export async function soakMasks(share: number): Promise<readonly string[]> {
  const seed = Date.now();
  const result = fc.check(
    fc.property(anySecret, (value) => survivors(value).length === 0),
    { numRuns: Math.ceil(100_000 / share), seed },
  );
  const value = result.counterexample?.[0];
  return value === undefined ? [] : [`seed ${seed}: ${JSON.stringify(value)}`, ...survivors(value)];
}
