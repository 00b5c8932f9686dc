import type { ProcessGroup } from '../remote/frames.ts';
import { type ByHand, eventsOf, readByHand } from './break-glass.ts';
import { parseRelease, parseRevision, releaseOfLink } from './ids.ts';
import type { Layout } from './layout.ts';
import type { Ledger } from './ledger.ts';
import { followLog, readLedger, renderLine } from './ledger.ts';
import type { LockOwner } from './lock.ts';
import { readOwner } from './lock.ts';
import { type ReleaseManifest, readManifest } from './manifest.ts';
import { readRevisionsLog } from './revisions-log.ts';
import { untrustedPaths } from './untrusted-paths.ts';

/** What `current` is. */
export type Current =
  | { readonly kind: 'release'; readonly release: string; readonly revision: string | undefined }
  /** It leads to nothing, or to something that is no release of this tree. */
  | { readonly kind: 'elsewhere'; readonly target: string }
  | { readonly kind: 'not a link' }
  | { readonly kind: 'none' };

/** A lock that exists on a server. `owner` is `undefined` where its record cannot be read. */
export interface LockState {
  readonly owner: LockOwner | undefined;
  readonly group: ProcessGroup;
  /** Seconds on the server's clock since a program of its owner last renewed it. */
  readonly age: number;
}

/**
 * What decisions are made from: the tree of one server and its records, parsed and bounded; what does not fit its
 * schema is unknown.
 */
export interface TreeFacts {
  readonly current: Current;
  readonly releases: readonly string[];
  /** Names in `releases/` that are not release ids. */
  readonly strangers: readonly string[];
  /** `releases/current`, left by an interrupted Capistrano. */
  readonly staleLink: 'stale link' | 'none';
  readonly ledger: Ledger;
  readonly ledgerTail: 'whole' | 'torn';
  /** Revisions that a rollback put on hold; `all`: the list is there and cannot be read. */
  readonly held: readonly string[] | 'all';
  readonly quarantined: readonly string[] | 'all';
  readonly incoming: readonly string[];
  readonly failed: readonly string[];
  /** The manifest of the live release. */
  readonly manifest: ReleaseManifest | undefined;
  /** Rollbacks with the break-glass script since the last run; `ledger` includes them already. */
  readonly byHand: readonly ByHand[];
  /** The manifest of the newest release in `releases/`, where that is not the live one. */
  readonly unfinished: ReleaseManifest | undefined;
  /** Releases that revisions.log names as deployed, and that no rollback withdrew. */
  readonly published: readonly string[];
}

/** The same, and whether the server is ready for a deploy, as the survey finds it. */
export interface ServerFacts extends TreeFacts {
  /** Seconds since 1970 on the server's clock. */
  readonly now: number;
  readonly user: string;
  readonly writable: 'writable' | 'not writable';
  /** Paths of the tree that another user could redirect, and with them what we write and delete. */
  readonly untrustedPaths: readonly string[];
  readonly lock: LockState | undefined;
  readonly room: Room;
  readonly missingTools: readonly string[];
  readonly missingLinkedFiles: readonly string[];
}

/** Free bytes and inodes for the user; `undefined` where the file system does not say. */
export interface Room {
  readonly bytes: number | undefined;
  readonly inodes: number | undefined;
}

/** The most characters of a record that are read; the programs never send more. */
const longest = { ledger: 524_288, log: 65_536, list: 65_536, name: 100 } as const;
/** Entries of a list that are looked at. */
const most = 10_000;
/** Revisions that may be on hold: git is asked about each of them. */
const mostHeld = 500;

/** The facts of a program that ran `surveyProgram`. */
export function readFacts(facts: ReadonlyMap<string, string>, layout: Layout): ServerFacts {
  return {
    ...readTreeFacts(facts, layout),
    now: seconds(facts.get('now')),
    user: (facts.get('user') ?? '').slice(0, longest.name),
    writable: facts.get('writable') === 'yes' ? 'writable' : 'not writable',
    untrustedPaths: untrustedPaths.filter((place) => lines(facts.get('untrusted')).includes(place)),
    lock: readLock(facts),
    room: readRoom(facts),
    missingTools: (facts.get('missing') ?? '')
      .slice(0, longest.list)
      .split(' ')
      .filter((name) => name !== ''),
    missingLinkedFiles: lines(facts.get('unlinked')),
  };
}

