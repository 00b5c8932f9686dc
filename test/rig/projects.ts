// Which suites need what: the projects of vitest.config.ts, read from what the suites import.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * `unit` starts no process. `shell` runs programs of this machine, `ssh` starts sshd, `fleet` starts the built actions,
 * `stores` real secret stores.
 * A suite belongs to the last one that it needs.
 */
export const projects = ['unit', 'shell', 'ssh', 'fleet', 'stores'] as const;
export type Project = (typeof projects)[number];

const root = join(import.meta.dirname, '..', '..');

/** What brings a suite that imports it, itself or by way of others, into a project. */
const signs: Readonly<Record<string, Project>> = {
  'node:child_process': 'shell',
  'src/adapters/runner/local-command.ts': 'shell',
  'test/rig/sshd.ts': 'ssh',
  'test/rig/job.ts': 'fleet',
  'scripts/demo/parts.ts': 'fleet',
};
const storeSuites = /^test\/(?:adapters\/)?stores\//;

/** The paths of all suites below `test/`, by project; relative to the root, sorted. */
export function suitesByProject(): Readonly<Record<Project, readonly string[]>> {
  const reached = readImports();
  const all = globSync('test/**/*.test.ts', { cwd: root }).sort();
  const of = (project: Project) => all.filter((path) => projectOf(path, reached(path)) === project);
  return { unit: of('unit'), shell: of('shell'), ssh: of('ssh'), fleet: of('fleet'), stores: of('stores') };
}

/** The suites that reach one of these files, as `test/rig/runs.ts`, or packages. */
export function suitesThatUse(...names: readonly string[]): readonly string[] {
  const reached = readImports();
  return globSync('test/**/*.test.ts', { cwd: root })
    .sort()
    .filter((path) => names.some((name) => reached(path).has(name)));
}

function projectOf(path: string, reached: ReadonlySet<string>): Project {
  if (storeSuites.test(path)) return 'stores';
  const needed = Object.entries(signs).flatMap(([sign, project]) => (reached.has(sign) ? [project] : []));
  return projects.findLast((project) => needed.includes(project)) ?? 'unit';
}

/** Says what a file imports, with what that imports; the code under test is not looked into. */
function readImports(): (path: string) => ReadonlySet<string> {
  const known = new Map<string, readonly string[]>();
  const importsOf = (path: string): readonly string[] => {
    const imports = known.get(path) ?? readImportsOf(path);
    known.set(path, imports);
    return imports;
  };
  return (path) => {
    const reached = new Set<string>();
    const look = (at: string): void => {
      for (const name of importsOf(at))
        if (!reached.has(name)) {
          reached.add(name);
          look(name);
        }
    };
    look(path);
    return reached;
  };
}

/** Relative imports as paths from the root, others by name; types, which need nothing, are left out. */
function readImportsOf(path: string): readonly string[] {
  if (!/^(?:test|scripts|bench)\/.*\.ts$/.test(path)) return [];
  const text = readFileSync(join(root, path), 'utf8');
  const imports = text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'";]*\sfrom\s+)?'([^']+)'/gm);
  return [...imports].map(([, name = '']) =>
    name.startsWith('.') ? relative(root, join(root, dirname(path), name)) : name,
  );
}
