import type { Failure } from '../failure.ts';
import type { Reference } from './reference.ts';
import type { SecretRequest } from './request.ts';
import { StoreUnavailable } from './unavailable.ts';

/**
 * The second reference, where this failure of the first store is one that it stands in for: the store is unavailable by its own
 * word, or cannot be reached where `fallback_when: unreachable` is written. Whoever can cut a connection could else choose the store.
 */
export function fallbackFor(
  { fallback }: Pick<SecretRequest, 'fallback'>,
  failure: Failure | undefined,
  stage: 'gated' | 'open',
): Reference | undefined {
  if (fallback === undefined || !(failure instanceof StoreUnavailable)) return undefined;
  if (stage === 'gated' && fallback.gated === 'refused') return undefined;
  const counts = failure.how === 'answered' || (failure.how === 'unreachable' && fallback.when === 'unreachable');
  return counts ? fallback.from : undefined;
}
