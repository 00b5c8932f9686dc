import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GitHubAccess } from '../../../src/adapters/github/runs.ts';
import { openGitHub } from '../../../src/adapters/github/runs.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import { fakeJob } from '../../fakes/fake-runner.ts';

type Reply = { readonly status: number; readonly body: unknown } | 'hang';

/** What GitHub answers to `METHOD /path`; everything else is a 404. */
let replies: Map<string, Reply>;
/** What was written to GitHub, as `METHOD /path` and its body. */
let written: [string, unknown][];
let stop: () => Promise<void>;
let apiUrl: string;

beforeEach(async () => {
  replies = new Map();
  written = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes: Buffer) => (body += bytes.toString()));
    request.on('end', () => {
      const key = `${request.method} ${request.url}`;
      const reply = replies.get(key) ?? { status: 404, body: { message: 'Not Found' } };
      if (body !== '') written.push([key, JSON.parse(body)]);
      if (reply === 'hang') return;
      const known = request.headers.authorization === 'token the-token';
      response
        .writeHead(known ? reply.status : 401, { 'content-type': 'application/json' })
        .end(JSON.stringify(known ? reply.body : { message: 'Bad credentials' }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(() => resolve()));
  };
});
afterEach(() => stop());

const say = (key: string, body: unknown, status = 200) => replies.set(key, { status, body });
const open = (more: Partial<GitHubAccess> = {}) =>
  openGitHub({ token: new Secret('github-token', 'the-token\n'), job: fakeJob({ apiUrl }), ...more });
const holder = { repository: 'octo/shop', run: '900', attempt: 2, checkRun: '77' as string | undefined };

describe('has the job ended that holds the lock', () => {
  const job = 'GET /repos/octo/shop/actions/jobs/77';
  const attempt = 'GET /repos/octo/shop/actions/runs/900/attempts/2';

  test.each([
    ['completed', 'ended'],
    ['in_progress', 'running'],
    ['queued', 'running'],
    ['waiting', 'running'],
    [undefined, 'unknown'],
  ])('a job that is %s: %s', async (status, verdict) => {
    say(job, { id: 77, run_id: 900, status });
    expect(await open().ended(holder)).toBe(verdict);
  });

  test.each([
    ['completed', 'ended'],
    ['in_progress', 'running'],
  ])('without a check run, an attempt that is %s: %s', async (status, verdict) => {
    say(attempt, { id: 900, status });
    expect(await open().ended({ ...holder, checkRun: undefined })).toBe(verdict);
  });

  test('the names of the repository are compared without case', async () => {
    say(job, { id: 77, run_id: 900, status: 'completed' });
    expect(await open().ended({ ...holder, repository: 'Octo/Shop' })).toBe('ended');
  });

  test.each([
    ['another repository', { repository: 'octo/other' }],
    ['a job of another run', { run: '901' }],
    ['a run that is no number', { run: '../../user' }],
    ['a run of nobody', { run: '' }],
  ])('%s: unknown', async (_, other) => {
    say(job, { id: 77, run_id: 900, status: 'completed' });
    expect(await open().ended({ ...holder, ...other })).toBe('unknown');
  });

  test.each([401, 403, 404, 500])('status %i: unknown', async (status) => {
    say(job, { message: 'no' }, status);
    expect(await open().ended(holder)).toBe('unknown');
  });

  test('GitHub cannot be reached, or there is no token: unknown', async () => {
    expect(await open({ token: undefined }).ended(holder)).toBe('unknown');
    await stop();
    expect(await open().ended(holder)).toBe('unknown');
  });

  test('GitHub does not answer: unknown after a while', async () => {
    replies.set(job, 'hang');
    expect(await open({ limit: 200 }).ended(holder)).toBe('unknown');
  });
});

describe('a status on the deployment of this job', () => {
  const status = { state: 'success', description: 'deployed 20261121193711' } as const;
  const post = (id: number) => `POST /repos/octo/shop/deployments/${id}/statuses`;
  const list = `GET /repos/octo/shop/deployments?environment=production&sha=${fakeJob().sha}&per_page=5`;
  const statuses = (id: number) => `GET /repos/octo/shop/deployments/${id}/statuses?per_page=30`;

  test('is written on the one that the check run names', async () => {
    say('GET /repos/octo/shop/check-runs/5005', { id: 5005, deployment: { id: 31 } });
    say(post(31), { id: 1 }, 201);
    expect(await open({ checkRun: '5005' }).deploymentStatus(status)).toBe('written');
    expect(written).toEqual([
      [
        post(31),
        {
          state: 'success',
          description: 'deployed 20261121193711',
          log_url: 'https://github.com/octo/shop/actions/runs/1001/job/5005',
          auto_inactive: false,
        },
      ],
    ]);
  });

  test('is missing where the job made none', async () => {
    say('GET /repos/octo/shop/check-runs/5005', { id: 5005 });
    expect(await open({ checkRun: '5005', environment: 'production' }).deploymentStatus(status)).toBe('missing');
  });

  test('is written on the one whose statuses name this run, where checks are not to be read', async () => {
    say('GET /repos/octo/shop/check-runs/5005', { message: 'Resource not accessible by integration' }, 403);
    say(list, [{ id: 33 }, { id: 32 }]);
    say(statuses(33), [{ log_url: 'https://github.com/octo/shop/actions/runs/10010/job/1' }]);
    say(statuses(32), [{ log_url: '', target_url: 'https://github.com/octo/shop/actions/runs/1001/job/1' }]);
    say(post(32), { id: 1 }, 201);
    expect(await open({ checkRun: '5005', environment: 'production' }).deploymentStatus(status)).toBe('written');
    expect(written.map(([key]) => key)).toEqual([post(32)]);
  });

  test('is missing where no deployment names this run', async () => {
    say(list, [{ id: 33 }]);
    say(statuses(33), [{ log_url: null }, {}]);
    expect(await open({ environment: 'production' }).deploymentStatus(status)).toBe('missing');
    expect(await open().deploymentStatus(status)).toBe('missing');
  });

  test('has a description that GitHub takes', async () => {
    say('GET /repos/octo/shop/check-runs/5005', { id: 5005, deployment: { id: 31 } });
    say(post(31), { id: 1 }, 201);
    await open({ checkRun: '5005' }).deploymentStatus({ state: 'failure', description: `\x1b[31m${'x'.repeat(300)}` });
    expect(written[0]?.[1]).toMatchObject({ description: `${'x'.repeat(139)}…` });
  });

  test.each([
    [403, /status 403; .*deployments: write/],
    [422, /^status 422$/],
  ])('that GitHub refuses with %i is told and not thrown', async (code, told) => {
    say('GET /repos/octo/shop/check-runs/5005', { id: 5005, deployment: { id: 31 } });
    say(post(31), { message: '::error::' }, code);
    expect(await open({ checkRun: '5005' }).deploymentStatus(status)).toEqual({ refused: expect.stringMatching(told) });
  });

  test('is told as refused where GitHub cannot be reached', async () => {
    await stop();
    expect(await open({ checkRun: '5005' }).deploymentStatus(status)).toEqual({
      refused: 'no answer from GitHub within 5 s',
    });
  });
});
