import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Issuer } from '../../rig/issuer.ts';
import { startIssuer } from '../../rig/issuer.ts';

const adapter = pathToFileURL(join(import.meta.dirname, '../../../src/adapters/runner/runner.ts')).href;
let place: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'runner-test-'));
  for (const name of ['output', 'state', 'summary']) writeFileSync(join(place, name), '');
});
afterEach(() => rmSync(place, { recursive: true }));

const file = (name: string) => readFileSync(join(place, name), 'utf8');
const event = (payload: string) => writeFileSync(join(place, 'event.json'), payload);

/** Runs `program`, which has `runner`, as the runner starts an action: a Node of its own with its own environment and files. */
async function act(
  program: string,
  more: Record<string, string> = {},
): Promise<{ readonly status: number | null; readonly stdout: string }> {
  const env = {
    GITHUB_OUTPUT: join(place, 'output'),
    GITHUB_STATE: join(place, 'state'),
    GITHUB_STEP_SUMMARY: join(place, 'summary'),
    GITHUB_EVENT_PATH: join(place, 'event.json'),
    GITHUB_REPOSITORY: 'octo/shop',
    GITHUB_RUN_ID: '1001',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_WORKFLOW_REF: 'octo/shop/.github/workflows/deploy.yml@refs/heads/main',
    ...more,
  };
  const text = `import { leave, openRunner } from ${JSON.stringify(adapter)};\nconst runner = openRunner();\n${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, stdout };
}

describe('to the runner', () => {
  test('inputs come trimmed, and empty where there are none', async () => {
    const { stdout } = await act(
      `runner.line(JSON.stringify([runner.input('stage'), runner.input('known-hosts'), runner.input('none')]))`,
      {
        INPUT_STAGE: ' production ',
        'INPUT_KNOWN-HOSTS': 'a\nb\n',
      },
    );
    expect(JSON.parse(stdout)).toEqual(['production', 'a\nb', '']);
  });

  test('outputs and state are written at once, before a later crash', async () => {
    const { status } = await act(
      `runner.output('result', 'two\\nlines'); runner.saveState('plan', '{}'); process.kill(process.pid, 'SIGKILL')`,
    );
    expect(status).not.toBe(0);
    expect(file('output')).toMatch(/^result<<(ghadelimiter_\S+)\ntwo\nlines\n\1\n$/);
    expect(file('state')).toMatch(/^plan<<(ghadelimiter_\S+)\n\{\}\n\1\n$/);
  });

  test('the state of main is read in post', async () => {
    expect((await act(`runner.line(runner.state('plan'))`, { STATE_plan: 'saved' })).stdout).toBe('saved\n');
  });

  test('a failed run is red by its status only, and ends by itself', async () => {
    expect(await act(`runner.fail(); runner.line('still here')`)).toEqual({ status: 1, stdout: 'still here\n' });
  });

  test('all is said before the process leaves with its status, whatever still runs', async () => {
    const program = `setInterval(() => undefined, 1000); runner.fail(); for (let at = 0; at < 20_000; at += 1) runner.line('line ' + at); leave()`;
    const { status, stdout } = await act(program);
    expect([status, stdout.split('\n').length, stdout.endsWith('line 19999\n')]).toEqual([1, 20_001, true]);
  });

  test('no line can be a workflow command', async () => {
    const { stdout } = await act(
      `runner.line('::set-output name=a::b'); runner.line('x ##[error]y\\n  ::error::z'); runner.group('a\\n::error::t', ['::warning::w'])`,
    );
    expect(stdout.split('\n')).toEqual([
      ': :set-output name=a::b',
      'x ## [error]y',
      '  : :error::z',
      '::group::a ::error::t',
      ': :warning::w',
      '::endgroup::',
      '',
    ]);
  });

  test('an annotation carries its text and title as data', async () => {
    const { stdout } = await act(`runner.annotate('warning', 'one\\n::error::two', 'a,b::c')`);
    expect(stdout).toBe('::warning title=a%2Cb%3A%3Ac::one%0A::error::two\n');
  });

  test('a value of several lines is masked line by line', async () => {
    expect((await act(`runner.mask('first\\n\\n second%\\r\\n')`)).stdout).toBe(
      '::add-mask::first\n::add-mask::second%25\n',
    );
  });

  test('the summary is added to, and one that cannot be written is only told', async () => {
    await act(`await runner.summarize('# One'); await runner.summarize('two')`);
    expect(file('summary')).toBe('# One\ntwo\n');
    expect(await act(`await runner.summarize('x')`, { GITHUB_STEP_SUMMARY: '' })).toEqual({
      status: 0,
      stdout: 'The job summary could not be written.\n',
    });
  });

  test('a summary that GitHub would drop is cut', async () => {
    await act(`await runner.summarize('x'.repeat(3_000_000))`);
    expect(file('summary').length).toBeLessThan(1024 * 1024);
    expect(file('summary')).toContain('cut here');
  });
});

describe('the job', () => {
  const job = async () =>
    JSON.parse((await act('runner.line(JSON.stringify(runner.job))')).stdout) as Record<string, unknown>;

  test('is what the runner says', async () => {
    event('{"repository":{"visibility":"internal","private":true},"x":1}');
    expect(await job()).toMatchObject({
      repository: 'octo/shop',
      runId: '1001',
      attempt: 2,
      serverUrl: 'https://github.com',
      workflow: 'octo/shop/.github/workflows/deploy.yml',
      repositoryVisibility: 'internal',
      payload: { x: 1 },
    });
  });

  test.each([
    ['{"repository":{"private":false}}', 'public'],
    ['{"repository":{"private":true}}', 'private'],
    ['{"repository":{"visibility":"::error::"}}', 'unknown'],
    ['{"repository":null}', 'unknown'],
    ['null', 'unknown'],
    ['[', 'unknown'],
    ['', 'unknown'],
  ])('with the payload %s is in a repository of visibility %s', async (payload, visibility) => {
    event(payload);
    expect((await job())['repositoryVisibility']).toBe(visibility);
  });

  test('may come without any payload', async () => {
    expect((await job())['payload']).toBeUndefined();
  });
});

describe('the proxy of the runner', () => {
  const follow = (more: Record<string, string>) =>
    act(
      `import { followProxy } from ${JSON.stringify(adapter)}; followProxy(); await fetch('http://shop.invalid/up').then((answer) => runner.line(String(answer.status)), () => runner.line('none'))`,
      more,
    );

  test.each([
    ['', ''],
    ['http://', ''],
    ['', 'user:secret@'],
  ])('is followed with %j and %j before its host', async (scheme, user) => {
    await using proxy = await startProxy();
    expect(await follow({ HTTP_PROXY: `${scheme}${user}127.0.0.1:${proxy.port}` })).toEqual({
      status: 0,
      stdout: '299\n',
    });
  });

  test('is told where it cannot be used, without its value, and the others are still followed', async () => {
    await using proxy = await startProxy();
    const { status, stdout } = await follow({
      HTTP_PROXY: `127.0.0.1:${proxy.port}`,
      HTTPS_PROXY: 'http://user:secret@no host:1',
    });
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'Warning: HTTPS_PROXY holds no address of a proxy that can be used; the run goes on without it.',
      '299',
      '',
    ]);
  });

  test('is not asked for what no_proxy names', async () => {
    await using proxy = await startProxy();
    expect((await follow({ http_proxy: `127.0.0.1:${proxy.port}`, NO_PROXY: 'shop.invalid' })).stdout).toBe('none\n');
  });
});

/** Answers whatever it is asked to fetch or to tunnel with a status that nobody else gives. */
async function startProxy(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      const tunnel = bytes.toString('latin1').startsWith('CONNECT');
      if (tunnel) socket.write('HTTP/1.1 200 OK\r\n\r\n');
      else socket.end('HTTP/1.1 299 Proxied\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

describe('the identity token', () => {
  let issuer: Issuer;
  beforeEach(async () => {
    issuer = await startIssuer();
  });
  afterEach(() => issuer[Symbol.asyncDispose]());

  const ask = (more: Record<string, string> = {}) =>
    act(
      `runner.idToken('for us').then((token) => runner.output('token', token), (error) => runner.line(error.code + ' ' + error.message))`,
      {
        ACTIONS_ID_TOKEN_REQUEST_URL: issuer.requestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.requestToken,
        ...more,
      },
    );

  test('is masked before anybody has it, and so is the token that asks', async () => {
    const { stdout } = await ask();
    const token = /^token<<\S+\n(\S+)\n/.exec(file('output'))?.[1] ?? 'none';
    expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      aud: 'for us',
      iss: issuer.issuer,
    });
    expect(stdout.split('\n')).toEqual([`::add-mask::${issuer.requestToken}`, `::add-mask::${token}`, '']);
  });

  test('is asked for again when GitHub is away for a moment', async () => {
    issuer.behaviour.failures.set('/request', { status: 503, times: 2 });
    await ask();
    expect(file('output')).toMatch(/^token<</);
  });

  test.each([403, 302])('is given up at once at status %i', async (status) => {
    issuer.behaviour.failures.set('/request', { status, times: 1 });
    expect((await ask()).stdout).toContain(`ID_TOKEN_UNAVAILABLE GitHub gave no identity token: status ${status}.`);
  });

  test.each([
    { ACTIONS_ID_TOKEN_REQUEST_URL: '' },
    { ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' },
    { ACTIONS_ID_TOKEN_REQUEST_URL: 'no address' },
  ])('is not to be had with %j', async (variables) => {
    expect((await ask(variables as Record<string, string>)).stdout).toBe(
      'ID_TOKEN_UNAVAILABLE The job may not ask GitHub for an identity token.\n',
    );
  });
});
