import { defineConfig } from 'vitest/config';
import { type Project, projects, suitesByProject } from './test/rig/projects.ts';
import { isWhole } from './test/rig/runs.ts';

/**
 * One project for each kind of need. Suites without processes share threads and modules; all others have a process of their own,
 * three at a time on the two cores that we promise times for, because they wait for servers as often as they compute.
 */
const suites = suitesByProject();

function project(name: Project) {
  const light = { pool: 'threads', isolate: false, maxWorkers: 2, sequence: { groupOrder: 0 } } as const;
  const heavy = { pool: 'forks', maxWorkers: 3, sequence: { groupOrder: 1 } } as const;
  return {
    test: {
      name,
      environment: 'node',
      globals: false,
      include: [...suites[name]],
      setupFiles: ['test/rig/properties.ts'],
      testTimeout: isWhole() ? 1_800_000 : 60_000,
      hookTimeout: 120_000,
      ...(name === 'unit' ? light : heavy),
    },
  } as const;
}

export default defineConfig({
  test: {
    teardownTimeout: 20_000,
    projects: projects.filter((name) => suites[name].length > 0).map(project),
  },
});
