// The post step as the story that its doors hear: what it does for a main that was killed, by how far that had come.
import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../../src/domain/tree/ledger.ts';
import type { Progress } from '../../../src/flows/context.ts';
import { recover } from '../../../src/flows/deploy/recover.ts';
import type { FakeTree } from '../../fakes/fake-tree.ts';
import { linesOf, newRelease, newRevision, oldRelease, recordOf, Stage } from '../../rig/stage.ts';

const configuration = `
hooks:
  published: [{name: restart, run: restart app}]
`;
const token = '1'.repeat(32);
const progress = {
  token,
  release: newRelease,
  revision: newRevision,
  previous: { s1: oldRelease, s2: oldRelease },
} as const;

/** Both servers as main has left them: locked by us, with the release in the given state. */
function killed(events: readonly LedgerEvent[]): Stage {
  const on = new Stage({ configuration });
  for (const tree of on.servers.trees.values()) leave(tree, events);
  return on;
}

function leave(tree: FakeTree, events: readonly LedgerEvent[]): void {
  if (events.length > 0) tree.has(newRelease, newRevision, events, { ...recordOf(newRevision), previous: oldRelease });
  tree.lock = `{"version":1,"token":"${token}","group":"4711","started":"1000"}`;
}

async function recovered(on: Stage, at: Progress['at']): Promise<string> {
  const { did } = await recover(on.context, 'main', { ...progress, at });
  return did;
}

/** Every server is asked first, and what still runs there is ended. */
const first = [
  'connect',
  'look at the lock: look at the lock',
  'end: end the program',
  expect.stringMatching(/^survey: /),
];

describe('the post step of a main that was killed', () => {
  test('while it took the locks gives them back', async () => {
    const on = killed([]);
    expect(await recovered(on, 'locking')).toBe('released the locks');
    expect(linesOf(on.story, 's1')).toEqual([...first, 'unlock: give the lock back']);
    expect(on.locks).toEqual(['free', 'free']);
    expect(on.saved.at(-1)?.at).toBe('finished');
  });

  test('while it prepared takes the unfinished release away', async () => {
    const on = killed(['preparing']);
    expect(await recovered(on, 'preparing')).toBe('removed the unfinished release');
    expect(linesOf(on.story, 's1')).toEqual([
      ...first,
      'clean up: take the unfinished release away, record failed, read current back',
      'unlock: give the lock back',
    ]);
    expect(on.live).toEqual([oldRelease, oldRelease]);
    expect(on.tree('s1').releases.has(newRelease)).toBe(false);
  });

  test('while it switched puts every server back, and runs the hooks where it was switched', async () => {
    const on = new Stage({ configuration });
    leave(on.tree('s1'), ['preparing', 'prepared', 'live']);
    leave(on.tree('s2'), ['preparing', 'prepared']);
    on.tree('s2').current = `/srv/shop/releases/${oldRelease}`;
    expect(await recovered(on, 'switching')).toBe('reverted the servers');
    const back = 'revert: switch current back, set the release aside, record failed, read current back';
    expect(linesOf(on.story, 's1')).toEqual([
      ...first,
      back,
      'published again: published: restart (restart app)',
      'unlock: give the lock back',
    ]);
    expect(linesOf(on.story, 's2')).toEqual([...first, back, 'unlock: give the lock back']);
    expect(on.live).toEqual([oldRelease, oldRelease]);
    expect(on.locks).toEqual(['free', 'free']);
  });

  test('while it put the servers back runs the hooks of the old release where the link was back already', async () => {
    const on = killed(['preparing', 'prepared', 'live']);
    on.tree('s2').current = `/srv/shop/releases/${oldRelease}`;
    const { hosts } = await recover(on.context, 'main', { ...progress, at: 'switching' });
    expect(linesOf(on.story, 's2')).toContain('published again: published: restart (restart app)');
    expect(hosts).toMatchObject([
      { state: 'reverted', live: oldRelease },
      { state: 'reverted', live: oldRelease },
    ]);
  });

  test('while it took the unfinished release away calls no server put back', async () => {
    const on = killed(['preparing', 'failed']);
    for (const tree of on.servers.trees.values()) tree.current = `/srv/shop/releases/${oldRelease}`;
    const { hosts } = await recover(on.context, 'main', { ...progress, at: 'preparing' });
    expect(hosts.map(({ state }) => state)).toEqual(['untouched', 'untouched']);
  });

  test('after the release was proved finishes the deploy', async () => {
    const on = killed(['preparing', 'prepared', 'live']);
    expect(await recovered(on, 'proven')).toBe('finished the deploy');
    expect(linesOf(on.story, 's1')).toEqual([
      ...first,
      'finish: record superseded, healthy, write revisions.log, give the lock back',
    ]);
    expect(on.live).toEqual([newRelease, newRelease]);
  });

  test('leaves a server alone whose lock is not ours any more', async () => {
    const on = killed(['preparing', 'prepared', 'live']);
    on.tree('s2').lock = `{"version":1,"token":"${'2'.repeat(32)}","group":"99","started":"7"}`;
    expect(await recovered(on, 'switching')).toBe('reverted the servers');
    expect(linesOf(on.story, 's2')).toEqual([
      'connect',
      'look at the lock: look at the lock',
      expect.stringMatching(/^survey: /),
    ]);
    expect(on.live).toEqual([oldRelease, newRelease]);
    expect(on.locks).toEqual(['free', 'locked']);
  });

  test('calls a server in doubt on which what still runs cannot be ended', async () => {
    const on = killed(['preparing', 'prepared', 'live']);
    on.servers.plan({ server: 's2', step: 'end-program', how: 'fails' });
    const { run, hosts } = await recover(on.context, 'main', { ...progress, at: 'switching' });
    expect(run.observed.failures).toMatchObject([{ server: 's2' }]);
    expect(hosts).toMatchObject([
      { server: 's1', state: 'reverted', live: oldRelease },
      { server: 's2', state: 'in doubt' },
    ]);
    expect(on.told('s1').at(-1)).toBe(`${newRelease} in_doubt s2`);
    expect(on.saved.at(-1)?.at).not.toBe('finished');
  });

  test('has nothing to do where no lock is ours', async () => {
    const on = new Stage({ configuration });
    expect(await recovered(on, 'preparing')).toBe('nothing to do');
    expect(on.live).toEqual([oldRelease, oldRelease]);
  });

  test('says that a server is in doubt that is lost on its way back', async () => {
    const on = killed(['preparing', 'prepared', 'live']);
    on.servers.plan({ server: 's2', step: 'switch-current-back', how: 'cut off' });
    const { run, hosts } = await recover(on.context, 'main', { ...progress, at: 'switching' });
    expect([...run.observed.inDoubt]).toEqual(['s2']);
    expect(hosts).toMatchObject([
      { state: 'reverted', live: oldRelease },
      { state: 'in doubt', live: undefined },
    ]);
    expect(on.told('s1').at(-1)).toBe(`${newRelease} in_doubt s2`);
  });
});
