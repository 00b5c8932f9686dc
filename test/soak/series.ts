import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suitesThatUse } from '../rig/projects.ts';
import { wholeVariable } from '../rig/runs.ts';

const root = join(import.meta.dirname, '..', '..');

/** Every suite of which `npm test` runs a part, as a whole: properties with many more runs, faults in every place. It has no smaller share. */
export async function soakSeries(): Promise<readonly string[]> {
  const suites = suitesThatUse('test/rig/runs.ts', 'fast-check');
  const { status } = spawnSync(join(root, 'node_modules', '.bin', 'vitest'), ['run', ...suites], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, [wholeVariable]: '1' },
  });
  console.log(`  ${suites.length} suites`);
  return status === 0 ? [] : ['a suite failed: its words stand above'];
}
