// What is made from the metadata of an action and from our own lists: tables, the root action, types.
import { parse } from 'yaml';
import type { Permission } from '../src/domain/github/permissions.ts';

interface Entry {
  readonly description?: string;
  readonly default?: string;
}
export interface Metadata {
  readonly inputs: Readonly<Record<string, Entry>>;
  readonly outputs: Readonly<Record<string, Entry>>;
}

/** @throws Error where an input or an output has no description. */
export function readMetadata(path: string, yaml: string): Metadata {
  const metadata = parse(yaml) as Metadata;
  const entries = [...Object.entries(metadata.inputs), ...Object.entries(metadata.outputs)];
  const bare = entries.filter(([, entry]) => !entry?.description).map(([name]) => name);
  if (bare.length > 0) throw new Error(`${path}: no description for ${bare.join(', ')}`);
  return metadata;
}

/** The same action at the root of the repository. */
export function rootAction(deploy: string): string {
  return `# Made from actions/deploy/action.yml by scripts/docs.ts: edit that file.\n${deploy.replaceAll('../../dist/', 'dist/')}`;
}

/** A module with the names of inputs and outputs as types. */
export function inputTypes(actions: readonly (readonly [name: string, metadata: Metadata])[]): string {
  return [
    '// Made from actions/*/action.yml by scripts/docs.ts: edit those files.\n',
    ...actions.map(([name, metadata]) => unions(name, metadata)),
  ].join('\n');
}

function unions(action: string, { inputs, outputs }: Metadata): string {
  const name = action.replaceAll(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
  const union = (kind: string, names: readonly string[]) =>
    `export type ${name}${kind} =${names.map((word) => `\n  | '${word}'`).join('')};\n`;
  return `${union('Input', Object.keys(inputs))}${union('Output', Object.keys(outputs))}`;
}

/** `page` with the tables of an action between its markers. */
export function withTables(page: string, { inputs, outputs }: Metadata): string {
  const inputRows = Object.entries(inputs).map(([name, entry]) => [
    `\`${name}\``,
    entry.default === undefined ? '' : `\`${entry.default}\``,
    entry.description ?? '',
  ]);
  const outputRows = Object.entries(outputs).map(([name, entry]) => [`\`${name}\``, entry.description ?? '']);
  const withInputs = between(page, 'inputs', table(['input', 'default', 'what it is'], inputRows));
  return between(withInputs, 'outputs', table(['output', 'what it is'], outputRows));
}

/** `page` with the failure codes and their remedies between its markers. */
export function withCodes(page: string, remedies: Readonly<Record<string, string>>): string {
  const rows = Object.entries(remedies).map(([code, remedy]) => [`\`${code}\``, remedy]);
  return between(page, 'codes', table(['code', 'what to do'], rows));
}

/** `page` with the permissions of a job between its markers. */
export function withPermissions(page: string, permissions: readonly Permission[]): string {
  const rows = permissions.map(({ name, access, modes, when, without }) => [
    `\`${name}: ${access}\``,
    modes.map((mode) => `\`${mode}\``).join(', '),
    when,
    without,
  ]);
  return between(page, 'permissions', table(['permission', 'modes', 'needed', 'without it'], rows));
}

/** `page` with the algorithms that are offered to a server between its markers. */
export function withAlgorithms(
  page: string,
  offered: Readonly<Record<'kex' | 'serverHostKey' | 'cipher' | 'hmac', readonly string[]>>,
): string {
  const rows = [
    ['key exchange', offered.kex],
    ['host key', offered.serverHostKey],
    ['cipher', offered.cipher],
    ['message code, with the `-ctr` ciphers', offered.hmac],
  ] as const;
  return between(
    page,
    'algorithms',
    table(
      ['what', 'one of'],
      rows.map(([what, names]) => [what, names.map((name) => `\`${name}\``).join(' ')]),
    ),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** `page` with `inside` between `<!-- name:start -->` and `<!-- name:end -->`; a page without them stays as it is. */
function between(page: string, name: string, inside: string): string {
  const marked = new RegExp(`(<!-- ${name}:start -->\\n)[^]*?(<!-- ${name}:end -->)`);
  return page.replace(marked, (_, start: string, end: string) => `${start}${inside}\n${end}`);
}
