import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suite } from '../rig/part.ts';
import type { Site } from '../rig/site.ts';
import { makeSite } from '../rig/site.ts';
import type { TestServers } from '../rig/sshd.ts';
import { missing, startServers } from '../rig/sshd.ts';

/** Well, unless the release says that it is broken; and one hook on each side of the switch. */
const usual = {
  linked_dirs: ['log'],
  hooks: {
    updated: [{ name: 'build', run: 'echo building $SLIPWAY_RELEASE on $SLIPWAY_SERVER; echo built > built' }],
    published: [{ name: 'restart', run: 'cat REVISION >> "$(dirname "$(pwd -P)")/../shared/log/restarts"' }],
  },
  health: [{ name: 'up', run: '! grep -q broken index.html', interval: '1s', deadline: '1s', healthy_after: 1 }],
};

function states(deployed: { readonly hosts: Readonly<Record<string, { readonly state: string }>> }): string[] {
  return Object.values(deployed.hosts).map(({ state }) => state);
}

suite('five servers', missing(), () => {
  let fleet: TestServers;
  beforeAll(async () => {
    fleet = await startServers({ count: 5 });
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  describe('one after another', () => {
    let site: Site;
    let revisions: string[] = [];
    let ids: string[] = [];
    beforeAll(() => {
      site = makeSite(fleet);
      site.configure(usual);
    });
    afterAll(() => site[Symbol.dispose]());

    test('a first deploy makes the release live on every server, with one connection and at most eight programs', async () => {
      revisions = [site.commit({ 'index.html': 'one\n', 'bin/tool': 'x\n' })];
      const job = await site.deploy(revisions[0] ?? '');
      ids = [job.outputs['release'] ?? ''];
      expect(job).toMatchObject({
        exitCode: 0,
        outputs: { result: 'deployed', 'previous-release': '', 'failed-hosts': '' },
        post: { exitCode: 0, log: '' },
      });
      expect(job.log).toContain('building');
      for (const tree of site.trees) {
        expect(tree.link()).toBe(`${tree.root}/releases/${ids[0]}`);
        expect(tree.text('current/REVISION')).toBe(`${revisions[0]}\n`);
        expect(tree.text('current/REVISION_TIME')).toBe(
          `${site.project.git('show', '-s', '--format=%ct', revisions[0] ?? '')}\n`,
        );
        expect(tree.text('current/index.html')).toBe('one\n');
        expect(tree.text('shared/log/restarts')).toBe(`${revisions[0]}\n`);
        expect(tree.events(ids[0])).toEqual(['preparing', 'prepared', 'live', 'healthy']);
        expect(tree.text('revisions.log')).toBe(
          `Branch ${revisions[0]} (at ${revisions[0]}) deployed as release ${ids[0]} by octo\n`,
        );
        expect(tree.releases()).toEqual(ids);
        expect(tree.names()).toEqual(['.slipway', 'current', 'releases', 'revisions.log', 'shared']);
        expect(tree.names('.slipway')).toEqual(['failed', 'incoming', 'ledger.jsonl', 'manifests', 'rollback']);
        expect(tree.names('.slipway/incoming')).toEqual([]);
        expect(statSync(tree.path('.slipway')).mode & 0o777).toBe(0o700);
        expect(job.hosts[tree.name]).toMatchObject({ state: 'healthy', live: ids[0], in_doubt: false });
        expect(job.spent[tree.name]?.connections).toBe(1);
        expect(job.spent[tree.name]?.execs).toBeLessThanOrEqual(8);
      }
    });

    test('the same again does nothing, with three programs a server and a session that waited in vain', async () => {
      const job = await site.deploy(revisions[0] ?? '');
      expect(job).toMatchObject({
        exitCode: 0,
        outputs: { result: 'unchanged', release: ids[0] },
        post: { exitCode: 0, log: '' },
      });
      for (const tree of site.trees) {
        expect(tree.releases()).toEqual(ids);
        expect(tree.locked()).toBe(false);
        expect(tree.ledger()).toHaveLength(4);
        expect(job.spent[tree.name]).toEqual({ connections: 1, execs: 4 });
      }
    });

    test('a change goes live as a newer release, and the branch of the job stands in revisions.log', async () => {
      revisions.push(site.commit({ 'index.html': 'two\n' }));
      const job = await site.deploy(revisions[1] ?? '', {}, { env: { GITHUB_SHA: revisions[1] ?? '' } });
      ids.push(job.outputs['release'] ?? '');
      expect(job).toMatchObject({ exitCode: 0, outputs: { result: 'deployed', 'previous-release': ids[0] } });
      for (const tree of site.trees) {
        expect(tree.live()).toBe(ids[1]);
        expect(tree.releases()).toEqual(ids);
        expect(tree.events(ids[0])).toEqual(['preparing', 'prepared', 'live', 'healthy', 'superseded']);
        expect(tree.events(ids[1])).toEqual(['preparing', 'prepared', 'live', 'healthy']);
        expect(tree.text('revisions.log').split('\n')[1]).toBe(
          `Branch main (at ${revisions[1]}) deployed as release ${ids[1]} by octo`,
        );
        const [older = 0, newer = 0] = ids.map((id) => statSync(tree.path('releases', id)).mtimeMs);
        expect(newer).toBeGreaterThan(older);
        expect(job.spent[tree.name]?.execs).toBeLessThanOrEqual(8);
      }
    });

    test('a release that does not get well is put back on every server, and never stands in the way of Capistrano', async () => {
      const bad = site.commit({ 'index.html': 'broken\n' });
      const job = await site.deploy(bad);
      const failed = job.outputs['release'] ?? '';
      expect(job).toMatchObject({
        exitCode: 1,
        outputs: { result: 'reverted', 'previous-release': ids[1], 'failed-hosts': 's1,s2,s3,s4,s5' },
      });
      for (const tree of site.trees) {
        expect(job.hosts[tree.name]).toMatchObject({ state: 'reverted', live: ids[1] });
        expect(tree.live()).toBe(ids[1]);
        expect(tree.releases()).toEqual(ids);
        expect(tree.names('.slipway/failed')).toEqual([failed]);
        expect(tree.events(failed)).toEqual(['preparing', 'prepared', 'live', 'failed']);
        expect(tree.text('shared/log/restarts').trimEnd().split('\n').at(-1)).toBe(revisions[1]);
        expect(tree.text('revisions.log')).not.toContain(failed);
        expect(tree.locked()).toBe(false);
        expect(job.spent[tree.name]).toMatchObject({ connections: 1 });
      }
    });

    test('`force` makes a new release of what is live', async () => {
      const job = await site.deploy(revisions[1] ?? '', { force: 'true' });
      ids.push(job.outputs['release'] ?? '');
      expect(job).toMatchObject({ exitCode: 0, outputs: { result: 'deployed', 'previous-release': ids[1] } });
      for (const tree of site.trees) expect(tree.live()).toBe(ids[2]);
    });

    test('an older revision is refused before anything is changed, and goes live with `force`', async () => {
      const refused = await site.deploy(revisions[0] ?? '');
      expect(refused).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
      expect(refused.log).toContain('POLICY_DOWNGRADE');
      for (const tree of site.trees)
        expect([tree.live(), tree.locked(), refused.hosts[tree.name]?.state]).toEqual([ids[2], false, 'untouched']);
      const forced = await site.deploy(revisions[0] ?? '', { force: 'true' });
      expect(forced).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
      for (const tree of site.trees) expect(tree.text('current/REVISION')).toBe(`${revisions[0]}\n`);
    });
  });

  test('a first deploy that fails removes `current` again and says that nothing was live', async () => {
    using site = makeSite(fleet);
    site.configure(usual);
    const job = await site.deploy(site.commit({ 'index.html': 'broken\n' }));
    expect(job).toMatchObject({ exitCode: 1, outputs: { result: 'reverted', 'previous-release': '' } });
    expect(job.log).toContain(
      'No release was live before this first deploy, and none is now; this was read back from every server.',
    );
    for (const tree of site.trees) {
      expect([tree.live(), tree.releases(), tree.locked()]).toEqual([undefined, [], false]);
      expect(tree.names()).not.toContain('current');
      expect(job.hosts[tree.name]).toMatchObject({ state: 'reverted', live: null });
    }
  });

  test('a second batch is not touched when the first does not get well', async () => {
    using site = makeSite(fleet);
    site.configure(usual);
    const first = await site.deploy(site.commit({ 'index.html': 'one\n' }));
    const old = first.outputs['release'] ?? '';
    site.configure({ ...usual, strategy: { batches: [1, '50%', '100%'] } });
    const job = await site.deploy(site.commit({ 'index.html': 'broken\n' }));
    expect(job).toMatchObject({ exitCode: 1, outputs: { result: 'reverted', 'failed-hosts': 's1' } });
    expect(states(job)).toEqual(['reverted', 'untouched', 'untouched', 'untouched', 'untouched']);
    for (const tree of site.trees) {
      expect([tree.live(), tree.releases(), tree.locked()]).toEqual([old, [old], false]);
      expect(tree.events(job.outputs['release']).includes('live')).toBe(tree.name === 's1');
    }
    const well = await site.deploy(site.commit({ 'index.html': 'three\n' }));
    expect(well.log).toMatch(
      /health of batch 1\n[\s\S]*switch batch 2 of 3\n[\s\S]*health of batch 2\n[\s\S]*switch batch 3 of 3\n[\s\S]*health of batch 3\n[\s\S]*verify\n/,
    );
    for (const tree of site.trees) expect(tree.live()).toBe(well.outputs['release']);
  });

  test('as many good releases as asked for are kept, and two of the failed ones', async () => {
    using site = makeSite(fleet, { servers: fleet.servers.slice(0, 1) });
    site.configure({ ...usual, keep_releases: 2 });
    const [tree] = site.trees;
    const good: string[] = [];
    const bad: string[] = [];
    for (const text of ['1', 'broken 1', '2', 'broken 2', 'broken 3', '3', '4']) {
      const job = await site.deploy(site.commit({ 'index.html': text }));
      (text.startsWith('broken') ? bad : good).push(job.outputs['release'] ?? '');
    }
    expect(tree?.releases()).toEqual(good.slice(-2));
    expect(tree?.names('.slipway/failed')).toEqual(bad.slice(-2));
    expect(tree?.events(good[0])).toEqual(['preparing', 'prepared', 'live', 'healthy', 'superseded', 'pruned']);
    expect(tree?.names('.slipway/manifests').filter((name) => name.startsWith(good[0] ?? ''))).toEqual([]);
    expect(tree?.live()).toBe(good.at(-1));
  });

  test('one server that cannot be reached is left out where that is allowed, and rejoins with the next run', async () => {
    using site = makeSite(fleet);
    const allowing = { ...usual, strategy: { unreachable_allowed: 1 } };
    site.configure(allowing);
    const first = await site.deploy(site.commit({ 'index.html': 'one\n' }));
    const old = first.outputs['release'] ?? '';
    const gone = site.tree('s4');
    await gone.server.stop();
    const next = site.commit({ 'index.html': 'two\n' });
    const job = await site.deploy(next).finally(() => gone.server.start());
    const middle = job.outputs['release'] ?? '';
    expect(job).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    expect(states(job)).toEqual(['healthy', 'healthy', 'healthy', 'absent', 'healthy']);
    expect(job.summary).toContain('Left out, because unreachable: s4.');
    expect(job.annotations).toMatchObject([
      { name: 'warning', properties: { title: 'shop on test' }, value: expect.stringMatching(/^s4 is left out: /) },
    ]);
    expect([gone.live(), site.tree('s1').live()]).toEqual([old, middle]);
    expect(site.tree('s1').events(middle)).toContain('absent s4');
    const back = await site.deploy(next);
    expect(back).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    for (const tree of site.trees) expect(tree.live()).toBe(back.outputs['release']);
    expect(site.tree('s1').events(back.outputs['release'])).toContain('rejoined s4');
    const still = await site.deploy(next);
    expect(still.outputs['result']).toBe('unchanged');
  });

  test.each([
    ['hold.json', 'on hold'],
    ['quarantine.json', 'in quarantine'],
  ])('a revision in the %s of one server is refused, forced or not', async (file, words) => {
    using site = makeSite(fleet, { servers: fleet.servers.slice(0, 2) });
    site.configure(usual);
    const first = await site.deploy(site.commit({ 'index.html': 'one\n' }));
    const held = site.commit({ 'index.html': 'two\n' });
    writeFileSync(site.tree('s2').path('.slipway', file), JSON.stringify({ revisions: [held] }));
    const later = site.commit({ 'index.html': 'three\n' });
    for (const [revision, more] of [
      [held, {}],
      [later, {}],
      [held, { force: 'true' }],
    ] as const) {
      const job = await site.deploy(revision, more);
      expect(job).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
      expect(job.log).toContain(`REVISION_HELD on s2: ${revision} is ${words}`);
      for (const tree of site.trees) expect([tree.live(), tree.locked()]).toEqual([first.outputs['release'], false]);
    }
    rmSync(site.tree('s2').path('.slipway', file));
    expect((await site.deploy(later)).outputs['result']).toBe('deployed');
  });

  test('hooks run where, how often and with what they ask for', async () => {
    using site = makeSite(fleet, { servers: fleet.servers.slice(0, 4), server: (server) => roles[server.name] ?? {} });
    const note = (word: string): string =>
      `echo "${word} $SLIPWAY_SERVER $SLIPWAY_ROLES $COLOUR" >> ${site.tree('s1').path('notes')}`;
    const hooks = {
      starting: [{ name: 'ask', local: 'echo "asked in $(pwd) with $COLOUR"; echo asked > asked' }],
      updated: [
        { name: 'migrate', run: note('migrate'), once: true, when: { changed: ['db/**'] } },
        { name: 'build', run: note('build'), roles: ['worker'] },
      ],
      published: [
        { name: 'restart', run: note('restart'), max_parallel: 1 },
        { name: 'purge', run: note('purge'), roles: ['cache'] },
      ],
    };
    site.configure({ ...usual, hooks, default_env: { COLOUR: 'green' } });
    const notes = (): string[] => site.tree('s1').text('notes').trimEnd().split('\n');
    const job = await site.deploy(site.commit({ 'index.html': 'one\n', 'db/1.sql': '' }));
    expect(job).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    expect(job.log).toContain(`asked in ${site.project.path} with green`);
    expect(notes()).toEqual([
      'migrate s2 worker,db green',
      'build s2 worker,db green',
      'restart s1 web green',
      'restart s2 worker,db green',
      'restart s3 web green',
      'purge s4 cache green',
    ]);
    expect(Object.keys(job.hosts)).toEqual(['s1', 's2', 's3']);
    expect(site.tree('s4').names()).toEqual([]);
    await site.deploy(site.commit({ 'index.html': 'two\n' }));
    expect(notes().filter((line) => line.startsWith('migrate'))).toHaveLength(1);
    const migrating = await site.deploy(site.commit({ 'index.html': 'broken\n', 'db/2.sql': '' }));
    expect(migrating.outputs['result']).toBe('reverted');
    expect(migrating.log).toContain('Migrations that ran stay done: migrate.');
  });

  test('a hook that takes too long is ended with all that it started', async () => {
    using site = makeSite(fleet, { servers: fleet.servers.slice(0, 2) });
    const hooks = {
      updated: [{ name: 'hang', run: 'sleep 600 & echo $! > "$(dirname "$(pwd -P)")/../hung"; wait', timeout: '1s' }],
    };
    site.configure({ ...usual, hooks });
    const job = await site.deploy(site.commit({ 'index.html': 'one\n' }));
    expect(job).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
    expect(job.log).toContain(
      'HOOK_TIMEOUT on s1 and s2: the hook updated: hang took longer than 1.0 s and was ended with its process group',
    );
    for (const tree of site.trees) {
      expect(isAlive(Number(tree.text('hung')))).toBe(false);
      expect([tree.live(), tree.locked(), tree.releases()]).toEqual([undefined, false, []]);
    }
  });
});

const roles: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  s2: { roles: ['worker', 'db'], primary: true },
  s4: { roles: ['cache'], no_release: true },
};

/** A process that has ended may still wait for its parent to ask how. */
function isAlive(id: number): boolean {
  const path = `/proc/${id}/stat`;
  return existsSync(path) && !/\) Z /.test(readFileSync(path, 'utf8'));
}

