import { readYaml } from '../../adapters/yaml.ts';
import { readSecretsConfiguration, type SecretsConfiguration } from '../../domain/config/reading/secrets.ts';
import { Failure } from '../../domain/failure.ts';
import { parseLines } from '../../domain/secrets/lines.ts';
import { fillReference } from '../../domain/secrets/reference.ts';
import type { SecretRequest } from '../../domain/secrets/request.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { readDocument } from './document.ts';

/** Where secrets are named: the file of the configuration, and inputs. */
export interface SecretsChoice {
  readonly config: string;
  readonly stage: string | undefined;
  /** YAML of `stores:`; `undefined`: those of the file. */
  readonly stores: string | undefined;
  /** Lines of references, added to the secrets of the file. */
  readonly lines: string;
}

/**
 * The stores of the stage and everything that is to be fetched. A file is not needed where stores or references are given.
 * @throws Failure `CONFIG_*`, `REFERENCE_INVALID`, `STAGE_UNKNOWN`, `NOT_YET`
 */
export async function readSecrets(
  files: Workspace,
  choice: SecretsChoice,
): Promise<{ readonly configuration: SecretsConfiguration; readonly requests: readonly SecretRequest[] }> {
  const isOptional = choice.stores !== undefined || choice.lines.trim() !== '';
  const isMissing = isOptional && (await files.text(choice.config)) === undefined;
  const configuration = readSecretsConfiguration({
    file: isMissing ? undefined : await readDocument(files, choice.config),
    stage: choice.stage,
    stores: choice.stores === undefined ? undefined : readYaml('stores', choice.stores),
  });
  return { configuration, requests: requestsOf(configuration, choice.lines) };
}

/** Loaded from here, so that the bundle holds once what stores and configuration share. */
export function loadStores(): Promise<typeof import('../../adapters/stores/secret-stores.ts')> {
  return import('../../adapters/stores/secret-stores.ts');
}

function requestsOf({ secrets, stores, stage }: SecretsConfiguration, lines: string): readonly SecretRequest[] {
  const fill = (request: SecretRequest): SecretRequest =>
    stage === undefined ? request : { ...request, from: fillReference(request.from, { stage }) };
  const requests = [...secrets, ...parseLines(lines, Object.keys(stores)).map(fill)];
  if (requests.length > 0) return requests;
  throw new Failure(
    'CONFIG_INVALID',
    'There is nothing to fetch: neither the file nor the input `secrets` names a secret.',
    {
      hint: 'Write `NAME: store://locator` under `secrets:`, or lines of `NAME = store://locator` into the input `secrets`.',
    },
  );
}
