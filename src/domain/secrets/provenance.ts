import { plainWord } from '../words.ts';
import type { FetchedSecret } from './fetched.ts';
import { storeOf } from './fetched.ts';
import { ageWords } from './rotation.ts';

/** Where a secret of a release came from: never a value, and never a hash of one. It is kept in the release's manifest. */
export interface Provenance {
  readonly name: string;
  readonly store: string;
  /** The store's own word; `undefined` where it has no versions. */
  readonly version: string | undefined;
  /** In whole days, when it was fetched; `undefined` where the store does not tell. */
  readonly days: number | undefined;
  /** `degraded`: its first store was unavailable, and the fallback was read. */
  readonly state: 'as planned' | 'degraded';
}

const day = 86_400_000;
/** More rows than any run has secrets are not read from a manifest. */
const mostRows = 1000;

/** One row a secret, sorted by name. */
export function provenanceOf(secrets: readonly FetchedSecret[], now: Date): readonly Provenance[] {
  return secrets
    .map((secret): Provenance => {
      const { created, version } = secret.entry;
      const days =
        created === undefined ? undefined : Math.max(0, Math.floor((now.getTime() - created.getTime()) / day));
      return {
        name: secret.name,
        store: storeOf(secret),
        version,
        days,
        state: secret.source === 'fallback' ? 'degraded' : 'as planned',
      };
    })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** The cells of a row for people: name, store, version, age. The texts are from outside and not escaped. */
export function provenanceCells({ name, store, version, days, state }: Provenance): readonly string[] {
  const from = state === 'degraded' ? `${store} (fallback)` : store;
  return [name, from, version ?? '', days === undefined ? '' : ageWords(days * day)];
}

/** What the manifest of a release says of its secrets. It stands on a server: rows that are not ours are left out. */
export function readProvenance(value: unknown): readonly Provenance[] {
  return Array.isArray(value) ? value.slice(0, mostRows).flatMap((row) => readRow(row) ?? []) : [];
}

/** How a release was deployed with other versions than there are now: `DATABASE_URL: deployed with version 7 of main, now version 9 of main`. */
export function changedVersions(then: readonly Provenance[], now: readonly Provenance[]): readonly string[] {
  return then.flatMap((before) => {
    const after = now.find(({ name }) => name === before.name);
    if (after === undefined) return [`${before.name}: deployed with ${versionWords(before)}, no longer fetched`];
    return before.store === after.store && before.version === after.version
      ? []
      : [`${before.name}: deployed with ${versionWords(before)}, now ${versionWords(after)}`];
  });
}

function versionWords({ version, store }: Provenance): string {
  return `${version === undefined ? 'a value without version' : `version ${version}`} of ${store}`;
}

function readRow(row: unknown): Provenance | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const { name, store, version, days, state } = row as Readonly<Record<string, unknown>>;
  const ownName = plainWord(name, /^[A-Za-z_]\w{0,199}$/);
  const ownStore = plainWord(store, /^[A-Za-z][\w-]{0,63}$/);
  if (ownName === undefined || ownStore === undefined) return undefined;
  return {
    name: ownName,
    store: ownStore,
    version: plainWord(version, /^[\x21-\x7e]{1,200}$/),
    days: typeof days === 'number' && Number.isSafeInteger(days) && days >= 0 ? days : undefined,
    state: state === 'degraded' ? 'degraded' : 'as planned',
  };
}
