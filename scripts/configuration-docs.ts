import { z } from 'zod';
import { file } from '../src/domain/config/schema/file.ts';
import { hookPoints, type LifecyclePoint, lifecycle } from '../src/domain/hooks/lifecycle.ts';
import {
  allKeysText,
  deliverText,
  healthText,
  hookEnvironmentText,
  hooksText,
  hookText,
  introduction,
  messagesText,
  secretsText,
  selectionText,
  serversText,
  stagesText,
  storesText,
} from './configuration-manual.ts';
import { share } from './shared-schemas.ts';

/**
 * What JSON Schema says of one key, and what our schema adds: `written`, how its value is written, and `later`, not
 * built yet.
 */
interface Key {
  readonly description?: string;
  readonly type?: string;
  readonly default?: unknown;
  readonly written?: string;
  readonly later?: boolean;
  readonly properties?: Readonly<Record<string, Key>>;
  readonly required?: readonly string[];
  readonly items?: Key;
  readonly additionalProperties?: Key | boolean;
  readonly anyOf?: readonly Key[];
  readonly oneOf?: readonly Key[];
  readonly const?: unknown;
}

/** The JSON Schema for editors and the manual of the configuration, both made from the schema that reads it. */
export function configurationDocs(): readonly { readonly path: string; readonly text: string }[] {
  const root = z.toJSONSchema(file, { io: 'input', target: 'draft-7' }) as Key;
  return [
    {
      path: 'schema/slipway.schema.json',
      text: `${JSON.stringify({ title: 'Slipway configuration', ...share(forEditors(root) as Readonly<Record<string, unknown>>) }, undefined, 1)}\n`,
    },
    { path: 'docs/configuration.md', text: manual(root) },
  ];
}

/**
 * Keys that begin with `x-` are free, what is not built yet is marked as an error, and nothing of our own words is
 * left.
 */
function forEditors(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(forEditors);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node);
  const { description, later, additionalProperties } = node as Key;
  if (later === true) return { description: `Not yet: ${description}`, not: {} };
  const kept = entries.filter(
    ([key, value]) =>
      !(key === 'written' || value === Number.MAX_SAFE_INTEGER || (key === 'default' && isEmptyMap(value))),
  );
  const free = additionalProperties === false ? { patternProperties: { '^x-': {} } } : {};
  return { ...Object.fromEntries(kept.map(([key, value]) => [key, forEditors(value)])), ...free };
}

function isEmptyMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function manual(root: Key): string {
  const keys = root.properties ?? {};
  const stage = valuesOf(keys['stages'])?.properties ?? {};
  const chapters = Object.entries(keys).filter(([name, key]) => key.properties !== undefined && name !== 'hooks');
  const parts = [
    introduction,
    `## All keys\n\n${allKeysText}\n\n${table(rowsOf(root, 'shallow'))}`,
    `## \`stages\`\n\n${stagesText}\n\n${table(row('environment', stage['environment'], 'optional'))}\n\n${serversText}\n\n${table(rowsOf(stage['servers']?.items, 'deep'))}\n\n${selectionText}`,
    ...chapters.map(([name, key]) => `## \`${name}\`\n\n${described(key)}\n\n${table(rowsOf(key, 'deep'))}`),
    `## \`stores\`\n\n${storesText}\n\n${storeTables(keys['stores'])}`,
    `## \`secrets\`\n\n${secretsText}\n\n${table(rowsOf(formsOf(valuesOf(keys['secrets'])).at(-1), 'deep'))}`,
    `## \`deliver\`\n\n${deliverText}\n\n${table(rowsOf(keys['deliver']?.items, 'deep'))}`,
    `## \`hooks\`\n\n${hooksText}\n\n${pointTable()}\n\n${hookText}\n\n${table(rowsOf(keys['hooks']?.properties?.['updated']?.items, 'deep'))}\n\n${hookEnvironmentText}`,
    `## \`health\`\n\n${healthText}\n\n${table(rowsOf(keys['health']?.items, 'deep'))}`,
    messagesText,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** A table for each type of store. */
function storeTables(stores: Key | undefined): string {
  const tables = formsOf(valuesOf(stores)).map((form) => {
    const type = form.properties?.['type'];
    return `### \`type: ${wordOf(type)}\`\n\n${described(type ?? {})}\n\n${table(rowsOf(form, 'deep').slice(1))}`;
  });
  return tables.join('\n\n');
}

/** The forms of a value that has several. */
function formsOf(key: Key | undefined): readonly Key[] {
  return key?.oneOf ?? key?.anyOf ?? [];
}

function wordOf(key: Key | undefined): string {
  return String(key?.const);
}

interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    (one) => `| \`${one.name}\` | ${one.cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  );
  return ['| key | value | default | meaning |', '|---|---|---|---|', ...lines].join('\n');
}

/** The keys of a map; `deep`: those of the maps in it too, as `expect.status`. */
function rowsOf(map: Key | undefined, depth: 'shallow' | 'deep'): readonly Row[] {
  return Object.entries(map?.properties ?? {}).flatMap(([name, key]) => {
    const inner = depth === 'deep' ? [...rowsOf(key, 'deep'), ...formRows(key)] : [];
    const own = row(name, key, map?.required?.includes(name) === true ? 'required' : 'optional');
    return [...own, ...inner.map((one) => ({ ...one, name: `${name}.${one.name}` }))];
  });
}

/** The keys of the forms of a map that are told apart by one of them, such as `auth.method`. */
function formRows(key: Key): readonly Row[] {
  return formsOf(key).flatMap((form) => {
    const [[name = '', word] = []] = Object.entries(form.properties ?? {});
    return rowsOf(form, 'deep').map((one, index) => {
      const [written = '', standard = '', meaning = ''] = one.cells;
      return {
        ...one,
        cells: [written, standard, index === 0 ? meaning : `With \`${name}: ${wordOf(word)}\`: ${meaning}`],
      };
    });
  });
}

function row(name: string, key: Key | undefined, presence: 'required' | 'optional'): readonly Row[] {
  if (key === undefined) throw new Error(`The schema has lost its key ${name}.`);
  if (key.later === true) return [{ name, cells: ['–', '–', `**Not yet.** ${described(key)}`] }];
  const standard = key.default === undefined || isEmptyMap(key.default) ? '–' : `\`${standing(key.default)}\``;
  return [{ name, cells: [written(key), presence === 'required' ? '**required**' : standard, described(key)] }];
}

function described(key: Key): string {
  if (key.description === undefined) throw new Error(`A key has no description: ${JSON.stringify(key).slice(0, 200)}`);
  return key.description;
}

/** As it would stand in the file. */
function standing(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

function written(key: Key): string {
  if (key.written !== undefined) return key.written;
  if (key.items !== undefined)
    return key.items.properties === undefined ? `list: ${written(key.items)}` : 'list of maps';
  const values = valuesOf(key)?.written;
  return values === undefined ? 'map' : `map: names to ${values}`;
}

/** What a map with keys of the user's own holds. */
function valuesOf(key: Key | undefined): Key | undefined {
  return typeof key?.additionalProperties === 'object' ? key.additionalProperties : undefined;
}

function pointTable(): string {
  return [
    '| point | when | where it runs | `once` | when a deploy is reverted |',
    '|---|---|---|---|---|',
    ...hookPoints.map((point) => `| ${[`\`${point}\``, ...pointCells(lifecycle[point])].join(' | ')} |`),
  ].join('\n');
}

function pointCells({ flow, when, directory, once, revert }: LifecyclePoint): readonly string[] {
  return [
    `${flow === 'rollback' ? 'rollback: ' : ''}${when}`,
    directory === 'login directory' ? directory : directory === 'current' ? '`current`' : `the ${directory}`,
    once ?? '–',
    revert === 'runs again' ? 'runs again for the release that is live again (not those with `once`)' : '–',
  ];
}
