// `npm run demo` as a newcomer starts it, in a temporary folder of its own.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { missingPart } from '../../scripts/demo/parts.ts';
import { suite } from '../rig/part.ts';

const root = join(import.meta.dirname, '..', '..');
const temp = mkdtempSync(join(tmpdir(), 'demo-'));
afterAll(() => rmSync(temp, { recursive: true, force: true }));

interface Demo {
  readonly status: number | null;
  readonly text: string;
  /** The folder that the demo names. */
  readonly folder: string;
}

/** Runs the demo to its end. `interrupt`: the line at which somebody presses Ctrl-C. */
async function runDemo(words: readonly string[] = [], interrupt?: string): Promise<Demo> {
  const child = spawn(process.execPath, [join(root, 'scripts', 'demo.ts'), ...words], {
    cwd: root,
    env: { ...process.env, TMPDIR: temp },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let waiting = interrupt;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      lines.push(text);
      if (waiting === undefined || !lines.join('').includes(waiting)) return;
      waiting = undefined;
      child.kill('SIGINT');
    });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const text = lines.join('');
  return { status, text, folder: /\S*\/slipway-demo-\w+/.exec(text)?.[0] ?? '' };
}

const machines = ['web1', 'web2', 'web3'];

/** Ids of the shops that were started on the machines of a demo and still run, once they have had time to end. */
async function running(folder: string): Promise<readonly number[]> {
  const ids = machines.flatMap((name) => {
    try {
      return [Number(readFileSync(join(folder, name, 'srv/shop/shared/tmp/pids/shop.pid'), 'utf8'))];
    } catch {
      return [];
    }
  });
  for (let tries = 0; ids.some(isRunning) && tries < 100; tries += 1) await sleep(50);
  return ids.filter(isRunning);
}

/** A process that has ended but that nobody has waited for does not count. */
function isRunning(id: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${id}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function revisions(folder: string): readonly string[] {
  return machines.map((name) => readFileSync(join(folder, name, 'srv/shop/current/REVISION'), 'utf8').trim());
}

function git(folder: string, ...words: readonly string[]): string {
  return execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...words], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
}

suite('the demo', missingPart(), () => {
  test('plays four acts to their announced ends, leaves what it made to look at, and can go on from there', {
    timeout: 180_000,
  }, async () => {
    const before = git(root, 'status', '--porcelain');
    const demo = await runDemo();
    expect(demo).toMatchObject({ status: 0 });
    expect(demo.text.match(/The job: \S+ \w+/g)).toEqual(
      ['green, deployed', 'green, deployed', 'red, reverted', 'red, failed'].map((end) => `The job: ${end}`),
    );
    expect(demo.text.match(/As announced\./g)).toHaveLength(4);
    expect(await running(demo.folder)).toEqual([]);
    expect(readdirSync(join(demo.folder, 'summaries'))).toHaveLength(4);
    expect(new Set(revisions(demo.folder))).toEqual(new Set([git(join(demo.folder, 'shop'), 'rev-parse', 'HEAD~2')]));

    git(join(demo.folder, 'shop'), 'commit', '--allow-empty', '-q', '-m', 'Once more');
    const again = await runDemo([demo.folder]);
    expect(again).toMatchObject({ status: 0 });
    expect(new Set(revisions(demo.folder))).toEqual(new Set([git(join(demo.folder, 'shop'), 'rev-parse', 'HEAD')]));
    expect(await running(demo.folder)).toEqual([]);
    expect(git(root, 'status', '--porcelain')).toBe(before);
  });

  test('puts back what it was doing on Ctrl-C, and leaves nothing running', async () => {
    const demo = await runDemo([], 'published: restart');
    expect(demo).toMatchObject({ status: 130 });
    expect(demo.text).toContain('revert');
    expect(demo.text).toContain(`what was made stays in ${demo.folder}`);
    expect(await running(demo.folder)).toEqual([]);
  });

  test('says in one sentence that a folder is not of a demo', async () => {
    expect(await runDemo([temp])).toMatchObject({ status: 1, text: `${temp} is not the folder of a demo.\n` });
  });
});

describe('what the demo needs', () => {
  test('is named where it is missing', () => {
    const folder = join(temp, 'bin');
    mkdirSync(folder);
    symlinkSync(process.execPath, join(folder, 'git'));
    expect(missingPart(folder)).toMatch(/^The demo needs sh, .*tar.*: not found in PATH\.$/);
    expect(missingPart([folder, process.env['PATH']].join(delimiter), join(temp, 'dist'))).toBe(
      'dist/, the built action, is missing: run `npm run build`.',
    );
  });
});
