import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { suite } from '../rig/part.ts';
import type { RunsApi } from '../rig/runs-api.ts';
import { startRunsApi } from '../rig/runs-api.ts';
import type { Deployed, Site, Tree } from '../rig/site.ts';
import { makeSite, until } from '../rig/site.ts';
import type { TestServers } from '../rig/sshd.ts';
import { missing, startServers } from '../rig/sshd.ts';

const token = 'abcdef0123456789abcdef0123456789';

suite('the lock of two servers', missing(), () => {
  let fleet: TestServers;
  let api: RunsApi;
  let site: Site;
  beforeAll(async () => {
    fleet = await startServers({ count: 2 });
    api = await startRunsApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await fleet[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    site = makeSite(fleet);
    site.configure({ lock: { wait: '0s', lease: '2m' } });
    return () => site[Symbol.dispose]();
  });

  /** A lock of run 8001 that was last renewed so many seconds ago. */
  function hold(tree: Tree, more: Readonly<Record<string, unknown>> = {}, ago = 0): void {
    const owner = {
      version: 1,
      token,
      repository: 'acme/shop',
      run: '8001',
      attempt: 1,
      job: 'deploy',
      actor: 'mallory',
      action: 'deploy',
      stage: 'test',
      at: '2026-11-21T19:37:11.000Z',
      lease: 120,
    };
    mkdirSync(tree.path('.slipway/lock'), { recursive: true, mode: 0o700 });
    writeFileSync(
      tree.path('.slipway/lock/owner.json'),
      `${JSON.stringify({ ...owner, group: '0', started: '0', ...more })}\n`,
    );
    const then = new Date(Date.now() - ago * 1000);
    utimesSync(tree.path('.slipway/lock/owner.json'), then, then);
  }

  const deploy = (env: Readonly<Record<string, string>> = {}): Promise<Deployed> =>
    site.deploy(site.commit({ 'index.html': `${Math.random()}\n` }), {}, { env: { GITHUB_API_URL: api.url, ...env } });
  const second = (): Tree => site.ordered[1] as Tree;

  test('is waited for while its job runs, however old it is; the refusal says who holds it, and nothing is left elsewhere', async () => {
    api.say('8001', 'in_progress');
    hold(second(), {}, 100_000);
    const job = await deploy();
    expect(job.exitCode).toBe(1);
    expect(job.annotations.map(({ properties }) => properties['title'])).toEqual([
      expect.stringContaining('LOCK_HELD'),
    ]);
    expect(job.log).toContain('deploy of acme/shop, run 8001 attempt 1, by mallory, since 2026-11-21T19:37:11.000Z');
    expect(site.ordered[0]?.locked()).toBe(false);
    expect(second().text('.slipway/lock/owner.json')).toContain(token);
    expect(job.post?.log).toBe('');
  });

  test('is taken over at once when its job has ended', async () => {
    api.say('8001', 'completed');
    hold(second());
    const job = await deploy();
    expect(job).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    expect(job.log).toMatch(/warning: the lock of \w+ is taken over .*its job has ended/);
  });

  test('is taken over after its lease where GitHub cannot be asked, and not before', async () => {
    api.down();
    hold(second(), {}, 60);
    expect((await deploy()).log).toContain('LOCK_HELD');
    hold(second(), {}, 180);
    expect(await deploy()).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
  });

  test('is given up by nobody for an owner that cannot be read', async () => {
    hold(second(), { token: 'none of ours' }, 100_000);
    const job = await deploy();
    expect(job.log).toContain('LOCK_HELD');
    expect(job.log).toContain('its owner file cannot be read');
    rmSync(second().path('.slipway/lock'), { recursive: true });
    expect((await deploy()).exitCode).toBe(0);
  });

  test('of two runs at once lets one go after the other, and both releases were whole', async () => {
    site.configure({
      lock: { wait: '1m' },
      hooks: { updated: [{ name: 'slow', run: 'sleep 1; echo built > built' }] },
    });
    const revisions = [site.commit({ 'index.html': 'one\n' }), site.commit({ 'index.html': 'two\n' })];
    const jobs = await Promise.all(
      revisions.map((revision, side) =>
        site.deploy(
          revision,
          { force: 'true' },
          { env: { GITHUB_API_URL: api.url, GITHUB_RUN_ID: String(8100 + side) } },
        ),
      ),
    );
    expect(jobs.map(({ exitCode, outputs }) => [exitCode, outputs['result']])).toEqual([
      [0, 'deployed'],
      [0, 'deployed'],
    ]);
    const ids = jobs.map(({ outputs }) => outputs['release'] ?? '');
    expect(new Set(ids).size).toBe(2);
    expect(jobs.map(({ log }) => log).join('\n')).toContain('waiting for the lock');
    for (const tree of site.trees) {
      expect(tree.live()).toBe([...ids].sort().at(-1));
      for (const [side, id] of ids.entries())
        expect(tree.text('releases', id, 'REVISION')).toBe(`${revisions[side]}\n`);
      expect(tree.locked()).toBe(false);
    }
  });

  test('that is waited for is left alone by a cancel, and the post step connects to nobody', async () => {
    site.configure({ lock: { wait: '5m' } });
    api.say('8001', 'in_progress');
    hold(second());
    const job = await site.deploy(
      site.commit({ 'index.html': 'late\n' }),
      {},
      { env: { GITHUB_API_URL: api.url }, cancel: { onLine: 'waiting for the lock' } },
    );
    expect(job).toMatchObject({ exitCode: 1, post: { exitCode: 0, log: '' } });
    expect(job.annotations.map(({ properties }) => properties['title'])).toEqual([
      expect.stringContaining('CANCELLED'),
    ]);
    expect(second().text('.slipway/lock/owner.json')).toContain(token);
    expect(site.ordered[0]?.locked()).toBe(false);
  });

  test('finds one tree under two names in a stage, and leaves nothing there', async () => {
    const real = site.trees[0] as Tree;
    const [first, other] = fleet.servers;
    if (first === undefined || other === undefined) throw new Error('there are two servers');
    const name = `${real.root}-again`;
    symlinkSync(real.root, name);
    using twin = makeSite(fleet, {
      server: ({ name: server }) => ({
        host: first.host,
        port: first.port,
        deploy_to: server === other.name ? name : real.root,
      }),
    });
    const job = await twin.deploy(twin.commit({ 'index.html': 'twice\n' }), {}, { env: { GITHUB_API_URL: api.url } });
    expect(job.annotations.map(({ properties }) => properties['title'])).toEqual([
      expect.stringContaining('SAME_TREE'),
    ]);
    expect(real.locked()).toBe(false);
    expect(real.releases()).toEqual([]);
    expect(job.post?.log).toBe('');
  });

  test('that has no place is refused and not waited for', async () => {
    await deploy();
    writeFileSync(second().path('.slipway/lock'), 'a file in the way');
    const job = await deploy();
    expect(job.log).toContain('LOCK_REFUSED');
    expect(job.post?.log).toBe('');
    await until('the first lock is given back', () => site.ordered[0]?.locked() === false);
  });
});
