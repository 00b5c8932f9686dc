import { systemClock, systemRandom } from '../../adapters/clock.ts';
import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import type { Settings } from '../../domain/config/settings.ts';
import type { Claims } from '../../domain/github/identity.ts';
import { refusedTrigger } from '../../domain/github/trigger.ts';
import { hookPoints } from '../../domain/hooks/lifecycle.ts';
import type { Job } from '../../ports/runner.ts';

/** What a GitHub environment of a stage is for. */
export type EnvironmentUse = 'deploy' | 'rollback' | 'read' | 'emergency';

/** The environments of a stage by their use. Today a stage names one for everything, or none. */
export function environmentsOf({
  environment,
}: Pick<Settings, 'environment'>): Readonly<Record<EnvironmentUse, string | undefined>> {
  return { deploy: environment, rollback: environment, read: environment, emergency: environment };
}

/** @throws Failure `TRIGGER_REFUSED` where this event must not act on the stage */
export function assertTrigger(
  { event, payload }: Job,
  stage: Pick<Settings, 'environment'> & Partial<Pick<Settings, 'hooks'>>,
): void {
  const refused = refusedTrigger({
    event,
    payload,
    localHooks: localHooks(stage.hooks),
    environment: stage.environment,
  });
  if (refused !== undefined) throw refused;
}

/**
 * What GitHub says in a verified token about this job, which runs in `environment`; `undefined`: the stage names none,
 * so there is nothing to verify.
 * The package that verifies tokens is loaded here, when it is needed.
 * @throws Failure `ID_TOKEN_UNAVAILABLE`, `ID_TOKEN_INVALID`, `WRONG_ENVIRONMENT`
 */
export async function proveJob(runner: ActionsRunner, environment: string | undefined): Promise<Claims | undefined> {
  if (environment === undefined) return undefined;
  const { proveIdentity } = await import('../../adapters/github/identity.ts');
  const ports = { runner, clock: systemClock, random: systemRandom, variables: runner.variables };
  return await proveIdentity(ports, environment);
}

/** Names of the hooks that run on the runner, in the workspace. */
function localHooks(hooks: Settings['hooks'] | undefined): string[] {
  if (hooks === undefined) return [];
  return hookPoints.flatMap((point) => hooks[point].filter((hook) => hook.where === 'runner').map((hook) => hook.name));
}
