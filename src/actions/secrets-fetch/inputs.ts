import type { FileFormat } from '../../domain/secrets/formats/file.ts';
import type { SecretsFetchInput } from '../../generated/inputs.ts';
import type { Runner } from '../../ports/runner.ts';
import type { CommonInputs } from '../job/inputs.ts';
import { commonProblems, given, ifNoFlag, ifNoneOf, readCommonInputs, wrongInputs } from '../job/inputs.ts';

const modes = ['fetch', 'check', 'policy'] as const;
export type FetchMode = (typeof modes)[number];

const formats = ['dotenv', 'json', 'docker', 'systemd', 'shell'] as const satisfies readonly FileFormat[];
/** The file lies below RUNNER_TEMP, and nowhere else. */
const fileName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

/** The inputs of the secrets-fetch action, read once. */
export interface FetchInputs extends CommonInputs {
  readonly mode: FetchMode;
  /** YAML of `stores:`; `undefined`: those of the file. */
  readonly stores: string | undefined;
  /** Lines of references, added to the secrets of the file. */
  readonly lines: string;
  readonly environment: 'export' | 'leave';
  readonly outputs: 'each' | 'together';
  readonly file: string | undefined;
  readonly format: FileFormat;
}

/** @throws Failure `INPUT_INVALID` with every input that is wrong */
export function readInputs(runner: Runner): FetchInputs {
  const common = readCommonInputs(runner);
  const input = (name: SecretsFetchInput): string => runner.input(name);
  const [mode, format] = [modes.find((one) => one === input('mode')), formats.find((one) => one === input('format'))];
  const file = given(input('file'));
  const problems = [
    ...commonProblems(common),
    ...ifNoneOf('mode', input('mode'), modes),
    ...ifNoneOf('format', input('format'), formats),
    ...ifNoFlag('export-env', input('export-env')),
    ...ifNoFlag('export-outputs', input('export-outputs')),
    ...(file === undefined || fileName.test(file) ? [] : ['`file` is the name of a file, without a folder']),
  ];
  if (mode === undefined || format === undefined || problems.length > 0) throw wrongInputs(problems);
  return Object.freeze({
    ...common,
    mode,
    format,
    file,
    stores: given(input('stores')),
    lines: input('secrets'),
    environment: input('export-env') === 'true' ? 'export' : 'leave',
    outputs: input('export-outputs') === 'true' ? 'each' : 'together',
  });
}
