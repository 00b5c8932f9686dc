import { Failure, together } from '../../domain/failure.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import type { DeployInput } from '../../generated/inputs.ts';
import type { Runner } from '../../ports/runner.ts';

export type DeployMode = 'deploy' | 'plan' | 'check' | 'unlock';

/** The inputs of the deploy action, read once. */
export interface DeployInputs {
  readonly config: string;
  readonly stage: string | undefined;
  readonly token: Secret | undefined;
  readonly privateKey: Secret | undefined;
  readonly passphrase: Secret | undefined;
  readonly knownHosts: string | undefined;
  readonly hosts: string;
  readonly roles: string;
  readonly mode: DeployMode;
  readonly revision: string;
  readonly artifact: string | undefined;
  readonly deploying: 'with care' | 'forced';
  readonly reason: string;
}

const modes: readonly DeployMode[] = ['deploy', 'plan', 'check', 'unlock'];

/**
 * Masks what is secret before anything else is looked at, then reads the rest.
 * @throws Failure `INPUT_INVALID` with every input that is wrong, `NOT_YET`
 */
export function readInputs(runner: Runner): DeployInputs {
  const input = (name: DeployInput): string => runner.input(name);
  const secret = (name: DeployInput): Secret | undefined => runner.secret(name);
  const privateKey = secret('ssh-private-key');
  const passphrase = secret('ssh-passphrase');
  const token = secret('github-token');
  const mode = modes.find((name) => name === input('mode'));
  if (input('mode') === 'convert') throw new Failure('NOT_YET', '`mode: convert` comes with a later version');
  const wrong = [
    ...(mode === undefined ? [`\`mode\` is one of ${modes.join(', ')}, not ${JSON.stringify(input('mode'))}`] : []),
    ...(['true', 'false'].includes(input('force'))
      ? []
      : [`\`force\` is true or false, not ${JSON.stringify(input('force'))}`]),
    ...(mode === 'unlock' && input('reason') === '' ? ['`mode: unlock` needs a `reason`'] : []),
    ...(input('revision') === '' ? ['`revision` is empty'] : []),
    ...(input('config') === '' ? ['`config` is empty'] : []),
  ];
  if (mode === undefined || wrong.length > 0)
    throw together(
      'INPUT_INVALID',
      `${wrong.length} inputs are wrong`,
      wrong.map((text) => new Failure('INPUT_INVALID', text)),
    );
  return Object.freeze({
    config: input('config'),
    stage: given(input('stage')),
    token,
    privateKey,
    passphrase,
    knownHosts: given(input('known-hosts')),
    hosts: input('hosts'),
    roles: input('roles'),
    mode,
    revision: input('revision'),
    artifact: given(input('artifact')),
    deploying: input('force') === 'true' ? 'forced' : 'with care',
    reason: input('reason'),
  });
}

function given(text: string): string | undefined {
  return text === '' ? undefined : text;
}
