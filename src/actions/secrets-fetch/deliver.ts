import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import { writeSecretFile } from '../../adapters/runner/secret-file.ts';
import { Failure, together } from '../../domain/failure.ts';
import type { FetchedSecret } from '../../domain/secrets/fetched.ts';
import { renderFile } from '../../domain/secrets/formats/file.ts';
import { checkMaskable } from '../../domain/secrets/masks.ts';
import { checkNames } from '../../domain/secrets/names.ts';
import type { SecretsFetchOutput } from '../../generated/inputs.ts';
import type { FetchInputs } from './inputs.ts';

/**
 * Gives the secrets to later steps, as the inputs say. Everything is checked before the first of them is given away.
 * @throws Failure `SECRET_NAME_REFUSED`, `SECRET_VALUE_REFUSED`, `LEASED_SECRET`, `INPUT_INVALID`
 */
export async function handToSteps(
  runner: ActionsRunner,
  inputs: FetchInputs,
  secrets: readonly FetchedSecret[],
): Promise<void> {
  const names = secrets.map(({ name }) => name);
  checkLasting(secrets);
  if (inputs.environment === 'export') checkNames(names, 'environment');
  checkMaskable(secrets);
  if (inputs.file !== undefined) {
    checkNames(names, 'file');
    const content = renderFile(inputs.format, new Map(secrets.map(({ name, value }) => [name, value])));
    const path = await writeSecretFile(runner.job.temp, inputs.file, content);
    runner.saveState('file', path);
    runner.output('file' satisfies SecretsFetchOutput, path);
  }
  const values = Object.fromEntries(secrets.map(({ name, value }) => [name, value.reveal()]));
  runner.output('secrets' satisfies SecretsFetchOutput, JSON.stringify(values));
  for (const { name, value } of secrets) {
    if (inputs.outputs === 'each') runner.output(name, value.reveal());
    if (inputs.environment === 'export') runner.exportVariable(name, value);
  }
}

/** What is leased ends when this step revokes its token, so no later step could use it. */
function checkLasting(secrets: readonly FetchedSecret[]): void {
  const leased = secrets.filter(({ entry }) => entry.lease !== undefined);
  const problems = leased.map(
    ({ name }) =>
      new Failure('LEASED_SECRET', `${name} is leased: it ends with this step, before another could use it.`),
  );
  if (problems.length > 0) throw together('LEASED_SECRET', `${problems.length} secrets end with this step.`, problems);
}
