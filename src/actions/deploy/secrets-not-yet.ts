import type { Settings } from '../../domain/config/settings.ts';
import { Failure, together } from '../../domain/failure.ts';
import { hookPoints } from '../../domain/hooks/lifecycle.ts';

/**
 * A deploy reads its secrets already, and uses none yet. This is the one place that says so: it goes when deploys fetch secrets.
 * @throws Failure `NOT_YET` for everything that a deploy would leave out
 */
export function refuseSecrets({ deliver, hooks }: Pick<Settings, 'deliver' | 'hooks'>): void {
  const files = deliver.map(({ to }) => `\`deliver\` of \`${to}\``);
  const commands = hookPoints.flatMap((point) =>
    hooks[point].filter(({ secrets }) => secrets.length > 0).map(({ name }) => `\`secrets\` of the hook \`${name}\``),
  );
  const problems = [...files, ...commands].map((what) => new Failure('NOT_YET', `${what} comes with a later version.`));
  if (problems.length > 0) throw together('NOT_YET', 'Deploys use no secrets yet.', problems);
}
