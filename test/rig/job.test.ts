import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runJob } from './job.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An action of two small scripts. */
function action(main: string, post: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'action-'));
  folders.push(folder);
  writeFileSync(
    join(folder, 'action.yml'),
    'inputs:\n  plain name:\n    default: "7"\n  token:\n    default: ${{ github.token }}\nruns: {using: node24, main: main.cjs, post: post.cjs, post-if: always()}\n',
  );
  const head = "const { appendFileSync } = require('node:fs'); const env = process.env;\n";
  writeFileSync(join(folder, 'main.cjs'), head + main);
  writeFileSync(join(folder, 'post.cjs'), head + post);
  return folder;
}

describe('the harness of jobs', () => {
  test('fills in inputs and defaults, and hands nothing on that the runner would not', async () => {
    process.env['SLIPWAY_LEAK'] = 'leaks';
    const job = await runJob({
      action: action(
        "console.log(env['INPUT_PLAIN_NAME'], env.INPUT_TOKEN, env.SLIPWAY_LEAK, env.GITHUB_EVENT_NAME)",
        '',
      ),
      with: {},
    });
    delete process.env['SLIPWAY_LEAK'];
    expect(job.rawLog).toMatch(/^7 ghs_\S+ undefined push$/);
    expect(job.log).toBe('7 *** undefined push');
  });

  test('reads outputs, state and summary, and gives the state to the post step', async () => {
    const main =
      "appendFileSync(env.GITHUB_OUTPUT, 'a<<M\\n1\\n2\\nM\\nb=3\\n'); appendFileSync(env.GITHUB_STATE, 'servers=web1\\n'); appendFileSync(env.GITHUB_STEP_SUMMARY, '# Done')";
    const job = await runJob({ action: action(main, 'console.log(env.STATE_servers)') });
    expect(job).toMatchObject({
      exitCode: 0,
      outputs: { a: '1\n2', b: '3' },
      summary: '# Done',
      post: { exitCode: 0, log: 'web1' },
    });
  });

  test('masks what a step asks to mask, from then on and in the post step', async () => {
    const main = "console.log('before tiger'); console.log('::add-mask::tiger'); console.log('after tiger')";
    const job = await runJob({ action: action(main, "console.log('post tiger')") });
    expect(job).toMatchObject({ log: 'before tiger\nafter ***', post: { log: 'post ***' } });
  });

  test('cancels with SIGINT first, and runs the post step all the same', async () => {
    const main =
      "process.on('SIGINT', () => { console.log('interrupted'); process.exit(1); }); setInterval(() => {}, 1000); console.log('ready')";
    const job = await runJob({ action: action(main, "console.log('cleaned')"), cancel: { onLine: 'ready' } });
    expect(job).toMatchObject({ exitCode: 1, log: 'ready\ninterrupted', post: { log: 'cleaned' } });
  });

  test('kills at a line, and the post step can be lost with it', async () => {
    const job = await runJob({
      action: action("setInterval(() => {}, 1000); console.log('ready')", ''),
      kill: { onLine: /^ready$/ },
      post: 'lost',
    });
    expect(job).toMatchObject({ exitCode: undefined, post: undefined });
  });

  test.each(['rollback'])('the built %s says that it comes later, and is red', async (name) => {
    const job = await runJob({ action: name });
    expect(job.exitCode).toBe(1);
    expect(job.annotations.map(({ properties, value }) => [properties['title'], value])).toEqual([
      ['NOT_YET', expect.stringContaining('later version')],
    ]);
    expect(job.post?.exitCode).toBe(0);
  });
});
