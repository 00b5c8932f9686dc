import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { cures } from '../src/domain/failure-codes.ts';

/** Writes everything that is made from `action.yml`, the failure codes and the schema of the configuration; with `--check`, names what is out of date. */
const root = join(import.meta.dirname, '..');
const actions = ['deploy', 'rollback', 'secrets-fetch'] as const;

interface Entry {
  readonly description?: string;
  readonly default?: string;
}
interface Metadata {
  readonly inputs: Readonly<Record<string, Entry>>;
  readonly outputs: Readonly<Record<string, Entry>>;
}
/** A file of the repository and what should stand in it. */
interface Page {
  readonly path: string;
  readonly text: string;
}

async function pages(): Promise<readonly Page[]> {
  const metadata = await Promise.all(actions.map(async (action) => [action, described(action, parse(await text(`actions/${action}/action.yml`)))] as const));
  return [
    { path: 'action.yml', text: rootAction(await text('actions/deploy/action.yml')) },
    { path: 'src/generated/inputs.ts', text: metadata.reduce((module, [action, facts]) => module + unions(action, facts), unionsHead) },
    ...(await Promise.all(metadata.map(([action, facts]) => readme(`actions/${action}/README.md`, facts)))),
    ...(await Promise.all(metadata.filter(([action]) => action === 'deploy').map(([, facts]) => readme('README.md', facts)))),
    { path: 'docs/troubleshooting.md', text: between(await text('docs/troubleshooting.md'), 'codes', codeTable()) },
  ];
}

/** @throws Error where an input or an output has no description. */
function described(action: string, metadata: Metadata): Metadata {
  const entries = [...Object.entries(metadata.inputs), ...Object.entries(metadata.outputs)];
  const bare = entries.filter(([, entry]) => !entry.description).map(([name]) => name);
  if (bare.length > 0) throw new Error(`actions/${action}/action.yml: no description for ${bare.join(', ')}`);
  return metadata;
}

function rootAction(deploy: string): string {
  return `# Made from actions/deploy/action.yml by scripts/docs.ts: edit that file.\n${deploy.replaceAll('../../dist/', 'dist/')}`;
}

const unionsHead = '// Made from actions/*/action.yml by scripts/docs.ts: edit those files.\n';

function unions(action: string, { inputs, outputs }: Metadata): string {
  const name = action.replaceAll(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
  const union = (kind: string, names: readonly string[]) => `export type ${name}${kind} =${names.map((word) => `\n  | '${word}'`).join('')};\n`;
  return `\n${union('Input', Object.keys(inputs))}${union('Output', Object.keys(outputs))}`;
}

async function readme(path: string, { inputs, outputs }: Metadata): Promise<Page> {
  const withInputs = between(await text(path), 'inputs', table(['input', 'default', 'what it is'], Object.entries(inputs).map(inputRow)));
  return { path, text: between(withInputs, 'outputs', table(['output', 'what it is'], Object.entries(outputs).map(outputRow))) };
}

const inputRow = ([name, entry]: [string, Entry]) => [`\`${name}\``, entry.default === undefined ? '' : `\`${entry.default}\``, entry.description ?? ''];
const outputRow = ([name, entry]: [string, Entry]) => [`\`${name}\``, entry.description ?? ''];

function codeTable(): string {
  return table(
    ['code', 'what to do'],
    Object.entries(cures).map(([code, cure]) => [`\`${code}\``, cure]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** `page` with `inside` between its markers `<!-- name:start -->` and `<!-- name:end -->`; a page without them stays as it is. */
function between(page: string, name: string, inside: string): string {
  const marked = new RegExp(`(<!-- ${name}:start -->\\n)[^]*?(<!-- ${name}:end -->)`);
  return page.replace(marked, (_, start: string, end: string) => `${start}${inside}\n${end}`);
}

/** The text of a file of the repository; empty where there is none yet. */
async function text(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

const wanted = await pages();
const stale = (await Promise.all(wanted.map(async (page) => ((await text(page.path)) === page.text ? [] : [page])))).flat();
if (process.argv.includes('--check')) {
  for (const page of stale) console.error(`${page.path} is out of date: run \`npm run docs\` and commit what it writes.`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  await Promise.all(stale.map((page) => writeFile(join(root, page.path), page.text)));
  console.log(stale.length === 0 ? 'Everything was up to date.' : `Written: ${stale.map((page) => page.path).join(', ')}`);
}
