// Starts a process as the GitHub runner starts a step: its own environment, and files for outputs, state and summary.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const sources = join(import.meta.dirname, '../../../src');
const moduleOf = (path: string) => JSON.stringify(pathToFileURL(join(sources, path)).href);

export interface Step extends Disposable {
  /**
   * Runs `program`, which has `runner`, `exit` and `Secret`, in a Node of its own; `variables` go beside those of the
   * step.
   */
  run(
    program: string,
    variables?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number | null; readonly stdout: string }>;
  /** What the step has written into one of its files. */
  file(name: 'output' | 'state' | 'summary'): string;
}

export function openStep(): Step {
  const place = mkdtempSync(join(tmpdir(), 'runner-test-'));
  for (const name of ['output', 'state', 'summary']) writeFileSync(join(place, name), '');
  return {
    run: (program, variables = {}) =>
      run(program, {
        GITHUB_OUTPUT: join(place, 'output'),
        GITHUB_STATE: join(place, 'state'),
        GITHUB_STEP_SUMMARY: join(place, 'summary'),
        GITHUB_REPOSITORY: 'octo/shop',
        ...variables,
      }),
    file: (name) => readFileSync(join(place, name), 'utf8'),
    [Symbol.dispose]: () => rmSync(place, { recursive: true }),
  };
}

async function run(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly stdout: string }> {
  const text = `import { exit, openRunner } from ${moduleOf('adapters/runner/runner.ts')};
import { systemClock, systemRandom } from ${moduleOf('adapters/clock.ts')};
import { Secret } from ${moduleOf('domain/secrets/secret.ts')};
const runner = openRunner(systemClock, systemRandom);
${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, stdout };
}
