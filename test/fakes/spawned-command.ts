import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { LocalCommand } from '../../src/ports/local-command.ts';

/** Runs commands for real with `env` and what the request brings, nothing else. */
export function spawnedCommand(
  env: Readonly<Record<string, string>> = { PATH: process.env['PATH'] ?? '' },
): LocalCommand {
  return {
    run: (request) =>
      new Promise((resolve, reject) => {
        const [program, ...words] = request.words;
        const child = spawn(program, words, {
          cwd: request.cwd,
          env: { ...env, ...request.env },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        const { onStdout } = request;
        if (onStdout !== undefined) child.stdout.on('data', onStdout);
        for (const output of onStdout === undefined ? [child.stdout, child.stderr] : [child.stderr])
          createInterface({ input: output }).on('line', (line) => request.onLine?.(line));
        child.on('error', reject);
        child.on('close', (status) => resolve({ status: status ?? 128, ended: 'itself' }));
      }),
  };
}
