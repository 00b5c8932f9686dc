import { describe, expect, test } from 'vitest';
import type { FakeTree } from '../../fakes/fake-tree.ts';
import { linesOf, newRelease, newRevision, oldRelease, type Plan, recordOf, Stage } from '../../rig/stage.ts';

const configuration = `
hooks:
  updated: [{name: build, run: make}, {name: migrate, run: migrate the database, once: true}]
  publishing: [{name: warm, run: warm up, once: true}]
  published: [{name: restart, run: restart app}]
`;
const unfinished = '20261121190000';
const whole = /^prepare: make room, record preparing, upload, .* place the release, updated: build \(make\)$/;

/** The second attempt of a run whose first was killed together with its post step. */
function secondAttempt(plan: Plan = {}): Stage {
  return new Stage({ configuration, job: { attempt: 2 }, ...plan });
}

/** What the first attempt left on a server. */
function left(tree: FakeTree, ...events: readonly ('preparing' | 'prepared')[]): void {
  tree.has(unfinished, newRevision, events, { ...recordOf(newRevision), previous: oldRelease });
}

function remembers(tree: FakeTree, once: string): void {
  tree.ledger.push(
    JSON.stringify({ at: '', by: 'octocat', run: '1001.1', release: unfinished, event: 'preparing', once }),
  );
}

describe('a run that is started again after it was killed', () => {
  test('goes on under the same id where the release is missing, and does nothing twice where it is complete', async () => {
    const on = secondAttempt();
    left(on.tree('s1'), 'preparing', 'prepared');
    remembers(on.tree('s1'), 'updated: migrate');
    expect(await on.deploy()).toMatchObject({ result: 'deployed', release: unfinished });
    expect(linesOf(on.from('prepare'), 's1')[0]).toMatch(/^publish: /);
    expect(linesOf(on.from('prepare'), 's2').slice(0, 2)).toEqual([
      expect.stringMatching(whole),
      'prepare: list the files of the release, keep the release undated, write the break-glass script, record prepared, look at free space',
    ]);
    expect(on.servers.streams.has('s1')).toBe(false);
    expect(on.live).toEqual([unfinished, unfinished]);
    expect(on.story).toContain(
      `note: release ${unfinished} is resumed: an earlier attempt of this job left it unfinished`,
    );
  });

  test('runs a hook that ran once no second time, although the release is made anew', async () => {
    const on = secondAttempt();
    left(on.tree('s1'), 'preparing');
    remembers(on.tree('s1'), 'updated: migrate');
    expect(await on.deploy()).toMatchObject({ result: 'deployed', release: unfinished });
    expect(linesOf(on.from('prepare'), 's1')[0]).toMatch(whole);
    expect(on.story.filter((line) => line.includes('migrate'))).toEqual([]);
    expect(on.story.filter((line) => line.includes('warm up'))).toHaveLength(1);
  });

  test('makes a new release of other files', async () => {
    const on = secondAttempt();
    on.tree('s1').has(unfinished, newRevision, ['preparing', 'prepared'], {
      ...recordOf('e'.repeat(40)),
      previous: oldRelease,
    });
    expect(await on.deploy()).toMatchObject({ result: 'deployed', release: newRelease });
    expect(on.story).toContain(`note: release ${unfinished} is not resumed: it holds other files on s1`);
  });

  test('that fails again takes the resumed release away from every server', async () => {
    const on = secondAttempt({ faults: [{ server: 's2', step: 'updated: build', how: 'fails' }] });
    left(on.tree('s1'), 'preparing', 'prepared');
    expect(await on.deploy()).toMatchObject({
      result: 'failed',
      hosts: [{ state: 'untouched' }, { state: 'untouched' }],
    });
    for (const server of ['s1', 's2']) {
      expect(on.tree(server).releases.has(unfinished)).toBe(false);
      expect(on.told(server).at(-1)).toBe(`${unfinished} failed`);
    }
  });
});

test('a hook that runs once is written down as done where it ran, behind itself and in the same program', async () => {
  const on = new Stage({ configuration });
  await on.deploy();
  expect(on.story.filter((line) => /migrate|warm up/.test(line))).toEqual([
    's1 prepare: updated: migrate (migrate the database), record that updated: migrate is done',
    's1 publish: publishing: warm (warm up), record that publishing: warm is done',
  ]);
  expect(on.told('s1')).toContain(`${newRelease} preparing updated: migrate`);
});
