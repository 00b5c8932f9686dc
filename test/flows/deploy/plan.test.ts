// What `mode: plan` and `mode: check` say, and that they change nothing.
import { describe, expect, test } from 'vitest';
import { plan } from '../../../src/flows/deploy/plan.ts';
import type { DeployRequest } from '../../../src/flows/deploy/request.ts';
import { newRevision, oldRelease, oldRevision, recordOf, Stage } from '../../rig/stage.ts';

const configuration =
  'hooks: {starting: [{name: ask, local: ask people}], published: [{name: restart, run: restart app}]}\n';

async function planned(on: Stage, request: Partial<DeployRequest> = {}) {
  return plan(on.context, { ...on.request, ...request }, 'plan');
}

describe('a plan', () => {
  test('names what each server runs, and every step of the deploy', async () => {
    const view = await planned(new Stage({ configuration }));
    expect(view.hosts.map(({ server, batch, from }) => [server, batch, from])).toEqual([
      ['s1', 1, oldRelease],
      ['s2', 1, oldRelease],
    ]);
    expect([view.problems, view.unchanged]).toEqual([[], undefined]);
    expect(view.steps).toEqual([
      'starting: ask (on the runner)',
      'lock every server',
      'upload and compare the release',
      'wait until every server is prepared',
      'switch every server',
      'published: restart',
      'read current and REVISION back',
      'prune, keep 5',
      'unlock',
    ]);
  });

  test('reads, and takes no lock', async () => {
    const on = new Stage({ configuration });
    await planned(on);
    expect(on.story.filter((line) => !/^(#|note: logged in|s\d (connect|survey: (look|read)))/.test(line))).toEqual([]);
  });

  test('says that nothing would change where the revision is live and healthy', async () => {
    const on = new Stage({ configuration });
    for (const server of ['s1', 's2'])
      on.tree(server).has(oldRelease, oldRevision, ['live', 'healthy'], { ...recordOf(oldRevision), runNumber: 16 });
    const view = await planned(on, { revision: oldRevision });
    expect(view.unchanged).toMatch(/live and healthy on every server/);
    expect(view.steps).toEqual(['starting: ask (on the runner)', 'lock every server', 'unlock']);
    expect((await planned(on, { revision: oldRevision, force: 'forced' })).unchanged).toBeUndefined();
  });

  test('names a downgrade that the deploy would refuse, unless it is forced', async () => {
    const on = new Stage({ configuration });
    for (const server of ['s1', 's2'])
      on.tree(server).has('20261121100000', newRevision, ['live', 'healthy'], recordOf(newRevision));
    expect((await planned(on, { revision: oldRevision })).problems.map(({ code, server }) => [code, server])).toEqual([
      ['POLICY_DOWNGRADE', 's1'],
      ['POLICY_DOWNGRADE', 's2'],
    ]);
    expect((await planned(on, { revision: oldRevision, force: 'forced' })).problems).toEqual([]);
  });

  test('names the commit that is not there beside what the servers say', async () => {
    const view = await planned(new Stage({ configuration }), { revision: 'e'.repeat(40) });
    expect(view.problems.map(({ code }) => code)).toEqual(['REVISION_UNKNOWN']);
    expect(view.hosts.map(({ from }) => from)).toEqual([oldRelease, oldRelease]);
  });
});