suite('servers that let nobody through to a probe', missing(), () => {
  test('are found before anything is changed', async () => {
    await using fleet = await startServers({ count: 2, config: ['AllowTcpForwarding no'] });
    using site = makeSite(fleet);
    site.configure(usual);
    const first = await site.deploy(site.commit({ 'index.html': 'one\n' }));
    site.configure({
      ...usual,
      health: [{ name: 'web', http: 'http://127.0.0.1:9/up', interval: '1s', deadline: '1s', healthy_after: 1 }],
    });
    const job = await site.deploy(site.commit({ 'index.html': 'two\n' }));
    expect(job).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
    expect(job.log).toContain('HEALTH_UNKNOWN on s1');
    expect(job.log).toContain('AllowTcpForwarding yes');
    for (const tree of site.trees) expect([tree.live(), tree.locked()]).toEqual([first.outputs['release'], false]);
  });
});

for (const shell of ['dash', 'busybox'] as const) {
  suite(`two servers with nothing but ${shell}`, missing(shell), () => {
    test('take a deploy, another one, and a broken one', async () => {
      await using fleet = await startServers({ count: 2, shell });
      using site = makeSite(fleet);
      site.configure(usual);
      const first = await site.deploy(site.commit({ 'index.html': 'one\n' }));
      const second = await site.deploy(site.commit({ 'index.html': 'two\n' }));
      const broken = await site.deploy(site.commit({ 'index.html': 'broken\n' }));
      expect([first, second, broken].map(({ outputs }) => outputs['result'])).toEqual([
        'deployed',
        'deployed',
        'reverted',
      ]);
      for (const tree of site.trees)
        expect([tree.live(), tree.names('.slipway/failed')]).toEqual([
          second.outputs['release'],
          [broken.outputs['release']],
        ]);
    });
  });
}
