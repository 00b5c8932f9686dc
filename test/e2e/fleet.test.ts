import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suite } from './part.ts';
import type { Site } from './site.ts';
import { makeSite } from './site.ts';
import type { TestServers } from './sshd.ts';
import { missing, startServers } from './sshd.ts';

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
      expect(job).toMatchObject({ exitCode: 0, outputs: { result: 'deployed', 'previous-release': '', 'failed-hosts': '' }, post: { exitCode: 0, log: '' } });
      expect(job.log).toContain('building');
      for (const tree of site.trees) {
        expect(tree.link()).toBe(`${tree.root}/releases/${ids[0]}`);
        expect(tree.text('current/REVISION')).toBe(`${revisions[0]}\n`);
        expect(tree.text('current/REVISION_TIME')).toBe(`${site.project.git('show', '-s', '--format=%ct', revisions[0] ?? '')}\n`);
        expect(tree.text('current/index.html')).toBe('one\n');
        expect(tree.text('shared/log/restarts')).toBe(`${revisions[0]}\n`);
        expect(tree.events(ids[0])).toEqual(['preparing', 'prepared', 'live', 'healthy']);
        expect(tree.text('revisions.log')).toBe(`Branch ${revisions[0]} (at ${revisions[0]}) deployed as release ${ids[0]} by octo\n`);
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

    test('the same again does nothing, with at most three programs a server', async () => {
      const job = await site.deploy(revisions[0] ?? '');
      expect(job).toMatchObject({ exitCode: 0, outputs: { result: 'unchanged', release: ids[0] }, post: { exitCode: 0, log: '' } });
      for (const tree of site.trees) {
        expect(tree.releases()).toEqual(ids);
        expect(tree.locked()).toBe(false);
        expect(tree.ledger()).toHaveLength(4);
        expect(job.spent[tree.name]).toEqual({ connections: 1, execs: 3 });
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
        expect(tree.text('revisions.log').split('\n')[1]).toBe(`Branch main (at ${revisions[1]}) deployed as release ${ids[1]} by octo`);
        const [older = 0, newer = 0] = ids.map((id) => statSync(tree.path('releases', id)).mtimeMs);
        expect(newer).toBeGreaterThan(older);
        expect(job.spent[tree.name]?.execs).toBeLessThanOrEqual(8);
      }
    });

    test('a release that does not get well is put back on every server, and never stands in the way of Capistrano', async () => {
      const bad = site.commit({ 'index.html': 'broken\n' });
      const job = await site.deploy(bad);
      const failed = job.outputs['release'] ?? '';
      expect(job).toMatchObject({ exitCode: 1, outputs: { result: 'reverted', 'previous-release': ids[1], 'failed-hosts': 's1,s2,s3,s4,s5' } });
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
      for (const tree of site.trees) expect([tree.live(), tree.locked(), refused.hosts[tree.name]?.state]).toEqual([ids[2], false, 'untouched']);
      const forced = await site.deploy(revisions[0] ?? '', { force: 'true' });
      expect(forced).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
      for (const tree of site.trees) expect(tree.text('current/REVISION')).toBe(`${revisions[0]}\n`);
    });
  });
});
