import type { Secret } from '../../../domain/secrets/secret.ts';
import { StoreUnavailable } from '../../../domain/secrets/unavailable.ts';
import type { StoreLimits } from '../../../ports/secret-store.ts';
import { isObject, type Json, textsOf } from './json.ts';

/** One request: `path` is encoded, below `/v1/`. */
export interface VaultRequest {
  readonly verb: 'read' | 'list' | 'write';
  readonly path: string;
  readonly body?: Json;
  readonly token?: Secret;
}

export type VaultAnswer = { readonly kind: 'ok'; readonly body: Json } | Refused;

/** An answer that another attempt would not change. */
export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  readonly errors: readonly string[];
  readonly body: Json;
}

export interface VaultApi {
  /** @throws StoreUnavailable; Failure `CANCELLED` */
  ask(request: VaultRequest, limits: StoreLimits): Promise<VaultAnswer>;
}

export function refused(status: number, body: unknown): Refused {
  const found = isObject(body) ? body : {};
  return { kind: 'refused', status, errors: textsOf(found['errors']), body: found };
}

/**
 * Whether the token itself is refused and not only what it asked for. OpenBao says so by the bare words;
 * what a policy forbids begins with `1 error occurred:`. Vault names the token since 1.13.
 */
export function refusesToken({ status, errors }: Refused): boolean {
  if (status !== 403) return false;
  return errors.join() === 'permission denied' || errors.some((error) => /\b(invalid|bad) token\b/.test(error));
}

/** A standby answers so until it knows the active node. */
export function isStandby({ status }: { readonly status: number }): boolean {
  return status === 472 || status === 473;
}

/** What statuses mean for Vault: https://developer.hashicorp.com/vault/api-docs#http-status-codes */
const meanings: Readonly<Record<number, string>> = {
  412: 'has not yet heard of what was written before',
  429: 'asks to be asked less often',
  472: 'is a standby of a recovery cluster',
  473: 'is a standby node',
  501: 'is not initialised',
  502: 'is not served by something behind it',
  503: 'is sealed or in maintenance',
};

/** The failure of a request, in words of Vault where there are some. */
export function explained(store: string, thrown: unknown): unknown {
  if (!(thrown instanceof StoreUnavailable) || thrown.how !== 'answered' || thrown.status === undefined) return thrown;
  const meaning = meanings[thrown.status];
  if (meaning === undefined) return thrown;
  const { status, cause } = thrown;
  return new StoreUnavailable('answered', `The store ${store} ${meaning}: status ${status} until the deadline.`, {
    status,
    cause,
  });
}

/** Something answered, and it is not Vault. */
export function notVault(store: string): StoreUnavailable {
  return new StoreUnavailable('not trusted', `What answers for the store ${store} does not answer like Vault.`, {
    hint: 'Check `url` of the store: it is the address of its API without `/v1`.',
  });
}
