import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLocalCommand } from '../../../src/adapters/runner/local-command.ts';
import type { LocalRequest } from '../../../src/ports/local-command.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'command-test-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const path = process.env['PATH'] ?? '';
/** Shorter than a job's where something of a test waits for the whole of it. */
const patience = { kill: 500, output: 1000, left: 500, leftKill: 300 };

async function run(
  words: LocalRequest['words'],
  more: Partial<LocalRequest> = {},
  variables: Record<string, string> = { PATH: path },
) {
  const lines: string[] = [];
  const end = await openLocalCommand(variables, patience).run({
    words,
    cwd,
    onLine: (line) => lines.push(line),
    ...more,
  });
  return { ...end, lines };
}

/** The processes whose ids stand in these files are gone, or will be in a moment. */
async function gone(...files: readonly string[]): Promise<void> {
  for (const file of files) {
    const id = readFileSync(join(cwd, file), 'utf8').trim();
    await expect.poll(() => alive(id), { timeout: 5000 }).toBe(false);
  }
}

function alive(id: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a command', () => {
  test('says its lines and its status', async () => {
    expect(await run(['sh', '-c', 'echo one; echo; printf two; exit 3'])).toEqual({
      status: 3,
      ended: 'itself',
      lines: ['one', '', 'two'],
    });
    expect((await run(['sh', '-c', 'echo wrong >&2'])).lines).toEqual(['wrong']);
  });

  test('gets its words as they are, and no shell reads them', async () => {
    const words = ['$HOME', 'a b', '"', "'", '*', '\\', '', '`id`', '--', '-n'];
    expect((await run(['printf', '[%s]\n', ...words])).lines).toEqual(words.map((word) => `[${word}]`));
  });

  test('has the allowed variables, its own, and no other', async () => {
    const variables = {
      PATH: path,
      HOME: '/h',
      LC_ALL: 'C',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
      INPUT_X: 'y',
      NODE_OPTIONS: 'z',
    };
    const { lines } = await run(['env'], { env: { OWN: '1' } }, variables);
    expect(lines.filter((line) => !/^(PWD|SHLVL|_|OLDPWD)=/.test(line)).sort()).toEqual([
      'HOME=/h',
      'LC_ALL=C',
      'OWN=1',
      `PATH=${path}`,
    ]);
  });

  test('finds its input empty, and runs where it is told', async () => {
    expect(await run(['cat'])).toMatchObject({ status: 0, lines: [] });
    mkdirSync(join(cwd, 'below'));
    expect((await run(['pwd'], { cwd: join(cwd, 'below') })).lines[0]).toMatch(/below$/);
  });

  test('of which there is none has the status 127', async () => {
    expect(await run(['no-such-program', 'x'])).toMatchObject({ status: 127, lines: ['no-such-program: not found'] });
  });

  test('that cannot begin is told as such', async () => {
    await expect(run(['true'], { cwd: join(cwd, 'nowhere') })).rejects.toMatchObject({ code: 'RUNNER_UNFIT' });
  });

  test('that dies by a signal is not a success', async () => {
    expect((await run(['sh', '-c', 'kill -9 $$'])).status).toBeGreaterThan(127);
  });

  test('may print a line of any length, of which the beginning is kept', async () => {
    const { lines } = await run(['sh', '-c', 'head -c 300000 /dev/zero | tr "\\0" x; echo; echo end']);
    expect(lines.map((line) => line.length)).toEqual([16 * 1024, 3]);
  });

  test('hands on every byte of its output to who asks for bytes, and only its errors as lines', async () => {
    const chunks: Uint8Array[] = [];
    const script = 'head -c 70000 /dev/zero; printf "\\377\\n\\nend"; echo oops >&2';
    const { status, lines } = await run(['sh', '-c', script], { onStdout: (bytes) => chunks.push(bytes) });
    expect({ status, lines }).toEqual({ status: 0, lines: ['oops'] });
    expect(Buffer.concat(chunks)).toEqual(
      Buffer.concat([Buffer.alloc(70_000), Buffer.of(0xff), Buffer.from('\n\nend')]),
    );
  });

  test('may print characters of several bytes', async () => {
    expect((await run(['printf', 'größe ✓\\n'])).lines).toEqual(['größe ✓']);
  });
});

describe('a command that is ended', () => {
  const busy = (trap: string): LocalRequest['words'] => [
    'sh',
    '-c',
    `${trap} echo $$ >leader; sh -c 'echo $$ >child; exec sleep 60' & echo begun; wait; wait; sleep 60`,
  ];

  test('by its time takes all that it started along', async () => {
    expect(await run(busy(''), { timeout: 700 })).toMatchObject({ ended: 'time limit', lines: ['begun'] });
    await gone('leader', 'child');
  });

  test('by cancelling takes all that it started along', async () => {
    expect(await run(busy(''), { signal: AbortSignal.timeout(700) })).toMatchObject({ ended: 'cancelled' });
    await gone('leader', 'child');
  });

  test('and does not listen is killed', { timeout: 30_000 }, async () => {
    expect(await run(busy("trap '' TERM;"), { timeout: 700 })).toMatchObject({ ended: 'time limit' });
    await gone('leader', 'child');
  });

  test('before it began does not begin', async () => {
    expect(await run(['touch', 'made'], { signal: AbortSignal.abort() })).toMatchObject({ ended: 'cancelled' });
    expect(existsSync(join(cwd, 'made'))).toBe(false);
  });

  test.each(['perl', 'neither'])('where there is no setsid (%s)', async (has) => {
    const tools = join(cwd, 'tools');
    mkdirSync(tools);
    for (const tool of ['sh', 'sleep', ...(has === 'perl' ? ['perl'] : [])])
      symlinkSync(join('/usr/bin', tool), join(tools, tool));
    const words: LocalRequest['words'] = has === 'perl' ? busy('') : ['sh', '-c', 'echo $$ >leader; exec sleep 60'];
    expect(await run(words, { timeout: 700 }, { PATH: tools })).toMatchObject({ ended: 'time limit' });
    await gone('leader', ...(has === 'perl' ? ['child'] : []));
  });
});

describe('a process that a command leaves behind', () => {
  const line = 'left a process behind that was ended';

  /** Begins after the id of what is left was written, so that it is deaf by then where it is to be. */
  const leaving = (program: string): LocalRequest['words'] => [
    'sh',
    '-c',
    `sh -c '${program}' & while [ ! -s left ]; do sleep 0.02; done; echo hi`,
  ];

  test('is ended although it holds the output, and told', async () => {
    expect(await run(leaving('echo $$ >left; exec sleep 60'))).toEqual({
      status: 0,
      ended: 'itself',
      lines: ['hi', line],
    });
    await gone('left');
  });

  test('is killed where it does not listen', async () => {
    const { lines } = await run(
      leaving('trap "" TERM; exec >/dev/null 2>&1; echo $$ >left; while :; do sleep 1; done'),
    );
    expect(lines).toEqual(['hi', line]);
    await gone('left');
  });

  test('may end by itself in a moment, of which nobody is told', async () => {
    expect((await run(leaving('exec >/dev/null 2>&1; echo $$ >left; sleep 0.05; echo done >end'))).lines).toEqual([
      'hi',
    ]);
    expect(existsSync(join(cwd, 'end'))).toBe(true);
  });
});

test('a command that ends in time leaves nothing running for its time limit', async () => {
  const over = await Promise.race([run(['true'], { timeout: 3_600_000 }), setTimeout(20_000, 'still waiting')]);
  expect(over).toMatchObject({ status: 0, ended: 'itself' });
});
