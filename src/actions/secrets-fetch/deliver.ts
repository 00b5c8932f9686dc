import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import { writeSecretFile } from '../../adapters/runner/secret-file.ts';
import { Failure, together } from '../../domain/failure.ts';
import type { FetchedSecret } from '../../domain/secrets/fetched.ts';
import { renderFile } from '../../domain/secrets/formats/file.ts';
import { checkMaskable, masksOf } from '../../domain/secrets/masks.ts';
import { checkNames } from '../../domain/secrets/names.ts';
import type { SecretRequest } from '../../domain/secrets/request.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import type { SecretsFetchOutput } from '../../generated/inputs.ts';
import type { SecretsFetchInputs } from './inputs.ts';

type Targets = Pick<SecretsFetchInputs, 'exports' | 'file' | 'format'>;

/** Where the secrets went, for people, and what a person has to know of it. */
export interface Delivered {
  readonly given: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Names that are known before anything is fetched.
 * @throws Failure `SECRET_NAME_REFUSED`
 */
export function checkRequested(requests: readonly SecretRequest[], targets: Targets): void {
  checkTargets(
    requests.flatMap(({ names }) => (names.kind === 'single' ? [names.name] : [])),
    targets,
  );
}

/**
 * Gives the secrets to where the inputs say: everything is checked before anything is given.
 * @throws Failure `SECRET_NAME_REFUSED`, `SECRET_VALUE_REFUSED`, `INPUT_INVALID`
 */
export async function deliver(
  runner: ActionsRunner,
  secrets: readonly FetchedSecret[],
  targets: Targets,
): Promise<Delivered> {
  const { exports, file } = targets;
  checkTargets(
    secrets.map(({ name }) => name),
    targets,
  );
  const readable = secrets.filter(({ value, request }) => request.mask === 'masked' && masksOf(value).kind !== 'masks');
  if (exports.length > 0 || file === undefined) checkMaskable(secrets);
  const given = [
    ...(file === undefined ? [] : [await giveFile(runner, secrets, targets)]),
    ...(exports.includes('environment') ? [giveEnvironment(runner, secrets)] : []),
    ...(exports.includes('outputs') ? [giveOutputs(runner, secrets)] : []),
  ];
  giveObject(
    runner,
    secrets.filter((secret) => !readable.includes(secret)),
  );
  return {
    given,
    warnings: readable.map(
      ({ name }) => `${name} cannot be masked, so it is in the file and not in the output \`secrets\`.`,
    ),
  };
}

function checkTargets(names: readonly string[], { exports, file }: Targets): void {
  if (exports.includes('environment')) checkNames(names, 'environment');
  if (exports.includes('outputs')) refuseOwnOutputs(names);
  if (file !== undefined) checkNames(names, 'file');
}

/** Outputs are told apart without regard to case. */
function refuseOwnOutputs(names: readonly string[]): void {
  const own: readonly SecretsFetchOutput[] = ['secrets', 'file', 'stale'];
  const problems = names
    .filter((name) => own.some((output) => output === name.toLowerCase()))
    .map((name) => new Failure('SECRET_NAME_REFUSED', `The name ${name} is that of another output of this action.`));
  if (problems.length > 0)
    throw together('SECRET_NAME_REFUSED', `${problems.length} names of secrets are refused.`, problems);
}

async function giveFile(
  runner: ActionsRunner,
  secrets: readonly FetchedSecret[],
  { file: path = '', format }: Targets,
): Promise<string> {
  const content = renderFile(format, valuesOf(secrets));
  const created = (place: string): void => runner.saveState('file', place);
  const place = await writeSecretFile(runner.job.temp, { path, content, created });
  outputOf(runner)('file', place);
  return `the file ${place}, until the job ends`;
}

function giveEnvironment(runner: ActionsRunner, secrets: readonly FetchedSecret[]): string {
  for (const { name, value } of secrets) runner.exportVariable(name, value);
  return 'the environment of later steps';
}

function giveOutputs(runner: ActionsRunner, secrets: readonly FetchedSecret[]): string {
  for (const { name, value } of secrets) runner.output(name, value.reveal());
  return 'outputs of this step; GitHub drops them where a job makes them outputs of its own, since they hold a mask';
}

function giveObject(runner: ActionsRunner, secrets: readonly FetchedSecret[]): void {
  const object = new Secret(
    'secrets',
    JSON.stringify(Object.fromEntries(secrets.map(({ name, value }) => [name, value.reveal()]))),
  );
  outputOf(runner)('secrets', object.reveal());
}

function valuesOf(secrets: readonly FetchedSecret[]): ReadonlyMap<string, Secret> {
  return new Map(secrets.map(({ name, value }) => [name, value]));
}

function outputOf(runner: ActionsRunner): (name: SecretsFetchOutput, value: string) => void {
  return (name, value) => runner.output(name, value);
}
