import { Failure } from '../../src/domain/failure.ts';
import type { StoreEntry } from '../../src/domain/secrets/entry.ts';
import type { Reference } from '../../src/domain/secrets/reference.ts';
import { Secret } from '../../src/domain/secrets/secret.ts';
import type { SecretStore, StoreAnswer, StoreLimits } from '../../src/ports/secret-store.ts';
import type { SecretStores } from '../../src/ports/secret-stores.ts';

/** What stands at a locator: a text, fields, whole entries, or why it is not given. */
export type Held = string | Readonly<Record<string, string>> | readonly StoreEntry[] | Failure;

/** A store by its locators, or why it cannot be used as a whole. */
export type StoreScript = Readonly<Record<string, Held>> | Failure;

/** Stores that give what their scripts say, and remember what they were asked. */
export class FakeStores implements SecretStores {
  /** `main kv/a kv/b until 12:00:30`, one line a read or check, in order. */
  readonly asked: string[] = [];
  /** Names of the stores that were disposed of. */
  readonly closed: string[] = [];
  readonly #scripts: Readonly<Record<string, StoreScript>>;
  readonly #opened = new Set<string>();

  constructor(scripts: Readonly<Record<string, StoreScript>>) {
    this.#scripts = scripts;
  }

  async open(name: string): Promise<SecretStore> {
    const script = this.#scripts[name];
    if (script === undefined) throw new Failure('CONFIG_INVALID', `there is no store ${name}`);
    this.#opened.add(name);
    const ask = (how: string) => async (references: readonly Reference[], limits: StoreLimits) => {
      const until = limits.deadline.toISOString().slice(11, 19);
      const locators = references.map(({ locator }) => locator).join(' ');
      this.asked.push(`${how === 'check' ? 'check ' : ''}${name} ${locators} until ${until}`);
      if (limits.signal.aborted) throw new Failure('CANCELLED', 'The run was cancelled.');
      if (script instanceof Failure) throw script;
      return references.map((reference) => answerOf(reference, script[reference.locator]));
    };
    return {
      read: ask('read'),
      check: ask('check'),
      renew: async () => [],
      [Symbol.asyncDispose]: async () => void this.closed.push(name),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed.push(...this.#opened);
  }
}

/** An entry that says nothing of itself but its content. */
export function entryOf(held: string | Readonly<Record<string, string>>, more: Partial<StoreEntry> = {}): StoreEntry {
  const secret = (value: string) => new Secret('value', value);
  const fields = (all: Readonly<Record<string, string>>) =>
    new Map(Object.entries(all).map(([name, value]) => [name, secret(value)]));
  return {
    path: '',
    content: typeof held === 'string' ? { kind: 'text', text: secret(held) } : { kind: 'fields', fields: fields(held) },
    version: undefined,
    created: undefined,
    expires: undefined,
    notBefore: undefined,
    rotation: { state: 'none', next: undefined },
    lease: undefined,
    ...more,
  };
}

function answerOf(reference: Reference, held: Held | undefined): StoreAnswer {
  if (held === undefined)
    return { reference, failure: new Failure('SECRET_MISSING', `nothing is at ${reference.locator}`) };
  if (held instanceof Failure) return { reference, failure: held };
  return { reference, entries: isEntries(held) ? held : [entryOf(held)] };
}

function isEntries(held: Exclude<Held, Failure>): held is readonly StoreEntry[] {
  return Array.isArray(held);
}
