import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What `npm test` runs: types, generated pages, then every suite; the last line counts. Words after `--` choose suites, as vitest reads them. */
const root = join(import.meta.dirname, '..');
const results = join(root, 'build', 'test-results.json');

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
  rmSync(results, { force: true });
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
  const rows = [
    ...parts.map(({ title, milliseconds }) => ({ title, milliseconds })),
    ...(report?.testResults ?? []).map(({ name, startTime, endTime }) => ({
      title: relative(root, name),
      milliseconds: endTime - startTime,
    })),
  ];
  console.log('\n== times');
  for (const { title, milliseconds } of rows)
    console.log(`${(milliseconds / 1000).toFixed(1).padStart(7)} s  ${title}`);
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
