import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { suite } from '../rig/part.ts';
import { makeSite, type Site } from '../rig/site.ts';
import { missing, startServers, type TestServers } from '../rig/sshd.ts';

/**
 * On the second server the build waits until the first is prepared, says so, and hangs; after the test has said `go on`
 * it does not.
 */
function hooks(site: Site): Readonly<Record<string, unknown>> {
  const [first, second] = site.trees;
  const hang = `while ! grep -q "$SLIPWAY_RELEASE.*prepared" ${first?.path('.slipway/ledger.jsonl')}; do sleep 0.1; done; echo the first is prepared; sleep 100`;
  return {
    updated: [
      { name: 'migrate', run: 'echo migrated >> ../../shared/migrations', once: true },
      {
        name: 'build',
        run: `echo built >> built\nif [ $SLIPWAY_SERVER = ${second?.name} ] && [ ! -e ../../shared/go-on ]; then ${hang}; fi`,
      },
    ],
  };
}

/** GitHub, which says that every attempt has ended. */
async function startGitHub(): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const [, run] = /\/actions\/runs\/(\d+)\/attempts\/\d+$/.exec(request.url ?? '') ?? [];
    response
      .writeHead(run === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ id: Number(run), status: 'completed' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: stop };
}

suite('a job that was killed together with its post step', missing(), () => {
  let fleet: TestServers;
  beforeAll(async () => {
    fleet = await startServers({ count: 2 });
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  /**
   * A site with a live release, and one that a killed attempt has left: complete on the first server, being built on
   * the second.
   */
  async function killed() {
    const site = makeSite(fleet);
    const github = await startGitHub();
    const before = await deployOld(site);
    const revision = site.commit({ 'index.html': 'new\n' });
    const env = { GITHUB_API_URL: github.url, GITHUB_RUN_ID: '9002', GITHUB_RUN_NUMBER: '18' };
    const job = await site.deploy(revision, {}, { env, kill: { onLine: 'the first is prepared' }, post: 'lost' });
    const dispose = async (): Promise<void> => {
      site[Symbol.dispose]();
      await github[Symbol.asyncDispose]();
    };
    return { site, before, revision, job, env, [Symbol.asyncDispose]: dispose };
  }

  /** A first release, made without hooks. */
  async function deployOld(site: Site): Promise<string> {
    site.configure({});
    const job = await site.deploy(site.commit({ 'index.html': 'old\n' }));
    site.configure({ hooks: hooks(site) });
    return job.outputs['release'] ?? '';
  }

  test('goes on in its next attempt under the same id, and does nothing twice', async () => {
    await using scene = await killed();
    const { site, before } = scene;
    const [first, second] = site.trees;
    expect(scene.job.exitCode).toBeUndefined();
    expect(site.trees.map((tree) => tree.live())).toEqual([before, before]);
    const release = first?.releases().at(-1);
    writeFileSync(second?.path('shared/go-on') ?? '', '');

    const again = await site.deploy(scene.revision, {}, { env: { ...scene.env, GITHUB_RUN_ATTEMPT: '2' } });
    expect(again).toMatchObject({ exitCode: 0, outputs: { result: 'deployed', release, 'previous-release': before } });
    expect(again.log).toContain(`release ${release} is resumed`);
    expect(again.log.split('\n').filter((line) => / upload \(/.test(line))).toHaveLength(1);
    expect(site.trees.map((tree) => tree.text('current/index.html'))).toEqual(['new\n', 'new\n']);
    expect(site.trees.map((tree) => tree.text('current/built'))).toEqual(['built\n', 'built\n']);
    expect(first?.text('shared/migrations')).toBe('migrated\n');
    expect(second !== undefined && existsSync(second.path('shared/migrations'))).toBe(false);
    expect(first?.events(release)).toEqual(['preparing', 'preparing', 'prepared', 'live', 'healthy']);
    expect(second?.events(release)).toEqual(['preparing', 'preparing', 'prepared', 'live', 'healthy']);
    expect(site.trees.map((tree) => tree.locked())).toEqual([false, false]);
  });

  test('leaves nothing to a job that deploys something else: what it left goes away', async () => {
    await using scene = await killed();
    const { site } = scene;
    const [first, second] = site.trees;
    const left = first?.releases().at(-1) ?? '';
    writeFileSync(second?.path('shared/go-on') ?? '', '');
    const other = await site.deploy(
      site.commit({ 'index.html': 'newer\n' }),
      {},
      { env: { ...scene.env, GITHUB_RUN_ID: '9003', GITHUB_RUN_NUMBER: '19' } },
    );
    expect(other).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    expect(other.outputs['release']).not.toBe(left);
    expect(other.log).toContain(`release ${left} is not resumed: it is of another run`);
    for (const tree of site.trees) {
      expect(tree.releases()).not.toContain(left);
      expect(tree.names('.slipway/incoming')).toEqual([]);
      expect(tree.events(left).at(-1)).toBe('failed');
    }
  });
});
