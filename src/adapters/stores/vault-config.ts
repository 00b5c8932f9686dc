import type { Reference } from '../../domain/secrets/reference.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import type { VaultAuthSettings, VaultSettings } from '../../domain/secrets/settings.ts';
import type { VaultAuth, VaultConfig } from './vault/config.ts';

/** Reads a PEM file of the workspace. */
export type ReadPem = (path: string) => Promise<string>;

interface Readers {
  readonly credential: (reference: Reference) => Promise<Secret>;
  readonly pem: ReadPem;
}

/** The settings with the files and credentials that they name. */
export async function vaultConfig(settings: VaultSettings, readers: Readers): Promise<VaultConfig> {
  const { url, namespace, audience, headers, ca, cert, key } = settings;
  return {
    url,
    namespace,
    audience,
    headers,
    auth: await authOf(settings.auth, readers),
    ca: ca === undefined ? undefined : await readers.pem(ca),
    cert: cert === undefined ? undefined : await readers.pem(cert),
    key: key === undefined ? undefined : await readers.credential(key),
  };
}

async function authOf(auth: VaultAuthSettings, { credential, pem }: Readers): Promise<VaultAuth> {
  switch (auth.method) {
    case 'jwt':
      return auth;
    case 'token':
      return { method: 'token', token: await credential(auth.token) };
    case 'approle': {
      const { method, mount, roleId } = auth;
      return { method, mount, roleId, secretId: await credential(auth.secretId) };
    }
    case 'cert': {
      const { method, mount, name } = auth;
      return { method, mount, name, cert: await pem(auth.cert), key: await credential(auth.key) };
    }
  }
}
