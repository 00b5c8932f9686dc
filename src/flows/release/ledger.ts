import type { LedgerEvent, LedgerLine } from '../../domain/tree/ledger.ts';
import type { FleetRun } from '../context.ts';

/** A line of the ledger about this run's release, or about another one that `more` names. */
export function ledgerLine(run: FleetRun, event: LedgerEvent, more: Partial<LedgerLine> = {}): LedgerLine {
  const { job, settings, ports } = run;
  return {
    at: ports.clock.now().toISOString(),
    release: run.release,
    event,
    by: job.actor,
    run: `${job.runId}.${job.attempt}`,
    ...(more.release === undefined || more.release === run.release ? { revision: run.revision } : {}),
    stage: settings.stage,
    ...more,
  };
}
