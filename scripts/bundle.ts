// What is in the bundle, from the statistics that ncc passes on from webpack.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Bundle {
  readonly modules: readonly Module[];
  readonly chunks: readonly Chunk[];
}

/** A file of the bundle. */
export interface Chunk {
  readonly id: string | number;
  /** The first file, which every entry loads. */
  readonly initial: boolean;
  /** The `import()`s that need it: in which module, of what. */
  readonly origins: readonly { readonly moduleName: string; readonly request: string }[];
}

interface Module {
  /** `./src/x.js`; with others that were joined to it in `modules`. */
  readonly name: string;
  /** The path of the file. */
  readonly nameForCondition?: string | null;
  readonly chunks?: readonly (string | number)[];
  readonly modules?: readonly Module[];
}

/** Modules that stand in several files of the bundle, each with a state of its own. */
export function repeatedModules({ modules }: Pick<Bundle, 'modules'>): readonly string[] {
  return modules.filter(({ chunks = [] }) => chunks.length > 1).map(({ name }) => name);
}

/**
 * Name, version and licence of every package in the bundle, by name. ncc's own list leaves out packages of the first
 * file.
 */
export function licencesOf({ modules }: Pick<Bundle, 'modules'>): string {
  const folders = new Set(modules.flatMap(packageFolders));
  return [...folders]
    .map(describe)
    .sort((a, b) => (a.title < b.title ? -1 : 1))
    .map(({ title, text }) => `${title}\n${'='.repeat(title.length)}\n${text.trim()}\n`)
    .join('\n\n');
}

function packageFolders({ nameForCondition, modules = [] }: Module): readonly string[] {
  const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(nameForCondition ?? '')?.[0];
  return [...(folder === undefined ? [] : [folder]), ...modules.flatMap(packageFolders)];
}

function describe(folder: string): { readonly title: string; readonly text: string } {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Readonly<
    Record<string, string>
  >;
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text =
    file === undefined ? 'The package names its licence and brings no text.' : readFileSync(join(folder, file), 'utf8');
  return { title: `${name} ${version}${license === undefined ? '' : ` (${license})`}`, text };
}
