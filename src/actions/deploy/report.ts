import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import type { Settings } from '../../domain/config/settings.ts';
import type { Failure } from '../../domain/failure.ts';
import type { Outcome, PlanView, Unlocked } from '../../domain/fleet/outcome.ts';
import { deployOutputs, planOutput } from '../../domain/report/deploy/outputs.ts';
import { renderPlan } from '../../domain/report/deploy/plan-summary.ts';
import { lacksRollbackTarget } from '../../domain/report/deploy/plan-verdict.ts';
import type { Recovered } from '../../domain/report/deploy/recovery.ts';
import { renderRecovery } from '../../domain/report/deploy/recovery.ts';
import { renderSummary } from '../../domain/report/deploy/summary.ts';
import { renderUnlock, unlockLines } from '../../domain/report/deploy/unlock.ts';
import { findings, findingsOf } from '../../domain/report/findings.ts';
import { annotations, failureBlock, outcomeLines, planLines } from '../../domain/report/log.ts';
import { renderRefusal } from '../../domain/report/refusal.ts';
import { plain } from '../../domain/text/escape.ts';
import type { Addresses, ServerNaming } from '../../domain/text/server-names.ts';
import type { DeployOutput } from '../../generated/inputs.ts';
import type { Job } from '../../ports/runner.ts';
import type { Runs } from '../../ports/runs.ts';

/** Tells how a deploy ended: last lines, annotations, outputs, summary, and red or green. */
export async function reportOutcome(runner: ActionsRunner, outcome: Outcome, settings: Settings): Promise<void> {
  for (const line of ['', ...outcomeLines(outcome)]) runner.line(line);
  for (const { title, text } of annotations(findings(outcome))) runner.annotate('error', text, title);
  // A green run is opened by nobody. GitHub shows ten of each kind.
  for (const text of outcome.warnings.slice(0, 10))
    runner.annotate('warning', plain(text), `${outcome.application} on ${outcome.stage}`);
  for (const [name, value] of Object.entries(deployOutputs(outcome)))
    runner.output(name satisfies string as DeployOutput, value);
  await runner.summarize(renderSummary(outcome, namingOf(settings, runner.job), addressesOf(settings)));
  if (outcome.result === 'reverted' || outcome.result === 'failed') runner.fail();
}

/** Tells what a plan or a check has found. A check is red where there are problems, or where no rollback would be possible from a live release. */
export async function reportPlan(runner: ActionsRunner, view: PlanView, settings: Settings): Promise<void> {
  for (const line of ['', ...planLines(view)]) runner.line(line);
  runner.output('plan' satisfies DeployOutput, planOutput(view));
  await runner.summarize(renderPlan(view, namingOf(settings, runner.job), addressesOf(settings)));
  for (const { title, text } of annotations(findingsOf(view.problems))) runner.annotate('error', text, title);
  const noRollback = view.kind === 'check' && lacksRollbackTarget(view);
  if (noRollback)
    runner.annotate(
      'error',
      plain(`A rollback would not be possible, because ${view.rollback.because}. The next deploy makes a way back.`),
      'no way back',
    );
  if (view.problems.length > 0 || noRollback) runner.fail();
}

/** Tells which locks were broken by hand, by whom and why, and which were not: the summary is the record of it. */
export async function reportUnlock(
  runner: ActionsRunner,
  done: { readonly unlocked: readonly Unlocked[]; readonly failures: readonly Failure[] },
  { reason, settings }: { readonly reason: string; readonly settings: Settings },
): Promise<void> {
  const by = { actor: runner.job.actor, reason, stage: settings.stage };
  for (const line of [
    '',
    ...done.failures.flatMap((failure) => failureBlock(failure)),
    ...unlockLines(done.unlocked, by),
  ])
    runner.line(line);
  for (const { title, text } of annotations(findingsOf(done.failures))) runner.annotate('error', text, title);
  await runner.summarize(renderUnlock(done, by, namingOf(settings, runner.job), addressesOf(settings)));
  if (done.failures.length === 0) return;
  runner.output('result' satisfies DeployOutput, 'failed');
  runner.output('hosts' satisfies DeployOutput, '{}');
  runner.fail();
}

/** Tells what the post step did about a run that was ended before it could tell anything itself. */
export async function reportRecovery(runner: ActionsRunner, recovered: Recovered, settings: Settings): Promise<void> {
  const { did, hosts, failures } = recovered;
  for (const line of [
    '',
    did,
    ...hosts.map((host) => `  ${host.server}: ${host.state}, ${host.live ?? 'nothing known to be live'}`),
  ])
    runner.line(plain(line));
  for (const line of failures.flatMap(failureBlock)) runner.line(line);
  for (const { title, text } of annotations(findingsOf(failures))) runner.annotate('error', text, title);
  await runner.summarize(renderRecovery(recovered, namingOf(settings, runner.job), addressesOf(settings)));
  if (failures.length > 0) runner.fail();
}

/** Tells of a failure of a run that has no outcome: the configuration, an input, the key. The log alone would be looked for by few. */
export async function reportRefusal(runner: ActionsRunner, failure: Failure, title: string): Promise<void> {
  for (const line of failureBlock(failure)) runner.line(line);
  for (const { title, text } of annotations(findingsOf([failure]))) runner.annotate('error', text, title);
  runner.output('result' satisfies DeployOutput, 'failed');
  runner.output('hosts' satisfies DeployOutput, '{}');
  await runner.summarize(renderRefusal(title, failure, defaultNaming(runner.job)));
  runner.fail();
}

/** The status on the deployment that GitHub made for this job. Whatever GitHub says, the deploy is what it is. */
export async function reportStatus(
  runner: ActionsRunner,
  runs: Runs,
  outcome: Outcome,
  settings: Settings,
): Promise<void> {
  if (settings.environment === undefined) return;
  const state = outcome.result === 'deployed' || outcome.result === 'unchanged' ? 'success' : 'failure';
  const written = await runs.deploymentStatus({
    state,
    description: `${outcome.result}: ${outcome.release ?? 'no release'} (${outcome.revision.slice(0, 12)})`,
  });
  if (typeof written === 'object')
    runner.annotate(
      'warning',
      `The status of the deployment could not be written: ${plain(written.refused)}`,
      'deployment status',
    );
}

function namingOf(settings: Settings, job: Job): ServerNaming {
  return settings.summaryServers ?? defaultNaming(job);
}

function addressesOf({ servers, ssh }: Settings): Addresses {
  return { servers, jumps: ssh.jumps };
}

function defaultNaming(job: Job): ServerNaming {
  return job.repositoryVisibility === 'public' ? 'numbers' : 'names';
}
