import { basename, dirname, join } from 'node:path';

/** A shell file of the repository. */
export interface ShellFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The shell that runs on servers as TypeScript, so that it is bundled and needs no file at run time. `. ./NAME.sh` is
 * replaced by that file, and lines of comment go: each byte is sent with every exec. A file that begins with `#!` is a
 * script that people read on a server, and stays as it is.
 */
export function serverPrograms(files: readonly ShellFile[]): string {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const named = files.map((file) => [basename(file.path, '.sh'), textOf(file, byPath)] as const);
  const twice = named.find(([name], index) => named.findIndex(([other]) => other === name) < index);
  if (twice !== undefined) throw new Error(`two shell files are called ${twice[0]}.sh`);
  const lines = named
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `  ${JSON.stringify(name)}: ${JSON.stringify(text)},`);
  return [
    '// Made by `npm run docs` from the .sh files of src/domain. Change those.',
    'export const programs = {',
    ...lines,
    '} as const;',
    '',
  ].join('\n');
}

function textOf(file: ShellFile, others: ReadonlyMap<string, ShellFile>): string {
  if (file.text.startsWith('#!')) return file.text;
  return file.text
    .trimEnd()
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .map((line) => included(line, file.path, others))
    .join('\n');
}

function included(line: string, from: string, others: ReadonlyMap<string, ShellFile>): string {
  const name = /^\. \.\/([\w-]+\.sh)$/.exec(line)?.[1];
  if (name === undefined) return line;
  const file = others.get(join(dirname(from), name));
  if (file === undefined) throw new Error(`${from}: there is no ${name}`);
  return textOf(file, others);
}
