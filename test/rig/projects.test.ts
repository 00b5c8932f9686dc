import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { suitesByProject, suitesThatUse } from './projects.ts';

const root = join(import.meta.dirname, '..', '..');

describe('the projects', () => {
  const suites = suitesByProject();

  test('hold every suite once', () => {
    expect(Object.values(suites).flat().sort()).toEqual(globSync('test/**/*.test.ts', { cwd: root }).sort());
  });

  test.each([
    ['unit', 'test/domain/retry.test.ts'],
    ['shell', 'test/adapters/runner/local-command.test.ts'],
    ['shell', 'test/domain/programs/lock.test.ts'],
    ['ssh', 'test/adapters/ssh/transport.test.ts'],
    ['fleet', 'test/e2e/fleet.test.ts'],
    ['fleet', 'test/e2e/demo.test.ts'],
  ] as const)('%s holds %s, because of what it imports', (project, path) => {
    expect(suites[project]).toContain(path);
  });

  test('tell which suites a series has in npm run soak', () => {
    expect(suitesThatUse('test/rig/runs.ts')).toContain('test/e2e/one-of-five.test.ts');
  });
});

test('nothing that suites share imports a suite or what belongs to some suites only', () => {
  const files = globSync('test/rig/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts'));
  const foreign = files.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/from '(\.[^']+)'/g)]
      .map(([, name = '']) => relative(root, join(root, dirname(path), name)))
      .filter((name) => name.startsWith('test/') && !/^test\/(?:rig|fakes)\//.test(name))
      .map((name) => `${path}: ${name}`),
  );
  expect(foreign).toEqual([]);
});