/** The facts of a program that ran `factSteps`. */
export function readTreeFacts(facts: ReadonlyMap<string, string>, layout: Layout): TreeFacts {
  const names = lines(facts.get('releases'));
  const ledger = wholeLines(facts.get('ledger') ?? '');
  const byHand = readByHand((facts.get('byhand') ?? '').slice(-longest.log));
  const log = readRevisionsLog((facts.get('log') ?? '').slice(-longest.log));
  return {
    current: readCurrent(facts, layout),
    releases: names.filter((name) => parseRelease(name) !== undefined),
    strangers: names
      .filter((name) => parseRelease(name) === undefined && name !== 'current')
      .map((name) => name.slice(0, longest.name)),
    staleLink: facts.get('stale') === 'yes' ? 'stale link' : 'none',
    ledger: followLog(
      readLedger(`${ledger.slice(-longest.ledger)}\n${byHand.flatMap(eventsOf).map(renderLine).join('\n')}`),
      log,
    ),
    ledgerTail: ledger === '' || ledger.endsWith('\n') ? 'whole' : 'torn',
    held: revisionsOf(facts.get('hold')),
    quarantined: revisionsOf(facts.get('quarantine')),
    incoming: releaseNames(facts.get('incoming')),
    failed: releaseNames(facts.get('failed')),
    manifest: readManifest(facts.get('manifest')),
    byHand,
    unfinished: readManifest(facts.get('unfinished')),
    published: log.published,
  };
}

/** What `current` and REVISION say, from a program that ran `truthStep` or `factSteps`. */
export function readCurrent(facts: ReadonlyMap<string, string>, layout: Layout): Current {
  const text = facts.get('current') ?? 'other';
  if (text === 'none') return { kind: 'none' };
  if (text.startsWith('elsewhere ')) return { kind: 'elsewhere', target: text.slice('elsewhere '.length) };
  if (!text.startsWith('link ')) return { kind: 'not a link' };
  const target = text.slice('link '.length);
  const release = releaseOfLink(target, layout.releases);
  if (release === undefined) return { kind: 'elsewhere', target };
  return { kind: 'release', release, revision: parseRevision(facts.get('revision') ?? '') };
}

/** Of a long ledger only the end is read, which begins in the middle of a line; every line is a flat object. */
function wholeLines(ledger: string): string {
  return ledger.length < longest.ledger / 3 || ledger.startsWith('{') ? ledger : ledger.slice(ledger.indexOf('\n') + 1);
}

/** Free space, from a program that ran `roomStep`. */
export function readRoom(facts: ReadonlyMap<string, string>): Room {
  const kibibytes = available(facts.get('disk'));
  return { bytes: kibibytes === undefined ? undefined : kibibytes * 1024, inodes: available(facts.get('inodes')) };
}

export function readLock(facts: ReadonlyMap<string, string>): LockState | undefined {
  if (facts.get('lock') !== 'present') return undefined;
  const read = readOwner(facts.get('owner') ?? '');
  return { owner: read?.owner, group: read?.group ?? { id: '0', started: '0' }, age: seconds(facts.get('lockage')) };
}

/** The id of the release that is live, if one is. */
export function liveRelease(current: Current): string | undefined {
  return current.kind === 'release' ? current.release : undefined;
}

/**
 * The fourth column of the output of `df -P`: FILESYSTEM TOTAL USED AVAILABLE USE% MOUNT. A file system without inodes
 * prints 0 of 0.
 */
function available(text: string | undefined): number | undefined {
  const columns = /\s(\d{1,18})\s+(\d{1,18})\s+(\d{1,18})\s+(?:\d+%|-)\s+\//.exec((text ?? '').slice(0, 1000));
  return columns === null || columns[1] === '0' ? undefined : Number(columns[3]);
}

/** `{"revisions": […]}`. A list that cannot be read counts as every revision: when in doubt, a deploy is refused. */
function revisionsOf(text: string | undefined): readonly string[] | 'all' {
  if (text === undefined) return [];
  try {
    const raw: unknown = text.length > longest.list ? undefined : JSON.parse(text);
    const list = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>)['revisions'] : undefined;
    if (!Array.isArray(list) || list.length > mostHeld) return 'all';
    const revisions = list.map((item) => (typeof item === 'string' ? parseRevision(item) : undefined));
    return revisions.every((item) => item !== undefined) ? revisions : 'all';
  } catch {
    return 'all';
  }
}

function releaseNames(text: string | undefined): string[] {
  return lines(text).filter((name) => parseRelease(name) !== undefined);
}

function lines(text: string | undefined): string[] {
  return (text ?? '').split('\n', most).filter((line) => line !== '');
}

/** Whole seconds; anything else is 0. */
function seconds(text: string | undefined): number {
  return /^\d{1,12}$/.test(text ?? '') ? Number(text) : 0;
}
