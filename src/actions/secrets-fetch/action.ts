import { systemClock } from '../../adapters/clock.ts';
import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import { openWorkspace } from '../../adapters/runner/workspace.ts';
import { openHandOver } from '../../adapters/stores/hand-over-file.ts';
import type { SecretsConfiguration } from '../../domain/config/reading/secrets.ts';
import { asFailure, Failure } from '../../domain/failure.ts';
import { storeOf } from '../../domain/secrets/fetched.ts';
import { checkSecrets } from '../../flows/secrets/check.ts';
import { fetchSecrets } from '../../flows/secrets/fetch.ts';
import { assertTrigger, environmentsOf, proveJob } from '../job/proof.ts';
import { reportRefusal } from '../job/report.ts';
import { readRequests } from './configuration.ts';
import { checkRequested, deliver } from './deliver.ts';
import { readInputs, type SecretsFetchInputs } from './inputs.ts';
import { policiesOf } from './policies.ts';
import { reportCheck, reportFetch, reportPolicies } from './report.ts';
import { openStores } from './stores.ts';

/** The secrets-fetch action: everything that goes wrong is reported and makes the step red. */
export async function runSecretsFetch(runner: ActionsRunner, signal: AbortSignal): Promise<void> {
  try {
    const inputs = readInputs(runner);
    const configuration = await readRequests(openWorkspace(runner.job.workspace), inputs);
    await runMode(runner, { inputs, configuration, signal });
  } catch (thrown) {
    await reportRefusal(runner, asFailure(thrown), 'No secrets were given');
  }
}

interface Run {
  readonly inputs: SecretsFetchInputs;
  readonly configuration: SecretsConfiguration;
  readonly signal: AbortSignal;
}

async function runMode(runner: ActionsRunner, run: Run): Promise<void> {
  const { inputs, configuration } = run;
  assertTrigger(runner.job, configuration);
  switch (inputs.mode) {
    case 'fetch':
      checkRequested(configuration.secrets, inputs);
      await prove(runner, configuration);
      return await runFetch(runner, run);
    case 'check':
      checkRequested(configuration.secrets, inputs);
      await prove(runner, configuration);
      return await runCheck(runner, run);
    case 'policy':
      return await reportPolicies(runner, policiesOf(configuration));
  }
}

/** A job that is in none of the stage's environments gets no token of a store. */
async function prove(runner: ActionsRunner, { environment }: SecretsConfiguration): Promise<void> {
  runner.followProxy();
  await proveJob(runner, environmentsOf({ environment }).read);
}

/** What was lent for a time is in use until the job ends: its store is left to the post step. */
async function runFetch(runner: ActionsRunner, { inputs, configuration, signal }: Run): Promise<void> {
  const handOver = openHandOver(runner.job.temp, (path) => runner.saveState('revoke', path));
  await using stores = await openStores(runner, configuration, { signal, handOver });
  const { secrets, warnings, stale } = await fetchSecrets({
    requests: configuration.secrets,
    deadline: configuration.secretsDeadline,
    stage: 'open',
    stores,
    redaction: runner.redaction,
    clock: systemClock,
    signal,
  });
  if (signal.aborted) throw new Failure('CANCELLED', 'The run was cancelled before secrets were given to anything.');
  const delivered = await deliver(runner, secrets, inputs);
  handOver.keep(secrets.filter(({ entry }) => entry.lease !== undefined).map(storeOf));
  await reportFetch(runner, { secrets, warnings: [...warnings, ...delivered.warnings], stale, given: delivered.given });
}

async function runCheck(runner: ActionsRunner, { configuration, signal }: Run): Promise<void> {
  await using stores = await openStores(runner, configuration, { signal });
  const { secrets: requests, secretsDeadline: deadline } = configuration;
  const checked = await checkSecrets({ requests, deadline, stores, clock: systemClock, signal });
  await reportCheck(runner, checked, configuration.undelivered);
}
