import { Failure } from '../../domain/failure.ts';
import { type Reference, renderReference } from '../../domain/secrets/reference.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import { select } from '../../domain/secrets/select.ts';
import type { StoreSettings } from '../../domain/secrets/settings.ts';
import type { SecretStore, StoreLimits } from '../../ports/secret-store.ts';
import type { SecretStores } from '../../ports/secret-stores.ts';
import { openEnv } from './env.ts';
import { shareTokens } from './id-tokens.ts';
import { openStore, type StoresPorts } from './open.ts';
import { explainTrust, type Shown } from './trust.ts';
import type { revokeLeft as revokeAtVault } from './vault.ts';

export interface SecretStoresPorts extends Omit<StoresPorts, 'credential'> {
  /** What reading the credentials of stores keeps to. */
  readonly limits: StoreLimits;
}

/** The stores of a configuration, and `env`. Each is opened when it is first asked for. */
export function openSecretStores(
  settings: Readonly<Record<string, StoreSettings>>,
  ports: SecretStoresPorts,
): SecretStores {
  return new LazyStores(settings, { ...ports, idToken: shareTokens(ports.idToken, ports.clock) });
}

/** Revokes what an earlier process has left at a store. */
export async function revokeLeft(...words: Parameters<typeof revokeAtVault>): ReturnType<typeof revokeAtVault> {
  const vault = await import('./vault.ts');
  return await vault.revokeLeft(...words);
}

class LazyStores implements SecretStores {
  readonly #settings: Readonly<Record<string, StoreSettings>>;
  readonly #ports: SecretStoresPorts;
  readonly #opened = new Map<string, Promise<SecretStore>>();

  constructor(settings: Readonly<Record<string, StoreSettings>>, ports: SecretStoresPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  open(store: string): Promise<SecretStore> {
    const opened = this.#opened.get(store) ?? this.#open(store);
    this.#opened.set(store, opened);
    return opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stores = await Promise.allSettled(this.#opened.values());
    const open = stores.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await Promise.all(open.map((store) => store[Symbol.asyncDispose]()));
  }

  /** What is read from `env` is hidden by who asks for it; `mask=false` holds for it, too. */
  async #open(name: string): Promise<SecretStore> {
    const { variables, idToken } = this.#ports;
    if (name === 'env') return openEnv({ variables, mask: () => undefined });
    const settings = Object.hasOwn(this.#settings, name) ? this.#settings[name] : undefined;
    if (settings === undefined)
      throw new Failure('REFERENCE_INVALID', `No store is called ${name}.`, { hint: 'Name one of `stores:`.' });
    const shown: Shown = { token: undefined };
    const store = await openStore(name, settings, {
      ...this.#ports,
      credential: (reference) => this.#credential(reference),
      idToken: async (audience) => {
        shown.token = await idToken(audience);
        return shown.token;
      },
    });
    return explainTrust(store, settings, shown);
  }

  async #credential(reference: Reference): Promise<Secret> {
    const store = await this.open(reference.store);
    const [answer] = await store.read([reference], this.#ports.limits);
    if (answer === undefined) throw new Failure('BUG', `${renderReference(reference)} was not answered`);
    if ('failure' in answer) throw answer.failure;
    const [found] = select({ kind: 'single', name: renderReference(reference) }, reference, answer.entries);
    if (found === undefined) throw new Failure('SECRET_MISSING', `${renderReference(reference)} gives nothing.`);
    this.#ports.mask(found.value);
    return found.value;
  }
}
