import { systemClock, systemRandom } from '../../adapters/clock.ts';
import { openLocalCommand } from '../../adapters/runner/local-command.ts';
import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import { openWorkspace } from '../../adapters/runner/workspace.ts';
import type { SecretsConfiguration } from '../../domain/config/reading/secrets.ts';
import type { SecretRequest } from '../../domain/secrets/request.ts';
import type { SecretStores } from '../../ports/secret-stores.ts';
import { assertTrigger, environmentsOf, proveJob } from '../job/proof.ts';
import type { FetchInputs } from './inputs.ts';

/** Everything that a fetch needs. Disposing revokes the tokens and leases of the stores. */
export interface OpenStores extends AsyncDisposable {
  readonly configuration: SecretsConfiguration;
  readonly requests: readonly SecretRequest[];
  readonly stores: SecretStores;
}

/**
 * Reads the configuration, proves that this job may act on the stage, and opens the stores. No store is asked yet.
 * @throws Failure of configuration, trigger or identity
 */
export async function openStores(runner: ActionsRunner, inputs: FetchInputs, signal: AbortSignal): Promise<OpenStores> {
  const { job, variables } = runner;
  const files = openWorkspace(job.workspace);
  const { loadStores, readSecrets } = await loadConfiguration();
  const { configuration, requests } = await readSecrets(files, inputs);
  assertTrigger(job, configuration);
  runner.followProxy();
  await proveJob(runner, environmentsOf(configuration).deploy);
  const { openSecretStores } = await loadStores();
  const deadline = new Date(systemClock.now().getTime() + configuration.secretsDeadline);
  const stores = openSecretStores(configuration.stores, {
    clock: systemClock,
    random: systemRandom,
    variables,
    run: `${job.runId}-${job.attempt}`,
    idToken: (audience) => runner.idToken(audience),
    mask: (credential) => runner.mask(credential),
    files,
    workspace: job.workspace,
    command: openLocalCommand(variables),
    limits: { deadline, signal },
  });
  return { configuration, requests, stores, [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose]() };
}

/** The schema is large; `configuration.ts` is loaded first, as the deploy action loads it. */
async function loadConfiguration(): Promise<typeof import('../job/secrets.ts')> {
  const { loadSecrets } = await import('../job/configuration.ts');
  return await loadSecrets();
}
