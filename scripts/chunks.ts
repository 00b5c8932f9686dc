// Gives the files of the bundle that are loaded when they are needed names in place of webpack's numbers.
import { posix } from 'node:path';
import type { Bundle, Chunk } from './bundle.ts';

/**
 * The name of each such file by the number of its chunk. It is called after the folder and the file that `import()`
 * names: `ssh-transport`;
 * what webpack keeps apart of it, because it is large or others need it too, `ssh-transport-packages` and `…-shared`.
 */
export function chunkNames(bundle: Bundle): ReadonlyMap<string, string> {
  const named = bundle.chunks
    .filter(({ initial }) => !initial)
    .map((chunk) => [String(chunk.id), nameOf(chunk, bundle)] as const);
  const names = named.map(([, name]) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`Several files of dist/ would be called ${twice.join(', ')}.`);
  return new Map(named);
}

function nameOf(chunk: Chunk, { modules }: Bundle): string {
  const inside = modules.filter(({ chunks = [] }) => chunks.includes(chunk.id)).map(({ name }) => name);
  const targets = [...new Set(chunk.origins.map(({ moduleName, request }) => target(moduleName, request)))].sort();
  const name = targets.map(words).join('-and-');
  if (name === '') throw new Error(`Nothing imports chunk ${chunk.id} of the bundle.`);
  if (targets.length === 1 && inside.some((module) => holds(module, targets[0] ?? ''))) return name;
  return inside.every((module) => module.includes('node_modules/')) ? `${name}-packages` : `${name}-shared`;
}

/** What an `import()` names: a path in `build/`, or a package. */
function target(importer: string, request: string): string {
  return request.startsWith('.') ? posix.join(posix.dirname(importer), request) : request;
}

/** Whether `module`, as `./build/adapters/yaml.js + 3 modules`, is the one that is imported. */
function holds(module: string, imported: string): boolean {
  const [path = ''] = module.replace(/^\.\//, '').split(' + ', 1);
  return path === imported || path.startsWith(`node_modules/${imported}/`);
}

/** `build/adapters/ssh/transport.js` is `ssh-transport`, `@actions/github` is `actions-github`. */
function words(path: string): string {
  return path
    .replace(/\.js$/, '')
    .split('/')
    .slice(-2)
    .map((word) => word.replaceAll(/[^a-z0-9-]/gi, ''))
    .join('-');
}

const numbered = /return "" \+ chunkId \+ "\.index\.js";/g;

/** The text of `index.js` that finds chunks by their names. */
export function withChunkNames(index: string, names: ReadonlyMap<string, string>): string {
  const places = index.match(numbered)?.length ?? 0;
  if (places !== 1) throw new Error(`ncc writes ${places} places that name chunks where one is expected.`);
  const table = JSON.stringify(Object.fromEntries([...names].sort(([, one], [, other]) => (one < other ? -1 : 1))));
  return index.replace(numbered, () => `return ${table}[chunkId] + ".js";`);
}

/** The numbers of the chunks that code of the bundle loads. */
export function loadedChunks(code: string): readonly string[] {
  return [...code.matchAll(/__(?:nccwpck|webpack)_require__\.e\((?:\/\*.*?\*\/ )?(\d+)\)/g)].map(([, id = '']) => id);
}
