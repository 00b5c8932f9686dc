import { systemClock, systemRandom } from '../../../src/adapters/clock.ts';
import type { VaultAuth, VaultConfig, VaultPorts } from '../../../src/adapters/stores/vault/config.ts';
import { openVault } from '../../../src/adapters/stores/vault.ts';
import type { Failure } from '../../../src/domain/failure.ts';
import type { Reference } from '../../../src/domain/secrets/reference.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import type { SecretStore, StoreAnswer, StoreEntry, StoreLimits } from '../../../src/ports/secret-store.ts';

export interface Identity {
  readonly idToken: (audience: string) => Promise<string>;
}

export interface Opened extends AsyncDisposable {
  readonly store: SecretStore;
  /** What was handed to the mask, in order. */
  readonly masked: readonly string[];
  /** What each locator holds. Throws where one cannot be read. */
  entries(...locators: readonly string[]): Promise<readonly StoreEntry[]>;
  /** Why one locator cannot be read. */
  refusal(locator: string, more?: Partial<Reference>): Promise<Failure>;
  checked(locator: string, more?: Partial<Reference>): Promise<StoreAnswer>;
}

/** Opens the store `main` as a run would, with the machine's clock. */
export function open(
  url: string,
  auth: VaultAuth,
  more: Partial<VaultConfig & Omit<VaultPorts, 'idToken'> & Identity> = {},
): Opened {
  const masked: string[] = [];
  const { clock = systemClock, random = systemRandom, variables = {}, idToken = noIdToken, ...config } = more;
  const mask = (credential: Secret) => masked.push(credential.reveal());
  const secretToken = async (audience: string) => new Secret('id token', await idToken(audience));
  const store = openVault(
    { url, auth, ...config },
    { store: 'main', clock, random, variables, idToken: secretToken, mask },
  );
  const one = async (locator: string, more?: Partial<Reference>) => {
    const [answer] = await store.read([reference(locator, more)], soon());
    if (answer === undefined) throw new Error('no answer');
    return answer;
  };
  return {
    store,
    masked,
    entries: async (...locators) => {
      const answers = await store.read(
        locators.map((locator) => reference(locator)),
        soon(),
      );
      return answers.flatMap((answer) => {
        if ('failure' in answer) throw answer.failure;
        return answer.entries;
      });
    },
    refusal: async (locator, more) => {
      const answer = await one(locator, more);
      if ('failure' in answer) return answer.failure;
      throw new Error(`${locator} was read`);
    },
    checked: async (locator, more) => {
      const [answer] = await store.check([reference(locator, more)], soon());
      if (answer === undefined) throw new Error('no answer');
      return answer;
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

export function reference(locator: string, more: Partial<Reference> = {}): Reference {
  return { store: 'main', locator, version: undefined, stage: undefined, selector: undefined, ...more };
}

export function within(ms: number, signal: AbortSignal = new AbortController().signal): StoreLimits {
  return { deadline: new Date(Date.now() + ms), signal };
}

export const soon = (): StoreLimits => within(20_000);

/** The fields of an entry, revealed. */
export function revealed(entry: StoreEntry | undefined): Readonly<Record<string, string>> {
  if (entry?.content.kind !== 'fields') throw new Error('no fields');
  return Object.fromEntries([...entry.content.fields].map(([name, secret]) => [name, secret.reveal()]));
}

function noIdToken(): Promise<string> {
  return Promise.reject(new Error('no id token is to be asked for'));
}
