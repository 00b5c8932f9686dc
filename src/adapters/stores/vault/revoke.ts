import { Secret } from '../../../domain/secrets/secret.ts';
import type { StoreLimits } from '../../../ports/secret-store.ts';
import type { VaultApi } from './api.ts';
import type { VaultConfig } from './config.ts';
import type { Revocable } from './hand-over.ts';

/** Revokes as far as it can be. A refusal counts as done: what has ended is gone already. */
export async function revoke(api: VaultApi, { token, what }: Revocable, limits: StoreLimits): Promise<void> {
  const secret = new Secret('token', token);
  if (what === 'token') {
    const request = { verb: 'write', path: 'auth/token/revoke-self', token: secret } as const;
    await api.ask(request, limits).catch(() => undefined);
    return;
  }
  const revokeLease = async (id: string) => {
    const body = { lease_id: id, sync: true };
    await api.ask({ verb: 'write', path: 'sys/leases/revoke', body, token: secret }, limits).catch(() => undefined);
  };
  await Promise.all(what.map(revokeLease));
}

export function accessOf({ url, namespace, headers, ca, cert, key, auth }: VaultConfig): Revocable['access'] {
  const shown = auth.method === 'cert' ? auth : { cert, key };
  return { url, namespace, headers, ca, cert: shown.cert, key: shown.key?.reveal() };
}
