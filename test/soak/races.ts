import { makeSite } from '../rig/site.ts';
import { startServers } from '../rig/sshd.ts';

/**
 * 20 times two whole actions that deploy different commits to the same two servers at once. The later one waits, and
 * its release is live.
 */
export async function soakRaces(share: number): Promise<readonly string[]> {
  await using fleet = await startServers({ count: 2 });
  using site = makeSite(fleet);
  site.configure({ lock: { wait: '5m' }, keep_releases: 3 });
  const wrong: string[] = [];
  const rounds = Math.ceil(20 / share);
  for (let round = 1; round <= rounds; round += 1) {
    const revisions = [0, 1].map((side) => site.commit({ 'index.html': `round ${round}, side ${side}\n` }));
    // As two jobs of which none is older than the other: each has a checkout of its own commit, and `force` lets the
    // order be.
    const jobs = await Promise.all(
      revisions.map((revision, side) =>
        site.deploy(revision, { force: 'true' }, { env: { GITHUB_RUN_ID: String(9000 + 2 * round + side) } }),
      ),
    );
    for (const [side, job] of jobs.entries())
      if (job.outputs['result'] !== 'deployed')
        wrong.push(`round ${round}, side ${side}: ${job.outputs['result']}\n${job.log}`);
    const ids = jobs.map((job) => job.outputs['release'] ?? '');
    const newest = [...ids].sort().at(-1);
    for (const tree of site.trees) {
      if (tree.live() !== newest) wrong.push(`round ${round}: ${tree.name} runs ${tree.live()}, not ${newest}`);
      if (tree.text('current/REVISION').trim() !== revisions[ids.indexOf(newest ?? '')])
        wrong.push(`round ${round}: ${tree.name} runs files of another commit`);
      if (tree.locked()) wrong.push(`round ${round}: ${tree.name} is locked`);
    }
    if (ids[0] === ids[1]) wrong.push(`round ${round}: both made release ${ids[0]}`);
  }
  console.log(`  ${rounds} rounds of two actions`);
  return wrong;
}
