import { Failure } from '../../failure.ts';
import type { SecretRequest } from '../../secrets/request.ts';
import type { StoreSettings } from '../../secrets/settings.ts';
import { isMap } from '../schema/edits.ts';
import { sections } from '../schema/sections.ts';
import { isStageName } from '../schema/value-types.ts';
import { map, readOnce } from '../schema/vocabulary.ts';
import type { Settings } from '../settings.ts';
import { elsewhere, readConfiguration } from './configuration.ts';
import type { ConfigDocument } from './document.ts';
import { misplaced, unfilledStage } from './placeholders.ts';
import { plainValue } from './plain.ts';
import { failureOf, problemsOf } from './problems.ts';
import { secretProblems } from './secret-checks.ts';
import { requestsOf, storesOf } from './secret-requests.ts';

/** Where stores and secrets may be configured. */
export interface SecretsSource {
  /** A whole configuration, or one of `stores`, `secrets` and `secrets_deadline` alone. */
  readonly file: ConfigDocument | undefined;
  readonly stage: string | undefined;
  /** Stores alone, by name; they replace those of the file that have their names. */
  readonly stores: ConfigDocument | undefined;
}

export interface SecretsConfiguration {
  /** `undefined`: none is named, and nothing asks for it. */
  readonly stage: string | undefined;
  /** The GitHub environment, where the stage names one itself. */
  readonly environment: string | undefined;
  readonly stores: Readonly<Record<string, StoreSettings>>;
  readonly secrets: readonly SecretRequest[];
  /** Milliseconds, for all stores together. */
  readonly secretsDeadline: number;
  /** Linked files of the servers that nothing delivers; empty where the file says nothing of servers. */
  readonly undelivered: readonly string[];
}

/**
 * What is needed to fetch secrets, and nothing else.
 * @throws Failure `CONFIG_INVALID`, `REFERENCE_INVALID`, `NOT_YET`, `STAGE_UNKNOWN`, `INPUT_INVALID`
 */
export function readSecretsConfiguration({ file, stage, stores }: SecretsSource): SecretsConfiguration {
  const inFile = storeNames(file?.value);
  const given = stores === undefined ? undefined : readPart(asFile(stores), stage, inFile);
  const names = Object.keys(given?.stores ?? {});
  const read =
    file !== undefined && isWhole(file.value) ? readConfiguration(file, stage, names) : readPart(file, stage, names);
  const { environment, secrets, secretsDeadline } = read;
  return {
    stage: read.stage,
    environment,
    secrets,
    secretsDeadline,
    stores: { ...read.stores, ...given?.stores },
    undelivered: 'undelivered' in read ? read.undelivered : undeliveredOf(read),
  };
}

function undeliveredOf({ linkedFiles, deliver }: Pick<Settings, 'linkedFiles' | 'deliver'>): readonly string[] {
  const delivered = new Set(deliver.map(({ to }) => to));
  return linkedFiles.filter((path) => !delivered.has(`shared/${path}`));
}

/** A file that says what is deployed is checked as such. */
function isWhole(value: unknown): boolean {
  return isMap(value) && ['application', 'stages', 'deploy_to'].some((key) => value[key] !== undefined);
}

function asFile(stores: ConfigDocument): ConfigDocument {
  const place: ConfigDocument['place'] = (path, where, ahead) => stores.place(path.slice(1), where, ahead);
  return { path: stores.path, value: { stores: stores.value ?? {} }, place };
}

function storeNames(value: unknown): readonly string[] {
  return isMap(value) && isMap(value['stores']) ? Object.keys(value['stores']) : [];
}

const part = map({ stores: sections.stores, secrets: sections.secrets, secrets_deadline: sections.secrets_deadline });

function readPart(
  file: ConfigDocument | undefined,
  stage: string | undefined,
  given: readonly string[],
): SecretsConfiguration {
  const name = stage === '' ? undefined : stage;
  if (name !== undefined && !isStageName(name))
    throw new Failure('INPUT_INVALID', '`stage` is a name of letters, digits, ".", "_" and "-".');
  const plain = plainValue(file?.value ?? {});
  const read = part.safeParse(plain.value, readOnce);
  const stageless = name === undefined ? unfilledStage(plain.value) : [];
  const wrong = [...plain.problems, ...problemsOf(read.error?.issues ?? []), ...misplaced(plain.value)];
  const unfit = read.success ? secretProblems(read.data, new Set(), given) : [];
  const failure = file && failureOf(file, [...wrong, ...elsewhere(wrong, [...stageless, ...unfit])]);
  if (failure !== undefined) throw failure;
  const data = read.data ?? part.parse({});
  return {
    stage: name,
    environment: undefined,
    stores: storesOf(data, name),
    secrets: requestsOf(data, name),
    secretsDeadline: data.secrets_deadline,
    undelivered: [],
  };
}
