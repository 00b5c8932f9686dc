import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import { asFailure } from '../../domain/failure.ts';
import { deploy } from '../../flows/deploy/deploy.ts';
import { plan } from '../../flows/deploy/plan.ts';
import { recover } from '../../flows/deploy/recover.ts';
import { unlock } from '../../flows/deploy/unlock.ts';
import { type Opened, open, readProgress } from '../job/open.ts';
import { type DeployInputs, readInputs } from './inputs.ts';
import { reportOutcome, reportPlan, reportRecovery, reportRefusal, reportStatus, reportUnlock } from './report.ts';

/** The deploy action: everything that goes wrong is told and makes the step red. */
export async function runDeploy(runner: ActionsRunner, signal: AbortSignal): Promise<void> {
  try {
    const inputs = readInputs(runner);
    await using opened = await open(
      runner,
      inputs,
      signal,
      inputs.mode === 'plan' || inputs.mode === 'check' ? 'not needed' : 'prove',
    );
    await runMode(runner, inputs, opened);
  } catch (thrown) {
    await reportRefusal(
      runner,
      asFailure(thrown),
      runner.input('mode') === 'unlock' ? 'No lock was broken' : 'Failed before it began',
    );
  }
}

async function runMode(runner: ActionsRunner, inputs: DeployInputs, { context, request }: Opened): Promise<void> {
  switch (inputs.mode) {
    case 'deploy': {
      const outcome = await deploy(context, request);
      await reportOutcome(runner, outcome, context.settings);
      return await reportStatus(runner, context.ports.runs, outcome, context.settings);
    }
    case 'plan':
    case 'check':
      return await reportPlan(runner, await plan(context, request, inputs.mode), context.settings);
    case 'unlock':
      return await reportUnlock(runner, await unlock(context), {
        reason: inputs.reason,
        settings: context.settings,
      });
  }
}

/** What main was at when it saved its progress, in words. */
const doing = {
  locking: 'taking or giving back the locks',
  preparing: 'preparing the release',
  switching: 'switching the servers',
  proven: 'writing down the result',
} as const;

/** The post step: finishes what a main that was killed has left. Where main came to its end, no connection is opened. */
export async function runDeployPost(runner: ActionsRunner): Promise<void> {
  try {
    const progress = readProgress(runner);
    if (progress === undefined || progress.at === 'finished') return;
    runner.line(`the run ended while it was ${doing[progress.at]}; this step finishes its work`);
    await using opened = await open(runner, readInputs(runner), new AbortController().signal, 'not needed');
    const recovery = await recover(opened.context, opened.request.refName, progress);
    const { did, hosts, run } = recovery;
    await reportRecovery(runner, { did, hosts, failures: run.observed.failures }, opened.context.settings);
    if (run.observed.inDoubt.size > 0) runner.fail();
  } catch (thrown) {
    await reportRefusal(
      runner,
      asFailure(thrown),
      'The post step could not finish what the run left: look at `current` and at the lock on every server',
    );
  }
}
