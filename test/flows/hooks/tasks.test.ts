// Which hooks of the project a deploy runs, and how long each may take.
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../fakes/fake-servers.ts';
import { linesOf, newRelease, Stage } from '../../rig/stage.ts';

/** A stage with a hook that minds migrations, and what the upload finds changed on each of two servers. */
function migrating(hook: string, ...changed: readonly (readonly string[] | undefined)[]): Stage {
  const on = new Stage({
    configuration: `hooks: {updated: [{name: migrate, ${hook}, when: {changed: ['db/migrate/**']}}]}\n`,
  });
  ['s1', 's2'].forEach((name, index) => {
    on.tree(name).changed = changed[index];
  });
  return on;
}

const ran = ({ story }: Stage): readonly string[] =>
  story.filter((line) => line.includes('rake migrate')).map((line) => line.split(/[ :]/)[0] ?? '');

describe('a hook with `when.changed`', () => {
  test.each([
    ['runs where a path of it changed', ['db/migrate/7.sql'], ['app.rb'], ['s1']],
    ['does not run where no path of it changed', ['app.rb'], [], []],
    ['runs where nobody knows what changed', undefined, ['app.rb'], ['s1']],
  ])('%s', async (_, first, second, servers) => {
    const on = migrating('run: rake migrate', first, second);
    const outcome = await on.deploy();
    expect([outcome.result, ran(on), outcome.migrations]).toEqual([
      'deployed',
      servers,
      servers.length > 0 ? ['migrate'] : [],
    ]);
  });

  test.each([
    ['runs once on the runner when a path of it changed on any server', ['app.rb'], ['db/migrate/7.sql'], ['runner']],
    ['does not run on the runner when no path of it changed anywhere', ['app.rb'], ['lib.rb'], []],
    ['runs on the runner when nobody knows what changed on a server', ['app.rb'], undefined, ['runner']],
  ])('%s', async (_, first, second, places) => {
    const on = migrating('local: rake migrate', first, second);
    const outcome = await on.deploy();
    expect([outcome.result, ran(on), outcome.migrations]).toEqual([
      'deployed',
      places,
      places.length > 0 ? ['migrate'] : [],
    ]);
  });
});

describe('a migration counts as run', () => {
  const hooks = (kind: 'run' | 'local') =>
    `hooks: {updated: [{name: bundle, run: bundle}, {name: migrate, ${kind}: rake migrate, when: {changed: ['db/**']}}, {name: seed, run: seed}]}\n`;

  const faults = (step: string, how: Fault['how']): readonly Fault[] =>
    ['s1', 's2'].map((server) => ({ server, step: `updated: ${step}`, how }));

  test.each<readonly [string, readonly Fault[], readonly string[]]>([
    ['not where a step before it failed', faults('bundle', 'fails'), []],
    ['not where the run was cancelled before it', faults('bundle', 'cancelled'), []],
    ['where it failed itself', faults('migrate', 'fails'), ['migrate']],
    ['where it was killed', faults('migrate', 'cancelled'), ['migrate']],
    ['where a step after it failed', faults('seed', 'fails'), ['migrate']],
    ['where the connection was lost before it and the program may have gone on', faults('bundle', 'lost'), ['migrate']],
  ])('%s', async (_, planned, migrations) => {
    const on = new Stage({ configuration: hooks('run'), faults: planned });
    expect((await on.deploy()).migrations).toEqual(migrations);
  });

  test('not on the runner where a step before it failed', async () => {
    const on = new Stage({ configuration: hooks('local'), faults: faults('bundle', 'fails') });
    expect((await on.deploy()).migrations).toEqual([]);
  });
});

describe('the time that a hook may take', () => {
  const limits = 'limits: {command_timeout: 20m}\nstrategy: {host_deadline: 30s}\n';

  test.each([
    ['is that of every command where it has none of its own', '', 1_200_000],
    ['is its own, also where our own steps have less', ', timeout: 5m', 300_000],
  ])('%s', async (_, own, milliseconds) => {
    const on = new Stage({ configuration: `${limits}hooks: {published: [{name: restart, run: restart app${own}}]}\n` });
    await on.deploy();
    const steps = on.servers.programs.flatMap(({ program }) => program.steps);
    expect(steps.filter(({ name }) => name === 'published: restart').map(({ timeout }) => timeout)).toEqual([
      milliseconds,
      milliseconds,
    ]);
    expect(linesOf(on.story, 's1')).toContain(
      'switch: date the release, switch current, record live, published: restart (restart app), read current back',
    );
  });
});

test('a hook reads the labels of its server, one on a line', async () => {
  const servers = `application: shop
deploy_to: /srv/shop
ssh: {user: deploy}
stages: {production: {servers: [{host: s1, labels: {zone: a, rack: "7, left"}}, {host: s2}]}}
`;
  const on = new Stage({ servers, configuration: 'hooks: {updated: [{name: build, run: make}]}\n' });
  await on.deploy();
  const told = on.servers.programs.flatMap(({ server, program }) =>
    program.steps.filter(({ name }) => name === 'updated: build').map(({ env }) => [server, env?.['SLIPWAY_LABELS']]),
  );
  expect(told).toEqual([
    ['s1', 'zone=a\nrack=7, left'],
    ['s2', ''],
  ]);
});

test('the record of a release names the hooks that cannot be undone', async () => {
  const on = new Stage({
    configuration:
      'hooks: {updated: [{name: build, run: make}, {name: migrate, run: rake migrate, reversible: false}]}\n',
  });
  await on.deploy();
  expect(JSON.parse(on.tree('s1').records.get(newRelease) ?? '')).toMatchObject({
    hooks: { updated: ['build', 'migrate'] },
    irreversible: ['updated: migrate'],
  });
});
