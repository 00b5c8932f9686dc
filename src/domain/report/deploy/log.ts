import type { Outcome, PlanView } from '../../fleet/outcome.ts';
import type { RollbackReadiness } from '../../release/readiness.ts';
import { logFormat } from '../../text/formatter.ts';
import { sentence } from '../../text/phrases.ts';
import { findings, gather } from '../findings.ts';
import { findingLines, serverColumn } from '../log.ts';
import { verdictLines } from '../verdict.ts';
import { planVerdict } from './plan-headline.ts';
import { deployVerdict } from './verdict.ts';

/** The last lines of a run: everything that went wrong, then the verdict. */
export function outcomeLines(outcome: Outcome): string[] {
  const wrong = findingLines(findings(outcome), '');
  const warnings = outcome.warnings.map((text) => `warning: ${logFormat.outside(text)}`);
  return [...wrong, ...warnings, ...verdictLines(deployVerdict(outcome, logFormat)), rollbackLine(outcome.rollback)];
}

/** What a plan or a check has found, its verdict last. */
export function planLines(view: PlanView): string[] {
  const problems = gather(view.problems.map((failure) => ({ failure, server: failure.server })));
  const steps =
    view.problems.length > 0 ? [] : view.steps.map((step, index) => `${index + 1}. ${logFormat.outside(step)}`);
  return [
    ...hostLines(view),
    ...steps,
    ...findingLines(problems, ''),
    ...view.warnings.map((text) => `warning: ${logFormat.outside(text)}`),
    ...verdictLines(planVerdict(view, logFormat)),
    rollbackLine(view.rollback),
  ];
}

function rollbackLine(readiness: RollbackReadiness): string {
  return `   Rollback possible: ${readiness.possible}, because ${sentence(logFormat.outside(readiness.because))}`;
}

/** `web1  batch 1, runs 20261120080000`, with the lock and notes where there are any. */
function hostLines(view: PlanView): string[] {
  const column = serverColumn(view.hosts.map((host) => host.server));
  return view.hosts.map((host) => {
    const facts = [
      ...(host.batch === undefined ? [] : [`batch ${host.batch}`]),
      host.from === undefined ? 'runs nothing, or nothing that is known' : `runs ${logFormat.id(host.from)}`,
      ...(host.lockedBy === undefined ? [] : [`locked by ${logFormat.outside(host.lockedBy)}`]),
      ...host.notes.map((note) => logFormat.outside(note)),
    ];
    return `${column(host.server)}  ${facts.join(', ')}`;
  });
}
