import { Failure, together } from '../../domain/failure.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import type { DeployInput, RollbackInput, SecretsFetchInput } from '../../generated/inputs.ts';
import type { Runner } from '../../ports/runner.ts';

/** The inputs that every action has. */
export interface CommonInputs {
  /** The path of the configuration in the workspace. */
  readonly config: string;
  readonly stage: string | undefined;
  readonly token: Secret | undefined;
}

/** The inputs of the actions that go to servers. */
export interface ServerInputs {
  readonly privateKey: Secret | undefined;
  readonly passphrase: Secret | undefined;
  /** The text of host keys, in place of the file that the configuration names. */
  readonly knownHosts: string | undefined;
  /** Globs that choose among the servers of the stage; empty: all. */
  readonly hosts: string;
  readonly roles: string;
}

type CommonInput = DeployInput & RollbackInput & SecretsFetchInput;
type ServerInput = DeployInput & RollbackInput;

export function readCommonInputs(runner: Runner): CommonInputs {
  const input = (name: CommonInput): string => runner.input(name);
  const secret = (name: CommonInput): Secret | undefined => runner.secret(name);
  return { token: secret('github-token'), config: input('config'), stage: given(input('stage')) };
}

export function readServerInputs(runner: Runner): ServerInputs {
  const input = (name: ServerInput): string => runner.input(name);
  const secret = (name: ServerInput): Secret | undefined => runner.secret(name);
  return {
    privateKey: secret('ssh-private-key'),
    passphrase: secret('ssh-passphrase'),
    knownHosts: given(input('known-hosts')),
    hosts: input('hosts'),
    roles: input('roles'),
  };
}

/** What is wrong with the inputs that every action has. */
export function commonProblems({ config }: CommonInputs): readonly string[] {
  return ifEmpty('config', config);
}

/** The problem of an input that must not be empty and is. */
export function ifEmpty(name: string, value: string): readonly string[] {
  return value === '' ? [`\`${name}\` is empty`] : [];
}

/** The problem of an input that must be `true` or `false` and is not. */
export function ifNoFlag(name: string, value: string): readonly string[] {
  return ['true', 'false'].includes(value) ? [] : [`\`${name}\` is true or false, not ${JSON.stringify(value)}`];
}

/** The problem of an input that must be one of `choices` and is not. */
export function ifNoneOf(name: string, value: string, choices: readonly string[]): readonly string[] {
  return choices.includes(value) ? [] : [`\`${name}\` is one of ${choices.join(', ')}, not ${JSON.stringify(value)}`];
}

/** One failure for all `problems` of the inputs. */
export function wrongInputs(problems: readonly string[]): Failure {
  const failures = problems.map((text) => new Failure('INPUT_INVALID', text));
  return together('INPUT_INVALID', `${problems.length} inputs are wrong`, failures);
}

export function given(text: string): string | undefined {
  return text === '' ? undefined : text;
}
