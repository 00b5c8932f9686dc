import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Capistrano, setUpCapistrano } from '../rig/capistrano.ts';
import { type JobResult, runJob } from '../rig/job.ts';
import { lacking, suite } from '../rig/part.ts';
import { makeProject, serversOf } from '../rig/project.ts';
import { missing, startServers, type TestServer } from '../rig/sshd.ts';

suite('Capistrano and we in turn on one tree', missing() ?? lacking('cap'), () => {
  test('deploy, rollback and cleanup of each leave what the other needs', async () => {
    await using scene = await setUp({ keep: 2 });
    const { cap, ours, commit, tree } = scene;

    const first = commit('one');
    await cap('deploy');
    const one = tree.live();
    expect(tree.page()).toBe('one');

    // The release that Capistrano made live is taken over as healthy.
    const second = commit('two');
    const deployed = await ours(second);
    expect(deployed.outputs).toMatchObject({ result: 'deployed', 'previous-release': one });
    expect(deployed.log).toContain(`Rollback possible: yes, because release ${one} was good`);
    expect(tree.events(one)).toEqual(['adopted', 'superseded']);
    const two = tree.live();
    expect(tree.byTime()).toEqual([two, one]);

    // Rolls back from ours to its own, and deletes ours.
    const before = tree.own();
    await cap('deploy:rollback');
    expect(tree.live()).toBe(one);
    expect(tree.releases()).toEqual([one]);
    expect(existsSync(join(tree.root, `rolled-back-release-${two}.tar.gz`))).toBe(true);
    expect(tree.own()).toBe(before);
    expect(tree.log()).toBe(
      `Branch main (at ${first}) deployed as release ${one} by rig\nBranch main (at ${second}) deployed as release ${two} by octo\nrig rolled back to release ${one}\n`,
    );

    // The ledger says that `two` is healthy; what is on disk counts: it is neither live, nor a way back, nor unchanged.
    const check = await ours(second, { mode: 'check' });
    expect(check.log).toContain('Rollback possible: no');
    expect(check.log).not.toContain(two);
    const again = await ours(second);
    expect(again.outputs).toMatchObject({ result: 'deployed', 'previous-release': one });
    const three = tree.live();
    expect(three > two).toBe(true);
    expect(tree.releases()).toEqual([one, three]);
    expect(again.log).toContain(`because release ${one} was good`);

    // Capistrano's cleanup counts ours, and keeps what is live.
    await ours(commit('four'));
    const four = tree.live();
    await cap('deploy:cleanup');
    expect(tree.live()).toBe(four);
    expect(tree.releases()).toEqual([three, four]);
    const last = await ours(commit('five'));
    expect(last.outputs).toMatchObject({ result: 'deployed', 'previous-release': four });
    expect(tree.releases()).toEqual([four, tree.live()]);

    // And Capistrano goes on after us: its links, its log, its retention.
    commit('six');
    const left = tree.own();
    await cap('deploy');
    expect(tree.own()).toBe(left);
    expect(tree.page()).toBe('six');
    expect(readlinkSync(join(tree.root, 'current'))).toBe(join(tree.root, 'releases', tree.live()));
    expect(tree.releases()).toHaveLength(2);
    expect(readlinkSync(join(tree.root, 'current/log'))).toBe(join(tree.root, 'shared/log'));
    expect(existsSync(join(tree.root, 'shared/log/kept'))).toBe(true);
  }, 120_000);

  test('what a rollback with ROLLBACK_RELEASE went behind is no way back for us, and is not put live again', async () => {
    await using scene = await setUp({ keep: 5 });
    const { cap, ours, commit, tree } = scene;
    const one = commit('one');
    await ours(one);
    const first = tree.live();
    await ours(commit('two'));
    const second = tree.live();
    await ours(commit('three'));
    await cap('deploy:rollback', `ROLLBACK_RELEASE=${first}`);
    expect(tree.live()).toBe(first);
    expect(tree.releases()).toEqual([first, second]);

    // Ours that is live again counts as it did before: the same commit changes nothing.
    const same = await ours(one);
    expect(same.outputs).toMatchObject({ result: 'unchanged', release: first });

    const three = await ours(commit('four'));
    expect(three.outputs).toMatchObject({ result: 'deployed', 'previous-release': first });
    expect(three.log).toContain(`because release ${first} was good`);
    const check = await ours(one, { mode: 'check' });
    expect(check.log).toContain(`release ${first} was good`);
    expect(check.log).not.toContain(second);
  }, 120_000);

  test('a release that a dead run of ours left half live goes back to what was live before it, not to what was rolled back', async () => {
    await using scene = await setUp({ keep: 5, hooks: { published: [{ name: 'restart', run: 'cat index.html' }] } });
    const { cap, ours, commit, tree, sh } = scene;
    commit('one');
    await cap('deploy');
    const first = tree.live();

    // First of all our runs, and it dies between the switch and its proof: Capistrano's release is in no ledger yet.
    scene.configure({ hooks: { published: [{ name: 'restart', run: 'echo now; sleep 60' }] } });
    const dead = await ours(commit('two'), {}, { kill: { onLine: /\bnow$/ }, post: 'lost' });
    expect(dead.exitCode).toBeUndefined();
    const half = tree.live();
    expect(half).not.toBe(first);
    // Its lease has run out.
    sh("touch -d '1 day ago' .slipway/lock/owner.json");
    scene.configure({});
    const next = await ours(commit('three'));
    expect(next.log).toContain(`it goes from ${half} to ${first}`);
    expect(next.outputs).toMatchObject({ result: 'deployed', 'previous-release': first });
    expect(tree.releases()).toEqual([first, tree.live()]);
    await cap('deploy:rollback');
    expect(tree.live()).toBe(first);
  });

  test('what a dead run of ours left unfinished in releases/ is gone for Capistrano after our next deploy', async () => {
    await using scene = await setUp({ keep: 5 });
    const { cap, ours, commit, tree, sh } = scene;
    commit('one');
    await cap('deploy');
    const first = tree.live();
    scene.configure({ hooks: { updated: [{ name: 'build', run: 'echo now; sleep 60' }] } });
    await ours(commit('two'), {}, { kill: { onLine: /\bnow$/ }, post: 'lost' });
    expect(tree.byTime()).toEqual([first, expect.any(String)]);
    const [, unfinished] = tree.byTime() as [string, string];
    sh("touch -d '1 day ago' .slipway/lock/owner.json");
    scene.configure({});
    await ours(commit('three'));
    expect(tree.byTime()).toEqual([tree.live(), first]);
    expect(tree.events(unfinished)).toEqual(['preparing', 'failed']);
  });

  test('after failed deploys of ours, rollback of Capistrano goes to the release before the live one', async () => {
    await using scene = await setUp({ keep: 5 });
    const { cap, ours, commit, tree } = scene;
    commit('one');
    await cap('deploy');
    const first = tree.live();
    await ours(commit('two'));
    const second = tree.live();

    scene.configure({ hooks: { updated: [{ name: 'build', run: 'exit 3' }] } });
    expect((await ours(commit('three'))).outputs).toMatchObject({ result: 'failed' });
    expect(tree.byTime()).toEqual([second, first]);

    scene.configure({
      health: [{ name: 'up', run: '! grep -q ill index.html', interval: '100ms', deadline: '1s', healthy_after: 1 }],
    });
    expect((await ours(commit('ill'))).outputs).toMatchObject({ result: 'reverted' });
    expect(tree.live()).toBe(second);
    expect(tree.byTime()).toEqual([second, first]);
    const aside = readdirSync(join(tree.root, '.slipway/failed'));
    expect(aside).toHaveLength(1);

    await cap('deploy:rollback');
    expect(tree.live()).toBe(first);
    expect(tree.releases()).toEqual([first]);
    const chosen = await scene.attempt('deploy:rollback', `ROLLBACK_RELEASE=${aside[0]}`);
    expect(chosen.exitCode).toBe(1);
    expect(tree.live()).toBe(first);
  });

  test('a stale releases/current is removed, and deploys of Capistrano take effect again', async () => {
    await using scene = await setUp({ keep: 5 });
    const { cap, ours, commit, tree } = scene;
    commit('one');
    await cap('deploy');
    symlinkSync(join(tree.root, 'releases', tree.live()), join(tree.root, 'releases/current'));
    const repaired = await ours(commit('two'));
    expect(repaired.log).toContain('warning: s1 has a stale releases/current');
    expect(tree.page()).toBe('two');
    expect(existsSync(join(tree.root, 'releases/current'))).toBe(false);
    commit('three');
    await cap('deploy');
    expect(tree.page()).toBe('three');
  });

  test('releases that only revisions.log names are kept as published, those that failed under Capistrano are not counted', async () => {
    await using scene = await setUp({ keep: 2 });
    const { ours, commit, tree, sh } = scene;
    const revision = commit('one');
    // Four of Capistrano's releases: the third failed before it was published.
    const [oldest, older, failed, live] = [
      '20250101000001',
      '20250101000002',
      '20250101000003',
      '20250101000004',
    ] as const;
    for (const id of [oldest, older, failed, live])
      sh(
        `mkdir -p releases/${id} shared/log; echo ${id} >releases/${id}/index.html; echo ${revision} >releases/${id}/REVISION`,
      );
    for (const id of [oldest, older, live])
      sh(`echo "Branch main (at ${revision}) deployed as release ${id} by rig" >>revisions.log`);
    sh(`ln -s $PWD/releases/${live} current`);
    await ours(commit('two'));
    expect(tree.releases()).toEqual([live, tree.live()]);
    expect(tree.events(live)).toEqual(['adopted', 'superseded']);
    expect(tree.events(failed)).toEqual(['pruned']);
    expect(tree.events(older)).toEqual(['pruned']);
  });

  test.each([
    ['relative', 'releases/20250101000001'],
    ['with a slash at its end', '$PWD/releases/20250101000001/'],
  ])('a current that is %s is the release it leads to', async (_, target) => {
    await using scene = await setUp({ keep: 5 });
    const { cap, ours, commit, tree, sh } = scene;
    sh(
      `mkdir -p releases/20250101000001 shared; echo zero >releases/20250101000001/index.html; ln -s ${target} current`,
    );
    const run = await ours(commit('one'));
    expect(run.outputs).toMatchObject({ result: 'deployed', 'previous-release': '20250101000001' });
    await cap('deploy:cleanup');
    expect(tree.page()).toBe('one');
  });

  test.each([
    ['elsewhere', '/opt/by-hand'],
    ['to nothing', 'releases/20250101000001'],
  ])('a current that leads %s is replaced, and is as it was after a run that is put back', async (_, target) => {
    await using scene = await setUp({ keep: 5 });
    const { ours, commit, tree, sh } = scene;
    sh(`mkdir -p releases shared; ln -s ${target} current`);
    scene.configure({ health: [{ name: 'up', run: 'false', interval: '100ms', deadline: '1s', healthy_after: 1 }] });
    expect((await ours(commit('one'))).outputs).toMatchObject({ result: 'reverted' });
    expect(readlinkSync(join(tree.root, 'current'))).toBe(target);
    expect(readdirSync(join(tree.root, '.slipway')).filter((name) => name.startsWith('switch.'))).toEqual([]);
    scene.configure({});
    expect((await ours(commit('two'))).outputs).toMatchObject({ result: 'deployed' });
    expect(tree.page()).toBe('two');
  });

  test('a current that is a directory is refused before anything is changed', async () => {
    await using scene = await setUp({ keep: 5 });
    const { ours, commit, tree, sh } = scene;
    sh('mkdir -p releases shared current; echo mine >current/index.html');
    const run = await ours(commit('one'));
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain('CURRENT_NOT_A_LINK');
    expect(tree.page()).toBe('mine');
    expect(readdirSync(tree.root).toSorted()).toEqual(['current', 'releases', 'shared']);
  });
});

