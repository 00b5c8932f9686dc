import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projects, suitesByProject } from '../test/rig/projects.ts';
import { seedOf, seedVariable } from '../test/rig/runs.ts';

/**
 * What `npm test` runs: types, generated pages, then every suite; the last line counts. Words after `--` choose suites,
 * as vitest reads them.
 */
const root = join(import.meta.dirname, '..');
const results = join(root, 'build', 'test-results.json');
/** One line for each project, which `.ci/run` shows again. */
const projectTimes = join(root, 'build', 'test-times.txt');

/** The part of vitest's JSON report that is read here; times in milliseconds. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly Suite[];
}
interface Suite {
  readonly name: string;
  readonly status: 'passed' | 'failed';
  readonly startTime: number;
  readonly endTime: number;
  readonly assertionResults: readonly { readonly status: string; readonly ancestorTitles: readonly string[] }[];
}

const chosen = process.argv.slice(2);
process.env[seedVariable] = String(seedOf());
console.log(`Of long series a part is run; ${seedVariable}=${seedOf()} npm test runs the same part again.`);
const parts = [
  part('types', 'tsc', ['-p', 'tsconfig.json']),
  part('generated pages', 'node', ['scripts/docs.ts', '--check']),
  part('suites', 'vitest', vitest()),
];
const report = readReport();
printTimes();
printSkips();
printCount();

/** Runs one part of the whole and shows its output as it comes. */
function part(title: string, program: string, words: readonly string[]) {
  console.log(`\n== ${title}`);
  const start = performance.now();
  const { status } = spawnSync(join(root, 'node_modules', '.bin', program), words, { cwd: root, stdio: 'inherit' });
  return { title, passed: status === 0, milliseconds: performance.now() - start };
}

function vitest(): readonly string[] {
  mkdirSync(join(root, 'build'), { recursive: true });
  for (const path of [results, projectTimes]) rmSync(path, { force: true });
  return ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...chosen];
}

/** `undefined`: vitest did not get as far as a report. */
function readReport(): Report | undefined {
  try {
    return JSON.parse(readFileSync(results, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

function printTimes(): void {
  const suites = (report?.testResults ?? []).map(({ name, startTime, endTime }) => ({
    title: relative(root, name),
    milliseconds: endTime - startTime,
  }));
  const byProject = timesByProject(suites);
  writeFileSync(projectTimes, byProject);
  console.log('\n== times');
  for (const row of [...parts, ...suites]) console.log(timeLine(row));
  console.log(`\n== times by project, files added up\n${byProject}`);
}

function timesByProject(suites: readonly { readonly title: string; readonly milliseconds: number }[]): string {
  const paths = suitesByProject();
  return projects
    .map((project) => ({ project, own: suites.filter(({ title }) => paths[project].includes(title)) }))
    .filter(({ own }) => own.length > 0)
    .map(({ project, own }) => {
      const milliseconds = own.reduce((sum, suite) => sum + suite.milliseconds, 0);
      return `${timeLine({ title: `${project} (${own.length} suites)`, milliseconds })}\n`;
    })
    .join('');
}

function timeLine({ title, milliseconds }: { readonly title: string; readonly milliseconds: number }): string {
  return `${(milliseconds / 1000).toFixed(1).padStart(7)} s  ${title}`;
}

/** A suite that lacks a part of the machine has the cure in its title, in brackets: see `suite()` of the tests. */
function printSkips(): void {
  const skipped = (report?.testResults ?? []).flatMap((suite) =>
    suite.assertionResults.filter(({ status }) => status === 'pending' || status === 'skipped'),
  );
  const causes = Map.groupBy(
    skipped,
    ({ ancestorTitles }) =>
      ancestorTitles.map((title) => /\((.*: .*)\)$/.exec(title)?.[1]).find(Boolean) ?? 'for other reasons',
  );
  if (skipped.length > 0) console.log('\n== skipped');
  for (const [cause, tests] of causes) console.log(`${String(tests.length).padStart(7)}    ${cause}`);
}

/** A part or a suite that failed before any of its tests did counts as one failed test. */
function printCount(): void {
  const silent = (report?.testResults ?? []).filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.every(({ status }) => status !== 'failed'),
  ).length;
  const tests = (report?.numFailedTests ?? 0) + silent;
  const failed = parts.filter(({ title, passed }) => !passed && (title !== 'suites' || tests === 0)).length + tests;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  process.exitCode = failed > 0 ? 1 : 0;
  console.log(`\n${report?.numPassedTests ?? 0} passed, ${failed} failed, ${skipped} skipped`);
}
