import { parseRelease, parseRevision } from './ids.ts';
import type { RevisionsLog } from './revisions-log.ts';

export const ledgerEvents = [
  'preparing',
  'prepared',
  'live',
  'healthy',
  'failed',
  'superseded',
  'rolled_back',
  'quarantined',
  'released',
  'pruned',
  'adopted',
  'absent',
  'rejoined',
  'in_doubt',
] as const;

export type LedgerEvent = (typeof ledgerEvents)[number];

/** One line of `ledger.jsonl`: something happened to a release. Below 1 KiB. */
export interface LedgerLine {
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly release: string;
  readonly event: LedgerEvent;
  readonly by: string;
  readonly run: string;
  readonly revision?: string;
  readonly stage?: string;
  /** Another server of the stage that the event is about: `absent`, `in_doubt`, `rejoined`. */
  readonly server?: string;
  /** With `live`: the health checks could not be run, and the run ended there. */
  readonly health?: 'unknown';
  /** A hook that need not run again when the same run is resumed. */
  readonly once?: string;
}

/** What became of one release on one server. */
export interface ReleaseHistory {
  readonly release: string;
  readonly state: LedgerEvent;
  readonly revision: string | undefined;
  /**
   * `healthy`: its health checks passed here, or it was live when Slipway ran first; and it has not failed or been
   * rolled back since.
   */
  readonly health: 'healthy' | 'not healthy';
  /** `acknowledged`: a run left it live on purpose without knowing its health. */
  readonly acknowledged: 'acknowledged' | 'open';
  readonly run: string;
}

/** The fold of a ledger. */
export interface Ledger {
  readonly releases: ReadonlyMap<string, ReleaseHistory>;
  /** Other servers that, by this ledger, were left out (`absent`) or could not be reverted (`in_doubt`). */
  readonly outOfSync: ReadonlyMap<string, 'absent' | 'in_doubt'>;
  /** By release: hooks that ran once and need not run again, as `POINT: NAME`. */
  readonly done: ReadonlyMap<string, readonly string[]>;
  /** Every release id that was ever written here. */
  readonly known: readonly string[];
  /** Lines that are not ours, or cut. */
  readonly unreadable: number;
}

/** A ledger's text, read by schema; a line that does not fit is counted and skipped. */
export function readLedger(text: string): Ledger {
  const lines = text.split('\n').filter((line) => line !== '');
  const parsed = lines.map(parseLine);
  const good = parsed.filter((line) => line !== undefined);
  return { ...fold(good), unreadable: parsed.length - good.length };
}

/** The ledger once `lines` are in it. */
export function append(ledger: Ledger, lines: readonly LedgerLine[]): Ledger {
  return { ...fold(lines, ledger), unreadable: ledger.unreadable };
}

/**
 * The ledger with what revisions.log adds to it, since Capistrano writes only there. Releases that a rollback withdrew
 * count as rolled back,
 * and the release that the last line names was left live on purpose.
 */
export function followLog(ledger: Ledger, log: RevisionsLog): Ledger {
  const releases = new Map(ledger.releases);
  for (const [id, record] of releases) {
    if (log.withdrawn.includes(id)) releases.set(id, { ...record, state: 'rolled_back', health: 'not healthy' });
    else if (log.last === id) releases.set(id, { ...record, acknowledged: 'acknowledged' });
  }
  return { ...ledger, releases };
}

/** One line as it is appended, without its newline. Text of people is cut so that the line stays below 1 KiB. */
export function renderLine(line: LedgerLine): string {
  return JSON.stringify({
    ...line,
    by: line.by.slice(0, 100),
    ...(line.once === undefined ? {} : { once: line.once.slice(0, 200) }),
  });
}

type Folded = Omit<Ledger, 'unreadable'>;

const nothing: Folded = { releases: new Map(), outOfSync: new Map(), done: new Map(), known: [] };

function fold(lines: readonly LedgerLine[], before: Folded = nothing): Folded {
  const releases = new Map(before.releases);
  const outOfSync = new Map(before.outOfSync);
  const done = new Map(before.done);
  for (const line of lines) {
    const about = line.server;
    if (about !== undefined) {
      if (line.event === 'absent' || line.event === 'in_doubt') outOfSync.set(about, line.event);
      if (line.event === 'rejoined') outOfSync.delete(about);
      continue;
    }
    if (line.once !== undefined) {
      done.set(line.release, [...(done.get(line.release) ?? []), line.once]);
      continue;
    }
    releases.set(line.release, follow(releases.get(line.release), line));
  }
  return { releases, outOfSync, done, known: [...new Set([...before.known, ...lines.map(({ release }) => release)])] };
}

function follow(before: ReleaseHistory | undefined, line: LedgerLine): ReleaseHistory {
  return {
    release: line.release,
    state: line.event,
    revision: line.revision ?? before?.revision,
    health: healthAfter(before?.health ?? 'not healthy', line.event),
    acknowledged: line.event === 'live' && line.health === 'unknown' ? 'acknowledged' : 'open',
    run: line.run,
  };
}

function healthAfter(before: 'healthy' | 'not healthy', event: LedgerEvent): 'healthy' | 'not healthy' {
  if (event === 'healthy' || event === 'adopted') return 'healthy';
  if (event === 'failed' || event === 'rolled_back' || event === 'quarantined' || event === 'pruned')
    return 'not healthy';
  return before;
}

function parseLine(text: string): LedgerLine | undefined {
  if (text.length > 4096) return undefined;
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof raw === 'object' && raw !== null ? lineOf(raw as Record<string, unknown>) : undefined;
}

function lineOf(raw: Record<string, unknown>): LedgerLine | undefined {
  const release = parseRelease(word(raw['release']));
  const event = ledgerEvents.find((name) => name === raw['event']);
  if (release === undefined || event === undefined) return undefined;
  const revision = parseRevision(word(raw['revision']));
  return {
    at: word(raw['at']),
    release,
    event,
    by: word(raw['by']),
    run: word(raw['run']),
    ...(revision === undefined ? {} : { revision }),
    ...(typeof raw['server'] === 'string' ? { server: word(raw['server']) } : {}),
    ...(typeof raw['once'] === 'string' ? { once: word(raw['once']) } : {}),
    ...(raw['health'] === 'unknown' ? { health: 'unknown' } : {}),
  };
}

function word(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 300) : '';
}
