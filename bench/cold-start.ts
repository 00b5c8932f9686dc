import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './measure.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** The start of an action that has nothing to do, against one that only loads `@actions/core`; both bundled. */
export async function measureColdStart(
  folder: string,
  n: number,
): Promise<{ readonly ours: Spread | undefined; readonly core: Spread | undefined }> {
  const root = join(import.meta.dirname, '..');
  const bin = join(root, 'node_modules', '.bin');
  const bundle = join(folder, 'core');
  mkdirSync(bundle, { recursive: true });
  const source = join(root, 'build', 'core-only.mjs');
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(source, "import { info } from '@actions/core';\ninfo('nothing to do');\n");
  const built = spawnSync(join(bin, 'ncc'), ['build', source, '-o', bundle, '--no-cache', '--quiet'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (built.status !== 0) return { ours: undefined, core: undefined };
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: folder,
    STATE_progress: JSON.stringify({ at: 'finished', token: '' }),
  };
  const entries = { ours: join(root, 'dist', 'deploy', 'post.js'), core: join(bundle, 'index.mjs') };
  const times: Record<keyof typeof entries, number[]> = { ours: [], core: [] };
  for (let round = 0; round < n; round += 1) {
    for (const name of ['ours', 'core'] as const) {
      const ran = await runProgram({ words: [join(bin, 'node'), entries[name]], cwd: folder, env }, 20_000);
      if (ran.succeeded === 'yes') times[name].push(ran.seconds);
    }
  }
  return { ours: spreadOf(times.ours), core: spreadOf(times.core) };
}