interface Tree {
  readonly root: string;
  /** The release that `current` leads to. */
  live(): string;
  /** What visitors read. */
  page(): string;
  /** By name. */
  releases(): string[];
  /** As Capistrano's rollback lists them. */
  byTime(): string[];
  log(): string;
  /** Everything in `.slipway`, with contents. */
  own(): string;
  /** The ledger's events of a release, in order. */
  events(release: string): string[];
}

interface Scene extends AsyncDisposable {
  readonly tree: Tree;
  commit(page: string): string;
  configure(more: Readonly<Record<string, unknown>>): void;
  /** Ours, of that commit. */
  ours(
    revision: string,
    inputs?: Readonly<Record<string, string>>,
    more?: Partial<Parameters<typeof runJob>[0]>,
  ): Promise<JobResult>;
  /** Capistrano, and it has to succeed. */
  cap(...words: readonly string[]): Promise<void>;
  attempt: Capistrano['cap'];
  /** In `deploy_to`. */
  sh(text: string): void;
}

async function setUp(told: { readonly keep: number; readonly hooks?: unknown }): Promise<Scene> {
  const fleet = await startServers({ count: 1 });
  const project = makeProject();
  const server = fleet.servers[0] as TestServer;
  const capistrano = setUpCapistrano({
    fleet,
    server,
    repository: project.path,
    keepReleases: told.keep,
    linkedDirs: ['log'],
  });
  const configure = (more: Readonly<Record<string, unknown>>): void =>
    project.configure({
      application: 'shop',
      deploy_to: '/srv/shop',
      linked_dirs: ['log'],
      keep_releases: told.keep,
      stages: { test: { servers: serversOf(fleet) } },
      ...more,
    });
  configure(told.hooks === undefined ? {} : { hooks: told.hooks });
  mkdirSync(join(server.root, 'shared/log'), { recursive: true });
  writeFileSync(join(server.root, 'shared/log/kept'), '');
  return {
    tree: treeOf(server.root),
    commit: (page) => project.commit({ 'index.html': `${page}\n` }),
    configure,
    ours: (revision, inputs = {}, more = {}) =>
      runJob({
        action: 'deploy',
        workspace: project.path,
        with: { 'ssh-private-key': fleet.privateKey, 'known-hosts': fleet.knownHosts, ...inputs },
        env: { GITHUB_SHA: revision },
        ...more,
      }),
    cap: async (...words) => {
      const run = await capistrano.cap(...words);
      expect(run.exitCode, run.said).toBe(0);
    },
    attempt: capistrano.cap,
    sh: (text) => void execFileSync('sh', ['-euc', text], { cwd: server.root }),
    [Symbol.asyncDispose]: async () => {
      capistrano[Symbol.dispose]();
      project[Symbol.dispose]();
      await fleet[Symbol.asyncDispose]();
    },
  };
}

function treeOf(root: string): Tree {
  const run = (text: string): string => execFileSync('sh', ['-euc', text], { cwd: root, encoding: 'utf8' });
  const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
  return {
    root,
    live: () => basename(readlinkSync(join(root, 'current'))),
    page: () => readFileSync(join(root, 'current/index.html'), 'utf8').trim(),
    releases: () => readdirSync(join(root, 'releases')).toSorted(),
    byTime: () => words(run('ls -xt releases')),
    log: () => readFileSync(join(root, 'revisions.log'), 'utf8'),
    own: () => run('find .slipway -ls; find .slipway -type f -exec sha256sum {} + | sort -k2'),
    events: (release) =>
      readFileSync(join(root, '.slipway/ledger.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly release: string; readonly event: string })
        .flatMap((line) => (line.release === release ? [line.event] : [])),
  };
}
