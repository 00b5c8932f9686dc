import type { SecretsConfiguration } from '../../domain/config/reading/secrets.ts';
import { Failure, together } from '../../domain/failure.ts';
import { parseLines } from '../../domain/secrets/lines.ts';
import { fillReference, type Reference } from '../../domain/secrets/reference.ts';
import { renderNames, type SecretRequest } from '../../domain/secrets/request.ts';
import type { Workspace } from '../../ports/workspace.ts';
import type { SecretsFetchInputs } from './inputs.ts';

/**
 * The stores and secrets of the file, of the input `stores` and of the lines of the input `secrets`, together.
 * @throws Failure `CONFIG_*`, `NOT_YET`, `STAGE_UNKNOWN`, `REFERENCE_INVALID`, `INPUT_INVALID`
 */
export async function readRequests(files: Workspace, inputs: SecretsFetchInputs): Promise<SecretsConfiguration> {
  const { readSecrets } = await import('../job/configuration.ts');
  const configuration = await readSecrets(files, inputs);
  const inline = parseLines(inputs.lines, Object.keys(configuration.stores)).map((one) =>
    filled(one, configuration.stage),
  );
  const secrets = [...configuration.secrets, ...inline];
  refuseRepeated(secrets);
  if (secrets.length === 0)
    throw new Failure(
      'INPUT_INVALID',
      'No secret is named: the configuration has no `secrets`, and the input is empty.',
      {
        hint: 'Write `NAME = store://locator` into the input `secrets`, or `secrets:` into the configuration.',
      },
    );
  return { ...configuration, secrets };
}

function filled(request: SecretRequest, stage: string | undefined): SecretRequest {
  if (stage === undefined) return request;
  const fill = (reference: Reference): Reference => fillReference(reference, { stage });
  const { from, fallback } = request;
  return {
    ...request,
    from: fill(from),
    fallback: fallback === undefined ? undefined : { ...fallback, from: fill(fallback.from) },
  };
}

/** A name of the file that stands in the lines too: which of them was meant would be a guess. */
function refuseRepeated(secrets: readonly SecretRequest[]): void {
  const names = Map.groupBy(secrets, ({ names: pattern }) => renderNames(pattern));
  const problems = [...names]
    .filter(([, all]) => all.length > 1)
    .map(
      ([name]) => new Failure('REFERENCE_INVALID', `${name} stands in the configuration and in the input \`secrets\`.`),
    );
  if (problems.length > 0) throw together('REFERENCE_INVALID', `${problems.length} names are given twice.`, problems);
}
