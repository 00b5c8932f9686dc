import { compareBytes } from './byte-order.ts';
import type { Entry } from './manifest.ts';

export { findPatterns } from '../globs/path-globs.ts';

/** Everything about a tree, as three lists that are compared as complete sets. Each line ends with a newline; each list is in the order of `LC_ALL=C sort`. */
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

/** What the digest of a manifest is taken over: one line for each entry, its parts separated by tabs. Entries are sorted by path. */
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

/**
 * Makes the lists of the tree at `$1` and compares them with the runner's `entries`, `hashes` and `links` in the directory `$2`; both are absolute paths.
 * No line of one list can be one of another list, so the three are compared as one set.
 * Prints at most 20 differences and ends with status 1 where there is any. Neither `comm` nor `cmp`: some BusyBox or small systems lack them.
 */
export const listingFragment = `set -eu
LC_ALL=C; export LC_ALL
l=$2; cd "$1"
find . -name '*
*' >"$l/here.odd" || :
if [ -s "$l/here.odd" ]; then echo 'not in the artefact: a name with a newline'; exit 1; fi
find . ! -path . -exec stat -c '%f %n' {} + >"$l/here.entries" || :
{ find . -type f ! -path '*\\\\*' -exec sha256sum {} + || :
  find . -type f -path '*\\\\*' -exec sh -c 'for f do h=$(sha256sum <"$f") && printf "%s  %s\\n" "\${h%% *}" "$f"; done' sh {} + || :; } >"$l/here.hashes"
find . -type l >"$l/here.names" || :
if [ -s "$l/here.names" ]; then
  tr '\\n' '\\0' <"$l/here.names" | xargs -0 readlink >"$l/here.targets" 2>/dev/null ||
    while IFS= read -r n; do readlink "$n" || echo; done <"$l/here.names" >"$l/here.targets"
  paste "$l/here.names" "$l/here.targets" >"$l/here.links"
else : >"$l/here.links"; fi
sort -u "$l/here.entries" "$l/here.hashes" "$l/here.links" >"$l/here.found"
sort -u "$l/entries" "$l/hashes" "$l/links" >"$l/here.sent"
sort "$l/here.sent" "$l/here.found" | uniq -u >"$l/here.differences"
if [ -s "$l/here.differences" ]; then
  { sort "$l/here.sent" "$l/here.found" "$l/here.found" | uniq -u | sed 's/^/only in the artefact: /'
    sort "$l/here.sent" "$l/here.sent" "$l/here.found" | uniq -u | sed 's/^/only on the server: /'; } | sed -n 1,20p
  exit 1
fi
rm -f "$l"/here.*`;

/**
 * Writes the integrity list of the release at `$1` to `$2`, sorted, as `sha256sum` writes it; both are absolute paths.
 * The words after them are patterns of `findPatterns` that are left out with all that is below them. Links are not listed.
 */
export const integrityFragment = `set -eu
LC_ALL=C; export LC_ALL
o=$2; cd "$1"; shift 2; n=$#
while [ "$n" -gt 0 ]; do set -- "$@" -regex "$1" -o; shift; n=$((n - 1)); done
set -- '(' "$@" ! -path '*' ')' -prune -o
find . "$@" -name '*
*' -print >"$o.new"
if [ -s "$o.new" ]; then echo 'a name with a newline cannot be listed:'; sed -n 1,5p "$o.new"; rm -f "$o.new"; exit 1; fi
find . "$@" -type f -exec sha256sum {} + >"$o.new"
sort -o "$o.new" "$o.new"
mv -f "$o.new" "$o"`;
