import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { renderOwner } from '../../src/domain/tree/lock.ts';
import { type Issuer, startIssuer } from '../rig/issuer.ts';
import { suite } from '../rig/part.ts';
import type { Deployed, Site } from '../rig/site.ts';
import { makeSite } from '../rig/site.ts';
import type { TestServers } from '../rig/sshd.ts';
import { missing, startServers } from '../rig/sshd.ts';

/** Titles and texts of the red annotations: what stands beside the job before anybody opens its log. */
function told(job: Deployed): string[] {
  return job.annotations
    .filter(({ name }) => name === 'error')
    .map(({ properties, value }) => `${properties['title']}: ${value}`);
}

suite('the deploy action', missing(), () => {
  let fleet: TestServers;
  let site: Site;
  let revision: string;
  beforeAll(async () => {
    fleet = await startServers({ count: 2 });
  });
  afterAll(() => fleet[Symbol.asyncDispose]());
  beforeEach(() => {
    site = makeSite(fleet);
    revision = site.commit({ 'index.html': 'one\n' });
    return () => site[Symbol.dispose]();
  });

  /** Nobody was asked anything. */
  function expectNoConnection(job: Deployed): void {
    for (const { connections } of Object.values(job.spent)) expect(connections).toBe(0);
    expect(job.exitCode).toBe(1);
    expect(job.post).toMatchObject({ exitCode: 0, log: '' });
  }

  describe('plan and check', () => {
    test('a plan says what a deploy would do, and does nothing', async () => {
      site.configure({ linked_dirs: ['log'], hooks: { published: [{ name: 'restart', run: 'true' }] } });
      const job = await site.deploy(revision, { mode: 'plan' });
      expect(job).toMatchObject({ exitCode: 0, post: { exitCode: 0, log: '' } });
      expect(job.log).toContain('Plan: what a deploy of shop on test would do');
      expect(job.log).toContain('published: restart');
      expect(JSON.parse(job.outputs['plan'] ?? '')).toMatchObject({
        kind: 'plan',
        revision,
        hosts: { s1: { from: null }, s2: { from: null } },
        problems: [],
      });
      for (const tree of site.trees) expect(tree.names()).toEqual([]);
    });

    test('a plan names every problem of every server, and is red', async () => {
      site.configure({ linked_files: ['.env', 'config/master.key'] });
      const job = await site.deploy(revision, { mode: 'plan' });
      expect(job.exitCode).toBe(1);
      for (const tree of site.trees)
        for (const file of ['.env', 'config/master.key'])
          expect(job.log).toContain(`LINKED_FILE_MISSING on ${tree.name}: ${tree.path('shared', file)} does not exist`);
    });

    test('a check is red while there is no way back, and green once there is', async () => {
      const check = (): Promise<Deployed> => site.deploy(revision, { mode: 'check' });
      await site.deploy(revision);
      const first = await check();
      expect(first.exitCode).toBe(1);
      expect(first.log).toContain(
        'Rollback possible: no, because there is no earlier release known to be good on s1, s2.',
      );
      await site.deploy(site.commit({ 'index.html': 'two\n' }));
      revision = site.project.git('rev-parse', 'HEAD');
      const second = await check();
      expect(second.log).toMatch(
        /Rollback possible: yes, because release \d{14} was good on every server and is still there\./,
      );
      expect(second.exitCode).toBe(0);
      for (const tree of site.trees) expect([tree.locked(), tree.releases().length]).toEqual([false, 2]);
    });
  });

  describe('unlock', () => {
    test('needs a reason', async () => {
      const job = await site.deploy(revision, { mode: 'unlock' });
      expectNoConnection(job);
      expect(told(job)).toEqual([expect.stringMatching(/^INPUT_INVALID: `mode: unlock` needs a `reason`/)]);
      expect(job.summary).toMatch(/^## ❌ No lock was broken\n/);
    });

    test('breaks a lock by hand and ends what still runs under it', async () => {
      const orphan = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
      const ended = new Promise((resolve) => orphan.once('exit', (_, signal) => resolve(signal)));
      const id = String(orphan.pid);
      const started = /\) (.*)$/.exec(readFileSync(`/proc/${id}/stat`, 'utf8'))?.[1]?.split(' ')[19] ?? '';
      const tree = site.tree('s2');
      mkdirSync(tree.path('.slipway/lock'), { recursive: true, mode: 0o700 });
      const owner = renderOwner({
        token: 'ab'.repeat(16),
        repository: 'acme/shop',
        run: '77',
        attempt: 1,
        job: 'deploy',
        checkRun: undefined,
        actor: 'mona',
        action: 'deploy',
        stage: 'test',
        at: '2026-11-21T19:00:00.000Z',
        lease: 600,
      });
      writeFileSync(tree.path('.slipway/lock/owner.json'), `${owner},"group":"${id}","started":"${started}"}\n`);

      site.configure({ lock: { wait: '0s' } });
      const held = await site.deploy(revision);
      expect(held.exitCode).toBe(1);
      expect(held.log).toContain('LOCK_HELD on s2: ');
      expect(held.log).toContain('deploy of acme/shop, run 77 attempt 1, by mona');
      expect([tree.locked(), site.tree('s1').locked(), orphan.exitCode]).toEqual([true, false, null]);

      const job = await site.deploy(revision, { mode: 'unlock', reason: 'run 77 is dead' });
      expect(job.exitCode).toBe(0);
      expect(job.log).toContain('octo unlocks test: run 77 is dead');
      expect(job.log).toContain('s1: was not locked');
      expect(job.log).toContain('s2: broken; it was held by deploy of acme/shop, run 77 attempt 1, by mona');
      expect(job.summary).toContain('Unlocked test by hand');
      expect(await ended).toBe('SIGTERM');
      expect(tree.locked()).toBe(false);
      expect((await site.deploy(revision)).outputs['result']).toBe('deployed');
    });
  });

  describe('what is wrong before any server is asked', () => {
    test('inputs, all of them at once', async () => {
      const job = await site.deploy(revision, { mode: 'depoly', force: 'yes', config: '' });
      expectNoConnection(job);
      for (const words of [
        '`mode` is one of deploy, plan, check, unlock, not "depoly"',
        '`force` is true or false, not "yes"',
        '`config` is empty',
      ]) {
        expect(job.log).toContain(words);
        expect(told(job).join('\n')).toContain(words);
      }
      expect(job.outputs['result']).toBe('failed');
    });

    test('a configuration that is not there', async () => {
      const job = await site.deploy(revision, { config: 'deploy/slipway.yml' });
      expectNoConnection(job);
      expect(told(job)).toEqual([
        expect.stringMatching(
          /^CONFIG_MISSING: There is no deploy\/slipway\.yml in the workspace\. Check out the repository before this step/,
        ),
      ]);
    });

    test.each([
      ['Capfile', 'require "capistrano/setup"\n', 'a Capistrano script in Ruby'],
      ['config/deploy.yml', 'service: shop\nimage: me/shop\n', 'a Kamal file (it has `service:` and `image:`)'],
    ])('a project of another tool, which has %s', async (name, text, what) => {
      site.commit({ [name]: text });
      const job = await site.deploy(revision, { config: '.github/none.yml' });
      expectNoConnection(job);
      const cure = 'Write a Slipway configuration at .github/none.yml; docs/configuration.md shows the smallest one.';
      expect(told(job)).toEqual([
        `CONFIG_FOREIGN: There is no .github/none.yml in the workspace, only ${name}: ${what}. ${cure}`,
      ]);
    });

    test('a configuration that is wrong, every fault with its line', async () => {
      site.configure({ keep_relases: 5, limits: { command_timeout: 'soon' } });
      const job = await site.deploy(revision);
      expectNoConnection(job);
      expect(told(job)).toEqual([
        expect.stringMatching(/^CONFIG_INVALID: .*slipway\.yml:\d+:\d+: .*soon/),
        expect.stringMatching(/^CONFIG_INVALID: .*slipway\.yml:\d+:\d+: keep_relases.*keep_releases/),
      ]);
    });

    test('a public key in place of the private one, which is not shown', async () => {
      const job = await site.deploy(revision, { 'ssh-private-key': fleet.publicKey });
      expectNoConnection(job);
      expect(told(job)).toEqual([
        expect.stringMatching(
          /^KEY_PUBLIC: What is given as the private key is a public key\. That is the public half/,
        ),
      ]);
      const none = await site.deploy(revision, { 'ssh-private-key': '' });
      expectNoConnection(none);
      expect(told(none)).toEqual([
        expect.stringMatching(
          /^KEY_INVALID: There is no private key .* one of an environment needs `environment:` on the job/,
        ),
      ]);
      expect(job.log).not.toContain(fleet.publicKey.split(' ')[1]);
    });

    test('no host keys', async () => {
      const job = await site.deploy(revision, { 'known-hosts': '' });
      expectNoConnection(job);
      expect(told(job)[0]).toMatch(/^KNOWN_HOSTS_INVALID: No host keys are given/);
    });

    test('an event that anybody may start', async () => {
      const job = await site.deploy(revision, {}, { env: { GITHUB_EVENT_NAME: 'pull_request_target' } });
      expectNoConnection(job);
      expect(told(job)[0]).toMatch(/^TRIGGER_REFUSED: `pull_request_target` gives the secrets of this repository/);
    });
  });

  test('an archive that is not read is told as what it is', async () => {
    writeFileSync(`${site.project.path}/app.tar.zst`, Buffer.from('28b52ffd', 'hex'));
    writeFileSync(`${site.project.path}/app.zip`, 'PK');
    const ends = [
      await site.deploy(revision, { artifact: 'app.tar.zst' }),
      await site.deploy(revision, { artifact: 'app.zip' }),
    ];
    expect(ends.flatMap(told)).toEqual([
      expect.stringMatching(/^NOT_YET: "app\.tar\.zst" is compressed with zstd; only \.tar and \.tar\.gz are read\./),
      expect.stringMatching(
        /^ARTIFACT_INVALID: "app\.zip" is neither a directory nor called like an archive\. Name a directory, or an archive/,
      ),
    ]);
  });

  describe('a stage with an environment', () => {
    const asked = {
      repository: 'acme/shop',
      repository_id: '5001',
      repository_owner: 'acme',
      run_id: '9001',
      actor: 'octo',
      actor_id: '1001',
      workflow_ref: 'acme/shop/.github/workflows/deploy.yml@refs/heads/main',
    };

    let issuer: Issuer;
    beforeAll(async () => {
      issuer = await startIssuer();
    });
    afterAll(() => issuer[Symbol.asyncDispose]());

    async function deployFrom(environment: string): Promise<Deployed> {
      const env = {
        GITHUB_SERVER_URL: issuer.serverUrl,
        GITHUB_SHA: revision,
        ACTIONS_ID_TOKEN_REQUEST_URL: issuer.requestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.requestToken,
      };
      issuer.behaviour.claims = {
        ...asked,
        sha: revision,
        environment,
        sub: `repo:acme/shop:environment:${environment}`,
      };
      site.configure({ stage: { environment: 'production' } });
      return await site.deploy(revision, {}, { env });
    }

    test('deploys from a job that runs in it', async () => {
      const job = await deployFrom('production');
      expect(told(job)).toEqual([]);
      expect(job).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    });

    test('refuses a job of another one', async () => {
      const job = await deployFrom('staging');
      expectNoConnection(job);
      expect(told(job)[0]).toMatch(/^WRONG_ENVIRONMENT: /);
    });

    test('refuses a job that can prove nothing', async () => {
      site.configure({ stage: { environment: 'production' } });
      const job = await site.deploy(revision);
      expectNoConnection(job);
      expect(told(job)[0]).toMatch(/^ID_TOKEN_UNAVAILABLE: .*id-token: write/);
    });
  });

  test('a private key and a passphrase never stand in the log', async () => {
    const job = await site.deploy(revision, { 'ssh-passphrase': 'correct horse battery' });
    for (const line of fleet.privateKey.split('\n').filter((text) => text !== '' && !text.startsWith('-----')))
      expect(job.log).not.toContain(line);
    expect(job.log).not.toContain('correct horse battery');
  });
});
