import type { Settings } from '../../domain/config/settings.ts';
import type { Failure } from '../../domain/failure.ts';
import type { Outcome, PlanView, Unlocked } from '../../domain/fleet/outcome.ts';
import { outcomeLines, planLines } from '../../domain/report/deploy/log.ts';
import { deployOutputs, planOutput } from '../../domain/report/deploy/outputs.ts';
import { lacksRollbackTarget } from '../../domain/report/deploy/plan-headline.ts';
import { renderPlan } from '../../domain/report/deploy/plan-summary.ts';
import type { Recovered } from '../../domain/report/deploy/recovery.ts';
import { renderRecovery } from '../../domain/report/deploy/recovery.ts';
import { renderSummary } from '../../domain/report/deploy/summary.ts';
import { renderUnlock, unlockLines } from '../../domain/report/deploy/unlock.ts';
import { findings } from '../../domain/report/findings.ts';
import { plain } from '../../domain/text/escape.ts';
import type { DeployOutput } from '../../generated/inputs.ts';
import type { Runner } from '../../ports/runner.ts';
import type { Runs } from '../../ports/runs.ts';
import {
  addressesOf,
  annotateFailures,
  annotateFindings,
  namingOf,
  printFailures,
  printLines,
  reportRefusal,
  reportStatus,
  writeOutputs,
} from '../job/report.ts';

/** Reports how a deploy ended: last lines, annotations, outputs, summary, and red or green. */
export async function reportOutcome(runner: Runner, outcome: Outcome, settings: Settings): Promise<void> {
  printLines(runner, ['', ...outcomeLines(outcome)]);
  annotateFindings(runner, findings(outcome));
  // Warnings are annotated because few people open the log of a green run. GitHub shows ten of each kind.
  for (const text of outcome.warnings.slice(0, 10))
    runner.annotate('warning', plain(text), `${outcome.application} on ${outcome.stage}`);
  writeOutputs(deployOutputs(outcome), outputOf(runner));
  await runner.summarize(renderSummary(outcome, namingOf(settings, runner.job), addressesOf(settings)));
  if (outcome.result === 'reverted' || outcome.result === 'failed') runner.fail();
}

/** The status on the deployment of a stage that names its environment. */
export async function reportDeployment(
  runner: Runner,
  runs: Runs,
  outcome: Outcome,
  settings: Settings,
): Promise<void> {
  if (settings.environment === undefined) return;
  const { result, release, revision } = outcome;
  const state = result === 'deployed' || result === 'unchanged' ? 'success' : 'failure';
  const description = `${result}: ${release ?? 'no release'} (${revision.slice(0, 12)})`;
  await reportStatus(runner, runs, { state, description });
}

/**
 * Reports what a plan or a check has found. A check is red where there are problems, or where no rollback would be
 * possible from a live release.
 */
export async function reportPlan(runner: Runner, view: PlanView, settings: Settings): Promise<void> {
  printLines(runner, ['', ...planLines(view)]);
  writeOutputs({ plan: planOutput(view) }, outputOf(runner));
  await runner.summarize(renderPlan(view, namingOf(settings, runner.job), addressesOf(settings)));
  annotateFailures(runner, view.problems);
  const noRollback = view.kind === 'check' && lacksRollbackTarget(view);
  if (noRollback)
    runner.annotate(
      'error',
      plain(`No rollback is possible, because ${view.rollback.because}. The next deploy makes one possible.`),
      'no rollback possible',
    );
  if (view.problems.length > 0 || noRollback) runner.fail();
}

/** Reports which locks were broken by hand, by whom and why, and which were not: the summary is the record of it. */
export async function reportUnlock(
  runner: Runner,
  done: { readonly unlocked: readonly Unlocked[]; readonly failures: readonly Failure[] },
  { reason, settings }: { readonly reason: string; readonly settings: Settings },
): Promise<void> {
  const by = { actor: runner.job.actor, reason, stage: settings.stage };
  printLines(runner, ['']);
  printFailures(runner, done.failures);
  printLines(runner, unlockLines(done.unlocked, by));
  annotateFailures(runner, done.failures);
  await runner.summarize(renderUnlock(done, by, namingOf(settings, runner.job), addressesOf(settings)));
  if (done.failures.length === 0) return;
  writeOutputs(nothingDone, outputOf(runner));
  runner.fail();
}

/** Reports what the post step did about a run that was ended before it could report anything itself. */
export async function reportRecovery(runner: Runner, recovered: Recovered, settings: Settings): Promise<void> {
  const { did, hosts, failures } = recovered;
  const states = hosts.map((host) => `  ${host.server}: ${host.state}, ${host.live ?? 'nothing known to be live'}`);
  printLines(
    runner,
    ['', did, ...states].map((line) => plain(line)),
  );
  printFailures(runner, failures);
  annotateFailures(runner, failures);
  await runner.summarize(renderRecovery(recovered, namingOf(settings, runner.job), addressesOf(settings)));
  if (failures.length > 0) runner.fail();
}

/** Reports a deploy that failed before it had an outcome. */
export async function reportNoOutcome(runner: Runner, failure: Failure, title: string): Promise<void> {
  writeOutputs(nothingDone, outputOf(runner));
  await reportRefusal(runner, failure, title);
}

/** The outputs of a run that has nothing to say of servers. */
const nothingDone = { result: 'failed', hosts: '{}' } as const;

function outputOf(runner: Runner): (name: DeployOutput, value: string) => void {
  return (name, value) => runner.output(name, value);
}
