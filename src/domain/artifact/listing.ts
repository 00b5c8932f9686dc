import { compareBytes } from './byte-order.ts';
import type { Entry } from './manifest.ts';

export { findPatterns } from '../globs/path-globs.ts';

/**
 * Everything about a tree, as three lists that are compared as complete sets. Each line ends with a newline; each list
 * is in the order of `LC_ALL=C sort`.
 */
export interface Lists {
  /** `81a4 ./path`: the mode with the type, in hex as `stat -c %f` prints it. */
  readonly entries: string;
  /** `HASH  ./path` for each file; the path as it is, also where GNU `sha256sum` would escape it. */
  readonly hashes: string;
  /** `./path`, a tab, and the target, for each link. */
  readonly links: string;
}

/** The lists of what the runner ships. */
export function lists(entries: readonly Entry[]): Lists {
  return {
    entries: sorted(entries.map((entry) => `${rawMode(entry).toString(16)} ./${entry.path}`)),
    hashes: sorted(entries.flatMap((entry) => (entry.kind === 'file' ? [`${entry.hash}  ./${entry.path}`] : []))),
    links: sorted(entries.flatMap((entry) => (entry.kind === 'link' ? [`./${entry.path}\t${entry.target}`] : []))),
  };
}

/**
 * What the digest of a manifest is taken over: one line for each entry, its parts separated by tabs. Entries are sorted
 * by path.
 */
export function digestText(entries: readonly Entry[]): string {
  return entries.map((entry) => `${digestParts(entry).join('\t')}\n`).join('');
}

function digestParts(entry: Entry): string[] {
  switch (entry.kind) {
    case 'file':
      return ['file', entry.mode.toString(8), entry.hash, entry.path];
    case 'directory':
      return ['directory', entry.mode.toString(8), '', entry.path];
    case 'link':
      return ['link', '', entry.target, entry.path];
  }
}

/** Linux gives every link the mode 0777. */
function rawMode(entry: Entry): number {
  switch (entry.kind) {
    case 'file':
      return 0o100000 | entry.mode;
    case 'directory':
      return 0o040000 | entry.mode;
    case 'link':
      return 0o120777;
  }
}

function sorted(lines: readonly string[]): string {
  return lines
    .toSorted(compareBytes)
    .map((line) => `${line}\n`)
    .join('');
}
