import { Failure } from '../../domain/failure.ts';
import type { DeployInput } from '../../generated/inputs.ts';
import type { Runner } from '../../ports/runner.ts';
import type { CommonInputs, ServerInputs } from '../job/inputs.ts';
import {
  commonProblems,
  given,
  ifEmpty,
  ifNoFlag,
  ifNoneOf,
  readCommonInputs,
  readServerInputs,
  wrongInputs,
} from '../job/inputs.ts';

const modes = ['deploy', 'plan', 'check', 'unlock'] as const;
export type DeployMode = (typeof modes)[number];

/** The inputs of the deploy action, read once. */
export interface DeployInputs extends CommonInputs, ServerInputs {
  readonly mode: DeployMode;
  readonly revision: string;
  readonly artifact: string | undefined;
  readonly force: 'with care' | 'forced';
  readonly reason: string;
}

/** The mode as it was asked for, also one that there is not. */
export function readMode(runner: Runner): string {
  return runner.input('mode' satisfies DeployInput);
}

/**
 * Reads what is secret first, which masks it.
 * @param asked what `readMode` gave
 * @throws Failure `INPUT_INVALID` with every input that is wrong, `NOT_YET`
 */
export function readInputs(runner: Runner, asked: string): DeployInputs {
  const server = readServerInputs(runner);
  const common = readCommonInputs(runner);
  const input = (name: DeployInput): string => runner.input(name);
  const [revision, reason, forced] = [input('revision'), input('reason'), input('force')];
  if (asked === 'convert') throw new Failure('NOT_YET', '`mode: convert` comes with a later version');
  const mode = modes.find((name) => name === asked);
  const problems = [
    ...ifNoneOf('mode', asked, modes),
    ...ifNoFlag('force', forced),
    ...(mode === 'unlock' && reason === '' ? ['`mode: unlock` needs a `reason`'] : []),
    ...ifEmpty('revision', revision),
    ...commonProblems(common),
  ];
  if (mode === undefined || problems.length > 0) throw wrongInputs(problems);
  return Object.freeze({
    ...common,
    ...server,
    mode,
    revision,
    artifact: given(input('artifact')),
    force: forced === 'true' ? 'forced' : 'with care',
    reason,
  });
}
