import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { entries } from '../src/actions/suite.ts';
import { type Bundle, licencesOf, repeatedModules } from './bundle.ts';
import { chunkNames, loadedChunks, withChunkNames } from './chunks.ts';

/**
 * Builds `dist/`: TypeScript emits to `build/`, ncc makes one bundle of it – what is imported when it is needed goes
 * into files of its own –,
 * and each entry of the suite gets a stub that starts it.
 */
const root = join(import.meta.dirname, '..');
const build = join(root, 'build');
const dist = join(root, 'dist');

/**
 * Most post steps find nothing to do. This sees it without loading the bundle, and loads it wherever it is not sure.
 */
const conditions: Readonly<Record<string, string>> = {
  'deploy/post': `const { STATE_progress: progress = '' } = process.env;\nif (progress !== '' && !progress.startsWith('{"at":"finished"'))\n  `,
  'secrets-fetch/post': `const { STATE_file: file = '', STATE_revoke: revoke = '' } = process.env;\nif (file !== '' || revoke !== '')\n  `,
};

await rm(build, { recursive: true, force: true });
tool('tsc', '-p', 'tsconfig.build.json');
// Without `type`: with `module`, ncc would emit modules, in which ssh2 does not start.
await writeFile(join(build, 'package.json'), '{}\n');
await rm(dist, { recursive: true, force: true });
tool(
  'ncc',
  'build',
  'build/actions/suite.js',
  '-o',
  'dist',
  '--no-cache',
  '--quiet',
  '--stats-out',
  'build/bundle.json',
);
await removeForeignPrograms();
const bundle = JSON.parse(await readFile(join(build, 'bundle.json'), 'utf8')) as Bundle;
requireSingleModules(bundle);
const names = chunkNames(bundle);
await nameChunks(names);
await writeFile(join(dist, 'licenses.txt'), licencesOf(bundle));
await writeFile(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
for (const name of Object.keys(entries)) await writeStub(name);
await requireWholeBundle(names);

function tool(name: string, ...words: readonly string[]): void {
  const { status, error } = spawnSync(join(root, 'node_modules', '.bin', name), words, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(1);
}

/**
 * ssh2 brings `pagent.exe` along, for an agent of Windows. A compiled add-on would make the bundle differ from machine
 * to machine.
 */
async function removeForeignPrograms(): Promise<void> {
  const files = await readdir(dist, { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.exe'))) await rm(join(dist, file));
  const compiled = files.filter((name) => name.endsWith('.node'));
  if (compiled.length > 0)
    throw new Error(`${compiled.join(', ')} came into dist/: run \`npm ci --ignore-scripts\` and build again.`);
}

/** What two lazily loaded parts share has to be in the first file: load it there, or load the parts as one. */
function requireSingleModules(of: Bundle): void {
  const repeated = repeatedModules(of);
  if (repeated.length > 0) throw new Error(`Several files of dist/ hold a copy of ${repeated.join(', ')}.`);
}

async function nameChunks(names: ReadonlyMap<string, string>): Promise<void> {
  const index = join(dist, 'index.js');
  await writeFile(index, withChunkNames(await readFile(index, 'utf8'), names));
  for (const [id, name] of names) await rename(join(dist, `${id}.index.js`), join(dist, `${name}.js`));
}

/**
 * Every file of dist/ is loaded by another one, and every one that is loaded is there and is the chunk that is meant.
 */
async function requireWholeBundle(names: ReadonlyMap<string, string>): Promise<void> {
  const require = createRequire(join(dist, 'index.js'));
  const code = await Promise.all(
    ['index', ...names.values()].map((name) => readFile(join(dist, `${name}.js`), 'utf8')),
  );
  const loaded = new Set(code.flatMap(loadedChunks));
  const unused = [...names].filter(([id]) => !loaded.has(id)).map(([, name]) => name);
  const unknown = [...loaded].filter((id) => !names.has(id));
  const wrong = [...names].filter(([id, name]) => String(require(`./${name}.js`).id) !== id).map(([, name]) => name);
  const stubs = Object.keys(entries);
  const expected = new Set([
    ...['index', ...names.values(), ...stubs].map((name) => `${name}.js`),
    ...['licenses.txt', 'package.json', ...new Set(stubs.map((stub) => dirname(stub)))],
  ]);
  const foreign = (await readdir(dist, { recursive: true })).filter((file) => !expected.has(file));
  const problems = [...unused, ...unknown, ...wrong, ...foreign];
  if (problems.length > 0) throw new Error(`dist/ does not hold together: see ${problems.join(', ')}.`);
}

async function writeStub(name: string): Promise<void> {
  const stub = join(dist, `${name}.js`);
  await mkdir(dirname(stub), { recursive: true });
  await writeFile(
    stub,
    `'use strict';\n// Starts this entry of the one bundle.\n${conditions[name] ?? ''}require('../index.js').entries['${name}']();\n`,
  );
}
