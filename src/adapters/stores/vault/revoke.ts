import { Secret } from '../../../domain/secrets/secret.ts';
import type { StoreLimits } from '../../../ports/secret-store.ts';
import type { VaultApi } from './api.ts';
import type { VaultConfig } from './config.ts';
import type { Revocable } from './hand-over.ts';
import type { Json } from './json.ts';

/** A refusal counts as done: what has ended is gone already. It never rejects. */
export async function revoke(
  api: VaultApi,
  { token, what }: Revocable,
  limits: StoreLimits,
): Promise<'revoked' | 'not reached'> {
  const secret = new Secret('token', token);
  const write = (path: string, body: Json) => api.ask({ verb: 'write', path, body, token: secret }, limits);
  try {
    if (what === 'token') await write('auth/token/revoke-self', {});
    else await Promise.all(what.map((id) => write('sys/leases/revoke', { lease_id: id, sync: true })));
    return 'revoked';
  } catch {
    return 'not reached';
  }
}

export function accessOf({ url, namespace, headers, ca, cert, key, auth }: VaultConfig): Revocable['access'] {
  const shown = auth.method === 'cert' ? auth : { cert, key };
  return { url, namespace, headers, ca, cert: shown.cert, key: shown.key?.reveal() };
}
