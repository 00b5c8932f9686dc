import { Failure } from '../failure.ts';
import { compareBytes } from './byte-order.ts';
import { leadsOut } from './links.ts';
import type { Entry } from './manifest.ts';
import type { Selection } from './selection.ts';
import { plainParts } from './selection.ts';

export interface FoundFile {
  readonly kind: 'file';
  readonly path: string;
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
}

/**
 * One thing as a source names it: nothing about it is checked yet.
 * `same file` is a hard link to what `target` names in the source; `what` completes the sentence “… is a FIFO”.
 */
export type Found =
  | FoundFile
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'same file'; readonly path: string; readonly target: string }
  | { readonly kind: 'other'; readonly path: string; readonly what: string; readonly hint?: string };

/** An entry that may be shipped; the content of a file is that of `content`, and its hash is not known yet. */
export type Accepted = Exclude<Entry, { readonly kind: 'file' }> | (FoundFile & { readonly content: FoundFile });

/** `git` knows only whether a file is executable; `kept` are the permissions of owner, group and others. */
export type Modes = 'git' | 'kept';

export interface Checked {
  /** Sorted by path in byte order; every directory above an entry is among them. */
  readonly accepted: readonly Accepted[];
  /** `ARTIFACT_INVALID`, one for each entry that cannot be shipped. */
  readonly problems: readonly Failure[];
}

/** Checks every entry of a source that is selected. */
export function checkEntries(found: readonly Found[], selected: Selection, modes: Modes): Checked {
  const files = new Map(
    found.flatMap((entry) => (entry.kind === 'file' ? [[plainParts(entry.path).join('/'), entry] as const] : [])),
  );
  const problems: Failure[] = [];
  const tree = new Map<string, Accepted>();
  for (const entry of found) {
    const path = selected.place(entry.path);
    if (path === undefined || gitOf(entry.path) !== undefined) continue;
    const accepted = badName(entry.path) ?? accept(entry, path, files, modes);
    const verdict = accepted instanceof Failure ? accepted : (twice(accepted, tree) ?? accepted);
    if (verdict instanceof Failure) problems.push(verdict);
    else tree.set(path, verdict);
  }
  problems.push(...ofGit(found, selected), ...misplaced(tree), ...escaping(tree));
  return { accepted: [...tree.values()].sort((one, other) => compareBytes(one.path, other.path)), problems };
}

/**
 * Entries of the artefact that conflict with paths linked to `shared`: every parent of a linked path must be a
 * directory of the release.
 */
export function clashes(entries: readonly Entry[], linkedPaths: readonly string[]): Failure[] {
  const kinds = new Map(entries.map((entry) => [entry.path, entry.kind]));
  const hint = 'Ship a directory at this path, or take the path below it out of `linked_files` and `linked_dirs`.';
  return linkedPaths.flatMap((linked) => {
    const standing = parents(linked).find((parent) => kinds.has(parent) && kinds.get(parent) !== 'directory');
    return standing === undefined
      ? []
      : [refuse(standing, `is a ${kinds.get(standing)}, but ${JSON.stringify(linked)} is to be linked below it`, hint)];
  });
}

/** A Git LFS pointer is smaller than this many bytes, and begins with the line below (git-lfs, docs/spec.md). */
export const pointerLimit = 1024;
const pointerStart = 'version https://git-lfs.github.com/spec/';

/** A problem where the content of the file at `path` begins as a Git LFS pointer does. */
export function pointerProblem(path: string, start: string): Failure | undefined {
  if (!start.startsWith(pointerStart)) return undefined;
  return refuse(
    path,
    'is a Git LFS pointer, not the file itself',
    'Check out with `lfs: true` and ship the directory with `artifact: {path: …}`, or the whole checkout with the input `artifact: .`; or leave it out with `artifact.exclude`.',
  );
}

/** A problem with one entry of the artefact: `"the/path" WHY.` */
export function refuse(path: string, why: string, hint?: string, cause?: unknown): Failure {
  return new Failure('ARTIFACT_INVALID', `${JSON.stringify(path)} ${why}.`, {
    ...(hint === undefined ? {} : { hint }),
    cause,
  });
}

function badName(path: string): Failure | undefined {
  if (path.startsWith('/')) return refuse(path, 'is an absolute name');
  if (path.split('/').includes('..')) return refuse(path, 'has “..” in its name');
  return unreadable(path) ? refuse(path, 'has a control character in its name, or one that is not UTF-8') : undefined;
}

