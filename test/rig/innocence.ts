// What a job must not have done, whatever it was told: run something, command the runner, write markup, give secrets
// away.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { JobResult, StepResult } from './job.ts';

/** The name of a file that only something executed could have made. */
export const marker = 'PWNED';

/**
 * Commands that the runner would take out of a step's output, as `ActionCommandManager` finds them: `::name …::` after
 * white space, `##[name …]` anywhere.
 */
export function commandsIn(raw: string): { readonly name: string; readonly line: string }[] {
  return raw.split(/\r\n|\r|\n/).flatMap((line) => {
    const [, second] = /^[^\p{L}\p{N}\p{P}\p{S}]*::([^\s:]*).*?::/u.exec(line) ?? [];
    if (second !== undefined) return [{ name: second, line }];
    const [, first] = /##\[\s*([\w-]+)[^\]]*\]/.exec(line) ?? [];
    return first === undefined ? [] : [{ name: first, line }];
  });
}

/**
 * Asserts that a job told the runner, the summary and its files nothing but its own words, and no secret. `masked` may
 * be masked as well.
 */
export function expectInnocent(job: JobResult, secrets: readonly string[], masked: readonly string[] = []): void {
  for (const step of [job, ...(job.post === undefined ? [] : [job.post])]) {
    expectOwnCommands(step, [...secrets, ...masked]);
    expectHarmlessSummary(step.summary);
    expect(Object.keys(step.env)).toEqual([]);
    expect(Object.keys(step.state).filter((name) => name !== 'progress')).toEqual([]);
    expect(Object.keys(step.outputs).filter((name) => !outputs.includes(name))).toEqual([]);
    expect(step.rawLog).not.toMatch(/^\s+at .*\(?(?:file:|node:|\/).*:\d+/m);
    expect(step.rawLog).not.toContain('BUG');
    const told = [
      step.log,
      withoutMasks(step.rawLog),
      step.summary,
      JSON.stringify(step.outputs),
      JSON.stringify(step.state),
    ];
    for (const secret of secrets)
      for (const text of told) expect(text.includes(secret), 'a secret was told').toBe(false);
  }
}

const outputs: readonly string[] = [
  'release',
  'previous-release',
  'result',
  'hosts',
  'failed-hosts',
  'plan',
  'duration-ms',
];

function expectOwnCommands(step: StepResult, secrets: readonly string[]): void {
  const masks = secrets.map((secret) => `::add-mask::${secret.toWellFormed().trim().replaceAll('%', '%25')}`);
  const foreign = commandsIn(step.rawLog).filter(({ name, line }) => {
    if (name === 'add-mask') return !masks.includes(line);
    if (name === 'group' || name === 'endgroup') return !/^::(?:end)?group::[^:]*(?:: what .* printed)?$/.test(line);
    return !/^::(?:error|warning) title=(?:[A-Z_]+(?: on [\w., -]+)?|shop on (?:all|test)|deployment status)::/.test(
      line,
    );
  });
  expect(foreign).toEqual([]);
}

function expectHarmlessSummary(summary: string): void {
  const own = summary.replaceAll(
    /<br>|<\/?details>|<summary>Timeline<\/summary>|\[this run\]\(https:\/\/github\.com\/acme\/shop\/actions\/runs\/\d+\)|\]\(https:\/\/github\.com\/acme\/shop\/commit\/[0-9a-f]+\)/g,
    '',
  );
  expect(own).not.toMatch(/<|@(?!\u200b)[\w-]|\]\(|[\u202a-\u202e\u2066-\u2069]/);
}

function withoutMasks(raw: string): string {
  return raw
    .split('\n')
    .filter((line) => !line.startsWith('::add-mask::'))
    .join('\n');
}

/** The lines of a private key that are worth a mask. */
export function keyLines(privateKey: string): string[] {
  return privateKey.split('\n').filter((line) => line.length >= 8 && !line.startsWith('-----'));
}

/** Marker files below the folders. Links are not followed. */
export function marks(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) => files(folder)).filter((path) => path.endsWith(`/${marker}`));
}

/** Every path below a folder, with the text of its files: to be compared with itself later. */
export function contents(folder: string): string[] {
  return files(folder).map((path) => (lstatSync(path).isFile() ? `${path} ${readFileSync(path, 'utf8')}` : path));
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...files(path)] : [path];
  });
}
