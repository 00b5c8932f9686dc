import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import { asFailure } from '../../domain/failure.ts';
import type { Context } from '../../flows/context.ts';
import { deploy } from '../../flows/deploy/deploy.ts';
import { plan } from '../../flows/deploy/plan.ts';
import { recover } from '../../flows/deploy/recover.ts';
import type { DeployRequest } from '../../flows/deploy/request.ts';
import { unlock } from '../../flows/deploy/unlock.ts';
import type { Job } from '../../ports/runner.ts';
import type { Proof } from '../job/open.ts';
import { openContext } from '../job/open.ts';
import { readProgress } from '../job/progress.ts';
import { reportRefusal } from '../job/report.ts';
import { type DeployInputs, type DeployMode, readInputs, readMode } from './inputs.ts';
import {
  reportDeployment,
  reportNoOutcome,
  reportOutcome,
  reportPlan,
  reportRecovery,
  reportUnlock,
} from './report.ts';
import { refuseSecrets } from './secrets-not-yet.ts';

/** What a job has to prove for each mode. */
const proofs: Readonly<Record<DeployMode, Proof>> = {
  deploy: 'deploy',
  plan: 'nothing',
  check: 'nothing',
  unlock: 'rollback',
};

/** The deploy action: everything that goes wrong is reported and makes the step red. */
export async function runDeploy(runner: ActionsRunner, signal: AbortSignal): Promise<void> {
  const mode = readMode(runner);
  try {
    const inputs = readInputs(runner, mode);
    await using open = await openContext(runner, inputs, { proof: proofs[inputs.mode], signal });
    if (inputs.mode !== 'unlock') refuseSecrets(open.context.settings);
    await runMode(runner, inputs, open.context);
  } catch (thrown) {
    const title = mode === 'unlock' ? 'No lock was broken' : 'Failed before it began';
    await reportNoOutcome(runner, asFailure(thrown), title);
  }
}

async function runMode(runner: ActionsRunner, inputs: DeployInputs, context: Context): Promise<void> {
  const { settings, ports } = context;
  const request = requestOf(runner.job, inputs);
  switch (inputs.mode) {
    case 'deploy': {
      const outcome = await deploy(context, request);
      await reportOutcome(runner, outcome, settings);
      return await reportDeployment(runner, ports.runs, outcome, settings);
    }
    case 'plan':
    case 'check':
      return await reportPlan(runner, await plan(context, request, inputs.mode), settings);
    case 'unlock':
      return await reportUnlock(runner, await unlock(context), { reason: inputs.reason, settings });
  }
}

function requestOf(job: Job, { revision, force }: DeployInputs): DeployRequest {
  return { revision, refName: revision === job.sha ? job.refName : revision, force };
}

/** What main was doing when it saved its progress, in words. */
const doing = {
  locking: 'taking or giving back the locks',
  preparing: 'preparing the release',
  switching: 'switching the servers',
  proven: 'writing down the result',
} as const;

/** The post step: completes a run whose main was killed. Where main ended by itself, no connection is opened. */
export async function runDeployPost(runner: ActionsRunner): Promise<void> {
  try {
    const progress = readProgress(runner);
    if (progress === undefined || progress.at === 'finished') return;
    runner.line(`the run ended while it was ${doing[progress.at]}; this step finishes its work`);
    const inputs = readInputs(runner, readMode(runner));
    await using open = await openContext(runner, inputs, { proof: 'nothing', signal: new AbortController().signal });
    const { context } = open;
    const { did, hosts, run } = await recover(context, requestOf(runner.job, inputs).refName, progress);
    await reportRecovery(runner, { did, hosts, failures: run.observed.failures }, context.settings);
    if (run.observed.inDoubt.size > 0) runner.fail();
  } catch (thrown) {
    await reportRefusal(runner, asFailure(thrown), unfinished);
  }
}

const unfinished =
  'The post step could not finish what the run left: look at `current` and at the lock on every server';
