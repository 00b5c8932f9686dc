import { Failure } from '../../domain/failure.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import type { StoreSettings } from '../../domain/secrets/settings.ts';
import { plain } from '../../domain/text/escape.ts';
import type { LocalCommand } from '../../ports/local-command.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { openAzure } from './azure.ts';
import type { StorePorts } from './client/ports.ts';
import { openCommand } from './command.ts';
import { openGcp } from './gcp.ts';
import type { HandOver } from './vault/hand-over.ts';
import { type ReadPem, vaultConfig } from './vault-config.ts';

/** What stores need from the run. */
export interface StoresPorts extends Omit<StorePorts, 'store'> {
  /** Files that the configuration names. */
  readonly files: Workspace;
  /** Where commands run. */
  readonly workspace: string;
  readonly command: LocalCommand;
  /** Reads a credential that the configuration refers to, from `env` or from another store. */
  readonly credential: (reference: Reference) => Promise<Secret>;
  /** Takes down what has to be revoked, where a later process can do it. */
  readonly handOver?: HandOver;
}

/**
 * Opens the store `name`. Those that stand on a large package are loaded when they are needed.
 * @throws Failure of a credential that cannot be read; `CONFIG_INVALID`
 */
export async function openStore(name: string, store: StoreSettings, ports: StoresPorts): Promise<SecretStore> {
  const own = { ...ports, store: name };
  switch (store.type) {
    case 'vault': {
      const { openVault } = await import('./vault.ts');
      return openVault(await vaultConfig(store, { ...ports, pem: pemOf(name, ports) }), own);
    }
    case 'aws': {
      const { openAws } = await import('./aws.ts');
      return openAws({ region: store.region, ...given(await withPem(name, store, ports)) }, own);
    }
    case 'azure': {
      const { vault, tenant, client } = store;
      return openAzure({ vault, tenant, client, ...given(await withPem(name, store, ports)) }, own);
    }
    case 'gcp': {
      const { project, provider } = store;
      return openGcp({ project, provider, ...given(await withPem(name, store, ports)) }, own);
    }
    case 'sops': {
      const { openSops } = await import('./sops.ts');
      const identity = await ports.credential(store.identity);
      ports.mask(identity);
      return openSops({ name, path: store.path, identity }, ports.files);
    }
    case 'command': {
      return openCommand({ name, ...store }, ports);
    }
  }
}

function pemOf(store: string, { files }: StoresPorts): ReadPem {
  return async (path) => {
    const text = await files.text(path);
    if (text !== undefined) return text;
    throw new Failure(
      'CONFIG_INVALID',
      `The store ${store} names ${plain(path, 200)}, which is not in the workspace.`,
      {
        hint: 'Check out the repository before this step, or mend the path.',
      },
    );
  };
}

/** `ca` names a file in the configuration; a store takes what stands in it. */
async function withPem<T extends { readonly ca: string | undefined }>(
  name: string,
  store: T,
  ports: StoresPorts,
): Promise<T> {
  return store.ca === undefined ? store : { ...store, ca: await pemOf(name, ports)(store.ca) };
}

/** Without the keys that nothing was given for. */
function given<T extends object>(all: T): { readonly [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
