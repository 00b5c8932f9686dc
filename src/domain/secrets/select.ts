import { Failure, together } from '../failure.ts';
import type { StoreEntry } from './entry.ts';
import type { Picked } from './pick.ts';
import { membersIn, pick } from './pick.ts';
import type { Reference } from './reference.ts';
import { isTree, renderReference } from './reference.ts';
import type { NamePattern } from './request.ts';
import { Secret } from './secret.ts';

/** A secret under the name that it is used by, and the entry that it came from. */
export interface NamedSecret {
  readonly name: string;
  readonly value: Secret;
  readonly entry: StoreEntry;
}

/** At most so many secrets come from one reference with `/**` or `NAME_*`. */
export const mostSecrets = 100;

/**
 * The secrets that a reference means, out of what its store gave for it. What was only looked for (`not read`) gives none.
 * `NAME_*` takes each field, `/**` each place, both in capitals: `DB_*` of `username` is `DB_USERNAME`.
 * @throws Failure `SECRET_MISSING` naming the fields that there are, never a value; `SECRET_NAME_REFUSED` where two would have one name
 */
export function select(names: NamePattern, from: Reference, entries: readonly StoreEntry[]): readonly NamedSecret[] {
  const found: NamedSecret[] = [];
  const problems: Failure[] = [];
  for (const entry of entries) {
    const picked = pick(entry.content, from.selector);
    const values = typeof picked === 'string' ? picked : nameAll(names, from, entry, picked);
    if (typeof values === 'string') problems.push(missing(from, entry.path, values));
    else for (const [name, text] of values) found.push({ name, value: new Secret(name, text), entry });
  }
  if (problems.length > 0) throw together('SECRET_MISSING', `${problems.length} secrets are missing.`, problems);
  return distinct(found, from);
}

/** Names and values, or what is wrong as the rest of a sentence. */
function nameAll(
  names: NamePattern,
  from: Reference,
  entry: StoreEntry,
  picked: Picked,
): readonly (readonly [string, string])[] | string {
  if (picked.kind === 'not read') return [];
  if (names.kind === 'single')
    return picked.kind === 'value' ? [[names.name, picked.text]] : 'has several fields: name one behind `#`';
  const prefix = isTree(from) ? `${names.prefix}${nameOf(entry.path)}` : names.prefix;
  if (picked.kind === 'value' && isTree(from)) return [[prefix, picked.text]];
  const members = picked.kind === 'value' ? membersIn(picked.text) : picked.members;
  if (members === undefined) return 'holds one value and no fields: write a name without `*`';
  const start = isTree(from) && entry.path !== '' ? `${prefix}_` : prefix;
  return [...members].map(([field, text]) => [`${start}${nameOf(field)}`, text]);
}

/** A field or path as the end of a name. */
function nameOf(text: string): string {
  return text.replace(/[^A-Za-z0-9_]/g, '_').toUpperCase();
}

function distinct(found: readonly NamedSecret[], from: Reference): readonly NamedSecret[] {
  if (found.length > mostSecrets)
    throw new Failure('SECRET_MISSING', `${renderReference(from)} gives ${found.length} secrets.`, {
      hint: `At most ${mostSecrets} secrets come from one reference: name a path further down.`,
    });
  const counts = Map.groupBy(found, ({ name }) => name);
  const twice = [...counts].filter(([, all]) => all.length > 1).map(([name]) => name);
  if (twice.length > 0)
    throw new Failure(
      'SECRET_NAME_REFUSED',
      `${renderReference(from)} gives two secrets the name ${twice.join(', ')}.`,
      {
        hint: 'Take the fields one by one, each under a name of its own.',
      },
    );
  return found;
}

function missing(from: Reference, path: string, problem: string): Failure {
  const where = path === '' ? '' : ` (${path})`;
  return new Failure('SECRET_MISSING', `${renderReference(from)}${where} ${problem}.`);
}
