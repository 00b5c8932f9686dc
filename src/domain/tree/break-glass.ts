import { plainWord } from '../words.ts';
import { parseRelease } from './ids.ts';
import type { LedgerLine } from './ledger.ts';

/** Somebody went back by hand with `.slipway/rollback`: one line `AT FROM TO WHO` of break-glass.log. */
export interface ByHand {
  /** UTC, ISO 8601, the server's clock. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly by: string;
}

/** Lines that are read, the newest. */
const most = 100;

/** What was done by hand since the last run; lines that do not fit are passed over. */
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

/** The same as events: what was left counts as rolled back. What is live now was made so on purpose and is taken for good, as the script has found it. */
export function eventsOf({ at, from, to, by }: ByHand): LedgerLine[] {
  const line = { at, by, run: 'break-glass' };
  return [
    { ...line, release: from, event: 'rolled_back' },
    { ...line, release: to, event: 'live', health: 'unknown' },
    { ...line, release: to, event: 'adopted' },
  ];
}
