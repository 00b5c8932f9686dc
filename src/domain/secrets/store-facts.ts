import type { StoreSettings, VaultSettings } from './settings.ts';

/** What policies and trust are made of: the parts of a store's configuration that its own administrator needs. */
export type StoreFacts = VaultFacts | AwsFacts | AzureFacts | GcpFacts | OtherFacts;

export interface VaultFacts {
  readonly type: 'vault';
  /** Where the JWT auth method is mounted. */
  readonly mount: string;
  readonly role: string;
  readonly audience: string;
  /** What is mounted where secrets are read, as far as it is known. */
  readonly engines: ReadonlyMap<string, Engine>;
}

/** `leased`: what answers with credentials of its own, such as a database. */
export type Engine = 'kv 1' | 'kv 2' | 'leased';

export interface AwsFacts {
  readonly type: 'aws';
  readonly region: string;
  /** Its ARN; `undefined`: the ambient identity is used. */
  readonly role: string | undefined;
}

export interface AzureFacts {
  readonly type: 'azure';
  readonly vault: string;
  readonly tenant: string;
  readonly client: string;
}

export interface GcpFacts {
  readonly type: 'gcp';
  readonly project: string;
  readonly location: string | undefined;
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/NAME`. */
  readonly provider: string;
  readonly serviceAccount: string | undefined;
}

/** Stores without policies of their own for single secrets. */
export interface OtherFacts {
  readonly type: 'sops' | 'command' | 'env';
}

/** The pool of a Google provider: what stands before `/providers/`. */
export function poolOf({ provider }: GcpFacts): string {
  return provider.replace(/\/providers\/.*$/, '');
}

/** Of a configured store. What is mounted in a Vault is not known. */
export function storeFacts(settings: StoreSettings): StoreFacts {
  switch (settings.type) {
    case 'vault':
      return vaultFacts(settings);
    case 'aws':
      return { type: 'aws', region: settings.region, role: settings.role };
    case 'azure':
      return { type: 'azure', vault: settings.vault, tenant: settings.tenant, client: settings.client };
    case 'gcp': {
      const { project, location, provider, serviceAccount } = settings;
      return { type: 'gcp', project, location, provider, serviceAccount };
    }
    case 'sops':
    case 'command':
      return { type: settings.type };
  }
}

/** Policies are called as the role; where a store is entered without one, they are called `slipway`. */
function vaultFacts({ url, audience, auth }: VaultSettings): VaultFacts {
  const { mount, role } = auth.method === 'jwt' ? auth : { mount: 'jwt', role: 'slipway' };
  return { type: 'vault', mount, role, audience: audience ?? new URL(url).origin, engines: new Map() };
}