/** One problem for each `.git` that would be shipped, no matter how many entries lie in it. */
function ofGit(found: readonly Found[], selected: Selection): Failure[] {
  const shipped = found.filter((entry) => gitOf(entry.path) !== undefined && selected.place(entry.path) !== undefined);
  const hint = 'Leave it out with `artifact.exclude: ["**/.git"]`.';
  return [...new Set(shipped.flatMap((entry) => gitOf(entry.path) ?? []))].map((path) =>
    refuse(path, 'belongs to git, and may hold the token of the checkout', hint),
  );
}

/**
 * The `.git` that a path is, or lies in. An archive may list only the entries inside of it, and write it as `./.git/`.
 */
function gitOf(path: string): string | undefined {
  const parts = plainParts(path);
  const at = parts.indexOf('.git');
  return at < 0 ? undefined : parts.slice(0, at + 1).join('/');
}

function accept(entry: Found, path: string, files: ReadonlyMap<string, FoundFile>, modes: Modes): Accepted | Failure {
  switch (entry.kind) {
    case 'file':
      return (
        special(entry) ?? { kind: 'file', path, mode: fileMode(entry.mode, modes), size: entry.size, content: entry }
      );
    case 'directory':
      return (
        special(entry) ?? { kind: 'directory', path, mode: modes === 'git' ? 0o755 : (entry.mode & 0o777) | 0o700 }
      );
    case 'link':
      return badTarget(entry) ?? { kind: 'link', path, target: entry.target };
    case 'same file': {
      const original = files.get(plainParts(entry.target).join('/'));
      if (original === undefined)
        return refuse(
          entry.path,
          `is a hard link to ${JSON.stringify(entry.target)}, which is no file of the artefact`,
        );
      return accept(original, path, files, modes);
    }
    case 'other':
      return refuse(entry.path, `is ${entry.what}`, entry.hint);
  }
}

function special(entry: { readonly path: string; readonly mode: number }): Failure | undefined {
  return (entry.mode & 0o7000) === 0 ? undefined : refuse(entry.path, 'has the setuid, setgid or sticky bit');
}

/** The owner may always read a file, since it is hashed on the server. */
function fileMode(mode: number, modes: Modes): number {
  if (modes === 'git') return (mode & 0o100) === 0 ? 0o644 : 0o755;
  return (mode & 0o777) | 0o400;
}

function badTarget(link: { readonly path: string; readonly target: string }): Failure | undefined {
  if (link.target === '') return refuse(link.path, 'is a link without a target');
  if (unreadable(link.target))
    return refuse(link.path, 'is a link whose target has a control character, or one that is not UTF-8');
  return link.target.startsWith('/')
    ? refuse(link.path, `is a link to the absolute path ${JSON.stringify(link.target)}`)
    : undefined;
}

/** A directory may be listed more than once; anything else that comes twice is a problem. */
function twice(accepted: Accepted, tree: ReadonlyMap<string, Accepted>): Failure | undefined {
  const earlier = tree.get(accepted.path);
  if (earlier === undefined || (earlier.kind === 'directory' && accepted.kind === 'directory')) return undefined;
  return refuse(accepted.path, 'comes twice');
}

/** Entries below something that is no directory. Directories that no source named are added to the tree. */
function misplaced(tree: Map<string, Accepted>): Failure[] {
  return [...tree.keys()].flatMap((path) => {
    for (const parent of parents(path)) {
      const kind = tree.get(parent)?.kind;
      if (kind === undefined) tree.set(parent, { kind: 'directory', path: parent, mode: 0o755 });
      else if (kind !== 'directory') return [refuse(path, `lies below ${JSON.stringify(parent)}, which is a ${kind}`)];
    }
    return [];
  });
}

function escaping(tree: ReadonlyMap<string, Accepted>): Failure[] {
  const links = new Map(
    [...tree.values()].flatMap((entry) => (entry.kind === 'link' ? [[entry.path, entry.target] as const] : [])),
  );
  return [...links]
    .filter(([path]) => leadsOut(path, links))
    .map(([path, target]) => refuse(path, `is a link that leads out of the artefact, to ${JSON.stringify(target)}`));
}

/** `a` and `a/b` for `a/b/c`. */
function parents(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Sources decode names as UTF-8, where bytes that are none become U+FFFD. */
function unreadable(name: string): boolean {
  return /[\p{Cc}\ufffd]/u.test(name) || !name.isWellFormed();
}
