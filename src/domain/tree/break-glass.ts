import { plainWord } from '../words.ts';
import { parseRelease } from './ids.ts';
import type { LedgerLine } from './ledger.ts';

/** A rollback by hand with `.slipway/rollback`: one line `AT FROM TO WHO` of break-glass.log. */
export interface ByHand {
  /** UTC, ISO 8601, the server's clock. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly by: string;
}

/** Lines that are read, the newest. */
const most = 100;

/** Rollbacks by hand since the last run; lines of another form are skipped. */
export function readByHand(text: string): ByHand[] {
  return text
    .split('\n')
    .slice(-most)
    .flatMap((line) => {
      const [at, from = '', to = '', by] = line.split(' ');
      const read = {
        at: plainWord(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        from: parseRelease(from),
        to: parseRelease(to),
        by: plainWord(by, /^[\w.-]{1,100}$/),
      };
      return read.at === undefined || read.from === undefined || read.to === undefined || read.by === undefined
        ? []
        : [{ at: read.at, from: read.from, to: read.to, by: read.by }];
    });
}

/**
 * The same as ledger events: the release that was live before counts as rolled back. The one that is live now was made
 * live on purpose and counts as good, because the script checked it.
 */
export function eventsOf({ at, from, to, by }: ByHand): LedgerLine[] {
  const line = { at, by, run: 'break-glass' };
  return [
    { ...line, release: from, event: 'rolled_back' },
    { ...line, release: to, event: 'live', health: 'unknown' },
    { ...line, release: to, event: 'adopted' },
  ];
}
