import { expect, test } from 'vitest';
import { newRelease, newRevision, oldRelease, recordOf, Stage } from '../../rig/stage.ts';

const bad = '20261121100000';

/** Both servers ran `bad`, which is the new revision, until somebody went back on the first. */
function wentBack(): Stage {
  const on = new Stage();
  for (const tree of on.servers.trees.values()) tree.has(bad, newRevision, ['live', 'healthy'], recordOf(newRevision));
  on.tree('s1').current = `/srv/shop/releases/${oldRelease}`;
  on.tree('s1').byHand = `2026-11-21T11:00:00Z ${bad} ${oldRelease} alice\nnonsense\n`;
  return on;
}

test('what was done by hand is told, and taken over into the ledger under the lock before anything is decided', async () => {
  const on = wentBack();
  expect(await on.deploy()).toMatchObject({
    result: 'deployed',
    warnings: [
      `alice rolled back from ${bad} to ${oldRelease} on s1 by hand, with the break-glass script, at 2026-11-21T11:00:00Z`,
      `the fleet is diverged: s1 runs ${oldRelease}, s2 runs ${bad}`,
    ],
  });
  const locked = on.from('lock');
  expect(locked.slice(4, locked.indexOf('# prepare'))).toEqual([
    's1 break-glass: record rolled back, live, adopted, put the break-glass log aside',
    expect.stringMatching(/^note: /),
  ]);
  expect(on.told('s1').slice(2, 5)).toEqual([`${bad} rolled_back`, `${oldRelease} live`, `${oldRelease} adopted`]);
  expect(on.tree('s1').byHand).toBeUndefined();
  expect(on.live).toEqual([newRelease, newRelease]);
});

test('what was done by hand stays where the next run goes back', async () => {
  const on = wentBack();
  on.servers.plan({ server: 's2', step: 'switch-current', how: 'fails' });
  expect(await on.deploy()).toMatchObject({ result: 'reverted' });
  expect(on.live).toEqual([oldRelease, bad]);
});

test('the same hand on every server is no divergence', async () => {
  const on = wentBack();
  on.tree('s2').current = on.tree('s1').current;
  on.tree('s2').byHand = on.tree('s1').byHand;
  expect(await on.deploy()).toMatchObject({
    result: 'deployed',
    warnings: [expect.stringContaining('on s1'), expect.stringContaining('on s2')],
  });
});
