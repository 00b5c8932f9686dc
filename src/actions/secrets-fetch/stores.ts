import { systemClock, systemRandom } from '../../adapters/clock.ts';
import { openLocalCommand } from '../../adapters/runner/local-command.ts';
import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import { openWorkspace } from '../../adapters/runner/workspace.ts';
import type { HandOver } from '../../adapters/stores/vault/hand-over.ts';
import type { SecretsConfiguration } from '../../domain/config/reading/secrets.ts';
import type { SecretStores } from '../../ports/secret-stores.ts';

interface Opening {
  readonly signal: AbortSignal;
  readonly handOver?: HandOver;
}

/** The stores of the configuration. Their libraries are loaded with the first secret that needs them. */
export async function openStores(
  runner: ActionsRunner,
  { stores, secretsDeadline }: SecretsConfiguration,
  { signal, handOver }: Opening,
): Promise<SecretStores> {
  const { openSecretStores } = await import('../../adapters/stores/secret-stores.ts');
  const { job, variables } = runner;
  return openSecretStores(stores, {
    files: openWorkspace(job.workspace),
    workspace: job.workspace,
    command: openLocalCommand(variables),
    clock: systemClock,
    random: systemRandom,
    variables,
    run: `${job.runId}-${job.attempt}`,
    idToken: (audience) => runner.idToken(audience),
    mask: (credential) => runner.mask(credential),
    limits: { deadline: new Date(systemClock.now().getTime() + secretsDeadline), signal },
    ...(handOver === undefined ? {} : { handOver }),
  });
}
