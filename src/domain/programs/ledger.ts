import { programs } from '../../generated/programs.ts';
import type { Step } from '../remote/program.ts';
import type { Layout } from '../tree/layout.ts';
import { type LedgerLine, renderLine } from '../tree/ledger.ts';

/**
 * Appends lines to the ledger, each in one write; a line that was cut off before is closed first. A line that is among
 * the last fifty is not written again, so the step can be repeated.
 */
export function ledgerStep(
  layout: Layout,
  lines: readonly LedgerLine[],
  policy: 'stop' | 'note' | 'always' = 'stop',
): Step {
  return {
    id: 'record',
    name: `record ${lines.map(titleOf).join(', ')}`,
    effect: 'changes',
    policy,
    log: 'on failure',
    run: { text: programs.append, words: [layout.ledger, ...lines.map(renderLine)] },
  };
}

function titleOf(line: LedgerLine): string {
  return line.once === undefined ? line.event.replaceAll('_', ' ') : `that ${line.once} is done`;
}

/** Appends one of Capistrano's sentences to revisions.log. */
export function revisionsLogStep(layout: Layout, sentence: string): Step {
  return {
    id: 'write-revisions-log',
    name: 'write revisions.log',
    effect: 'changes',
    policy: 'note',
    log: 'on failure',
    run: { text: programs.append, words: [layout.revisionsLog, sentence] },
  };
}

/** Capistrano's sentence for a deploy. Text from outside is kept to one line. */
export function deployedSentence(entry: {
  readonly branch: string;
  readonly revision: string;
  readonly release: string;
  readonly user: string;
}): string {
  return `Branch ${oneLine(entry.branch)} (at ${entry.revision}) deployed as release ${entry.release} by ${oneLine(entry.user)}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ');
}
