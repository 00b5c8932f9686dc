import type { Reference } from '../../src/domain/secrets/reference.ts';
import type { SecretRequest } from '../../src/domain/secrets/request.ts';
import { reference } from './references.ts';

type Given = Partial<Omit<SecretRequest, 'fallback'>> & {
  readonly fallback?: Reference;
  readonly when?: 'unavailable' | 'unreachable';
  readonly gated?: 'allowed' | 'refused';
};

/** `NAME` or `NAME_*` from a place of a store, with what differs from the usual request. */
export function request(name: string, from: Reference | string, given: Given = {}): SecretRequest {
  const { fallback, when = 'unavailable', gated = 'refused', ...more } = given;
  return {
    names: name.endsWith('*') ? { kind: 'prefixed', prefix: name.slice(0, -1) } : { kind: 'single', name },
    from: typeof from === 'string' ? reference('main', from) : from,
    maxAge: undefined,
    onStale: 'warn',
    mask: 'masked',
    fallback: fallback === undefined ? undefined : { from: fallback, when, gated },
    ...more,
  };
}
