import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { suite } from '../rig/part.ts';
import { makeSite, type Tree } from '../rig/site.ts';
import { missing, startServers, type TestServers } from '../rig/sshd.ts';

const root = userInfo().uid === 0;

/**
 * Runs the script on a server as its user. Where that is root, which is refused, the tree belongs to somebody else for
 * that long.
 */
function goBack(tree: Tree, fleet: TestServers): string {
  const nobody = 65_534;
  const give = (owner: number): void =>
    void (root && execFileSync('chown', ['-R', '-h', `${owner}:${owner}`, tree.root]));
  for (const folder of [fleet.folder, tree.server.home, dirname(tree.root)]) chmodSync(folder, 0o755);
  give(nobody);
  try {
    return execFileSync(tree.path('.slipway/rollback'), ['--yes'], {
      encoding: 'utf8',
      cwd: '/',
      ...(root ? { uid: nobody, gid: nobody } : {}),
    });
  } finally {
    give(0);
  }
}

suite('the break-glass script', missing(), () => {
  let fleet: TestServers;
  beforeAll(async () => {
    fleet = await startServers({ count: 2 });
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  test('is written by every deploy, goes back alone, and the next deploy knows of it', async () => {
    using site = makeSite(fleet);
    site.configure({ hooks: { published: [{ name: 'restart', run: 'cat REVISION >> ../../restarts' }] } });
    const old = site.commit({ 'index.html': 'old\n' });
    const before = (await site.deploy(old)).outputs['release'];
    const bad = (await site.deploy(site.commit({ 'index.html': 'bad\n' }))).outputs['release'];
    const [first, second] = site.trees;
    if (first === undefined || second === undefined) throw new Error('the site has two servers');
    expect(statSync(first.path('.slipway/rollback')).mode & 0o777).toBe(0o700);

    expect(goBack(first, fleet)).toContain(`rolling back from ${bad} to ${before}`);
    expect([first.live(), second.live()]).toEqual([before, bad]);
    expect(first.text('current/index.html')).toBe('old\n');
    expect(first.text('restarts').trimEnd().split('\n').at(-1)).toBe(old);
    expect(first.locked()).toBe(false);

    const next = await site.deploy(site.commit({ 'index.html': 'good\n' }));
    expect(next).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    expect(next.log).toContain(`rolled back from ${bad} to ${before} on ${first.name} by hand`);
    expect(next.log).toContain('the fleet is diverged');
    expect(first.events(bad).at(-1)).toBe('rolled_back');
    expect(first.events(before).slice(-3)).toEqual(['live', 'adopted', 'superseded']);
    expect(existsSync(first.path('.slipway/break-glass.log'))).toBe(false);
    expect([first.live(), second.live()]).toEqual([next.outputs['release'], next.outputs['release']]);
    const quiet = await site.deploy(site.commit({ 'index.html': 'better\n' }));
    expect(quiet.log).not.toContain('by hand');
    for (const { execs } of Object.values(quiet.spent)) expect(execs).toBeLessThanOrEqual(8);
  });
});
