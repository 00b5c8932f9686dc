import { Failure } from '../../domain/failure.ts';
import { type FileFormat, fileFormats } from '../../domain/secrets/formats/file.ts';
import type { SecretsFetchInput } from '../../generated/inputs.ts';
import type { Runner } from '../../ports/runner.ts';
import type { CommonInputs } from '../job/inputs.ts';
import { commonProblems, given, ifNoFlag, ifNoneOf, readCommonInputs, wrongInputs } from '../job/inputs.ts';

const modes = ['fetch', 'check', 'policy'] as const;
export type FetchMode = (typeof modes)[number];

/** Where secrets go by their names: to the environment of later steps, to outputs of this one. */
export type Export = 'environment' | 'outputs';

/** The inputs of the secrets-fetch action, read once. */
export interface SecretsFetchInputs extends CommonInputs {
  readonly mode: FetchMode;
  /** The lines of `secrets`. */
  readonly lines: string;
  /** YAML of stores. */
  readonly stores: string | undefined;
  readonly exports: readonly Export[];
  /** Below RUNNER_TEMP. */
  readonly file: string | undefined;
  readonly format: FileFormat;
}

/** @throws Failure `INPUT_INVALID` with every input that is wrong, `NOT_YET` */
export function readInputs(runner: Runner): SecretsFetchInputs {
  const common = readCommonInputs(runner);
  const input = (name: SecretsFetchInput): string => runner.input(name);
  const [mode, format, syntax] = [input('mode'), input('format'), input('syntax')];
  if (syntax === 'vault-action' || syntax === 'aws')
    throw new Failure('NOT_YET', `\`syntax: ${syntax}\` comes with a later version.`);
  const problems = [
    ...ifNoneOf('mode', mode, modes),
    ...ifNoneOf('format', format, fileFormats),
    ...ifNoneOf('syntax', syntax, ['slipway']),
    ...ifNoFlag('export-env', input('export-env')),
    ...ifNoFlag('export-outputs', input('export-outputs')),
    ...commonProblems(common),
  ];
  if (problems.length > 0) throw wrongInputs(problems);
  return Object.freeze({
    ...common,
    mode: mode as FetchMode,
    lines: input('secrets'),
    stores: given(input('stores')),
    exports: [
      ...(input('export-env') === 'true' ? (['environment'] as const) : []),
      ...(input('export-outputs') === 'true' ? (['outputs'] as const) : []),
    ],
    file: given(input('file')),
    format: format as FileFormat,
  });
}
