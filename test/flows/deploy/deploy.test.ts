// A deploy as the story that its doors hear: every program with its steps, by server, in order.
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import type { Answer } from '../../../src/domain/health/probe.ts';
import { deploy } from '../../../src/flows/deploy/deploy.ts';
import type { Fault } from '../../fakes/fake-servers.ts';
import {
  linesOf,
  newRelease,
  newRevision,
  oldRelease,
  oldRevision,
  type Plan,
  recordOf,
  Stage,
  twoServers,
} from '../../rig/stage.ts';

const configuration = `
hooks:
  updated: [{name: build, run: make}]
  published: [{name: restart, run: restart app}]
  failed: [{name: tell, local: tell the chat}]
health: [{name: up, http: 'http://127.0.0.1:3000/up', from: runner, deadline: 2s}]
`;
const well = { kind: 'answer', status: 200, body: '' } as const;
const ill = { kind: 'answer', status: 503, body: 'starting' } as const;

/** A stage whose service is well, unless `plan` says otherwise. */
function stage(plan: Plan = {}): Stage {
  return new Stage({ configuration, answers: [well], ...plan });
}

async function deployWith(
  ...faults: Fault[]
): Promise<{ readonly on: Stage; readonly outcome: Awaited<ReturnType<Stage['deploy']>> }> {
  const on = stage({ faults });
  return { on, outcome: await on.deploy() };
}

/** A lock of another run. */
const foreignLock = `${JSON.stringify({ version: 1, token: 'f'.repeat(32), repository: 'octo/shop', run: '999', attempt: 1, job: 'deploy', actor: 'hubot', action: 'deploy', stage: 'production', at: '2026-11-21T19:00:00Z', lease: 600, group: '99', started: '7' })}\n`;

const prepared =
  'prepare: make room, record preparing, upload, compare, link shared files and directories, write REVISION, place the release, updated: build (make), list the files of the release, keep the release undated, write the break-glass script, record prepared, look at free space';
const facts = 'look at the tree, read the records';
const fit = `look for tools, look at the user and the clock, ${facts}, look at the lock, look at free space, look for linked files`;

describe('a good deploy', () => {
  test('is this story, and nothing else', async () => {
    const on = stage();
    expect(await on.deploy()).toMatchObject({
      result: 'deployed',
      release: newRelease,
      previous: oldRelease,
      failures: [],
    });
    expect(on.story).toEqual([
      '# connect',
      's1 connect',
      's2 connect',
      'note: logged in to s1 and s2',
      '# survey',
      `s1 survey: ${fit}`,
      `s2 survey: ${fit}`,
      'note: nothing speaks against this deploy',
      '# lock',
      `s1 lock: take the lock, ${facts}`,
      `s2 lock: take the lock, ${facts}`,
      'note: locked s1 and s2',
      `note: this run makes release ${newRelease}: on s1 release ${oldRelease} holds other files`,
      '# prepare',
      `s1 ${prepared}`,
      `s2 ${prepared}`,
      '# switch',
      's1 switch: date the release, switch current, record live, published: restart (restart app)',
      's2 switch: date the release, switch current, record live, published: restart (restart app)',
      '# health',
      'ask http://127.0.0.1:3000/up',
      'ask http://127.0.0.1:3000/up',
      'note: s1  healthy  up: status 200',
      'note: s2  healthy  up: status 200',
      '# verify',
      's1 verify: read current back',
      's2 verify: read current back',
      'note: current and REVISION were read back: release 20261121193711 is live on s1 and s2',
      '# finish',
      's1 finish: record superseded, healthy, write revisions.log, give the lock back',
      's2 finish: record superseded, healthy, write revisions.log, give the lock back',
      'note: recorded as healthy; the locks are given back',
    ]);
  });

  test('leaves the release live and proven, the one before it superseded, and no lock', async () => {
    const on = stage();
    await on.deploy();
    expect(on.live).toEqual([newRelease, newRelease]);
    expect(on.locks).toEqual(['free', 'free']);
    expect(on.told('s1')).toEqual([
      `${newRelease} preparing`,
      `${newRelease} prepared`,
      `${newRelease} live`,
      `${oldRelease} superseded`,
      `${newRelease} healthy`,
    ]);
  });

  test('tells the post step at every point how far it is, and at last that nothing is left', async () => {
    const on = stage();
    await on.deploy();
    expect(on.saved.map(({ at }) => at)).toEqual(['locking', 'preparing', 'switching', 'proven', 'finished']);
    expect(on.saved[2]).toEqual({
      at: 'switching',
      token: expect.any(String),
      release: newRelease,
      revision: newRevision,
      previous: { s1: oldRelease, s2: oldRelease },
    });
  });

  test('switches by one rename of an absolute link', async () => {
    const on = stage();
    await on.deploy();
    const steps = on.servers.programs
      .flatMap(({ program }) => program.steps)
      .filter(({ name }) => name === 'switch current');
    for (const { run } of steps)
      expect(run).toMatchObject({
        words: ['/srv/shop', `/srv/shop/.slipway/switch.${newRelease}`, `/srv/shop/releases/${newRelease}`],
      });
  });

  test('goes batch by batch, and asks for the health of each', async () => {
    const on = stage({ configuration: `${configuration}strategy: {batches: [1, 100%]}\n` });
    expect(await on.deploy()).toMatchObject({ result: 'deployed' });
    expect(on.from('switch').filter((line) => /^#|switch:|^ask/.test(line))).toEqual([
      '# switch',
      expect.stringMatching(/^s1 switch/),
      '# health of batch 1',
      'ask http://127.0.0.1:3000/up',
      '# switch batch 2 of 2',
      expect.stringMatching(/^s2 switch/),
      '# health of batch 2',
      'ask http://127.0.0.1:3000/up',
      '# verify',
      '# finish',
    ]);
  });

  test('takes locks in the order of the hosts, and switches in the order of the configuration', async () => {
    const servers = twoServers.replace(
      '{host: s1, roles: [web]}, {host: s2, roles: [web]}',
      '{host: s2, roles: [web]}, {host: s1, roles: [web]}',
    );
    const on = stage({ servers, configuration: `${configuration}strategy: {batches: [1, 100%]}\n` });
    expect(await on.deploy()).toMatchObject({ result: 'deployed' });
    const order = (program: string) =>
      on.story.flatMap((line) => new RegExp(`^(s\\d) ${program}:`).exec(line)?.[1] ?? []);
    expect([order('lock'), order('switch')]).toEqual([
      ['s1', 's2'],
      ['s2', 's1'],
    ]);
  });
});

describe('where nothing comes after the switch', () => {
  const hooks = 'hooks: {published: [{name: restart, run: restart app}]}\n';

  test('current is read back by the program that has switched', async () => {
    const on = new Stage({ configuration: hooks });
    expect(await on.deploy()).toMatchObject({ result: 'deployed', failures: [] });
    expect(linesOf(on.from('switch'), 's1')).toEqual([
      'switch: date the release, switch current, record live, published: restart (restart app), read current back',
      'finish: record superseded, healthy, write revisions.log, give the lock back',
    ]);
  });

  test('a server that does not run the release all the same is found, and all are put back', async () => {
    const on = new Stage({ configuration: hooks });
    for (const tree of on.servers.trees.values()) tree.unmoved = true;
    expect(await on.deploy()).toMatchObject({
      result: 'reverted',
      failures: [
        {
          code: 'TRUTH_MISMATCH',
          problems: [{ server: 's1', message: `current is ${oldRelease}, not ${newRelease}` }, { server: 's2' }],
        },
      ],
    });
    expect(on.told('s1').at(-1)).toBe(`${newRelease} failed`);
  });

  test.each([
    ['a hook that runs once', 'hooks: {published: [{name: restart, run: restart app, once: true}]}\n'],
    ['a hook on the runner', 'hooks: {published: [{name: tell, local: tell the chat}]}\n'],
    ['another batch', `${hooks}strategy: {batches: [1, 100%]}\n`],
  ])('but %s comes, it is read afterwards', async (_, text) => {
    const on = new Stage({ configuration: text });
    expect(await on.deploy()).toMatchObject({ result: 'deployed' });
    expect(linesOf(on.from('verify'), 's1')[0]).toBe('verify: read current back');
  });
});

describe('nothing is changed where', () => {
  test('the same thing is live and well everywhere: the locks are taken and given back', async () => {
    const on = stage();
    for (const tree of on.servers.trees.values())
      tree.has('20261121100000', newRevision, ['live', 'healthy'], recordOf(newRevision));
    expect(await on.deploy()).toMatchObject({ result: 'unchanged', release: '20261121100000' });
    expect(on.from('lock').slice(4)).toEqual([
      'note: the same artefact and the same configuration are live and healthy on every server',
      's1 unlock: give the lock back',
      's2 unlock: give the lock back',
    ]);
    expect(on.told('s1')).toEqual(['20261121100000 live', '20261121100000 healthy']);
  });

  test('a server cannot be reached and none may be left out: the others are looked at', async () => {
    const on = stage();
    on.servers.away.add('s2');
    expect(await on.deploy()).toMatchObject({
      result: 'failed',
      failures: [{ code: 'UNREACHABLE', server: 's2' }],
      hosts: [
        { server: 's1', state: 'untouched', live: oldRelease, liveness: 'known' },
        { server: 's2', state: 'untouched', live: undefined, liveness: 'not known' },
      ],
      rollback: { possible: 'no', because: 'it is not known what s2 would roll back to' },
    });
    expect(on.story).toEqual([
      '# connect',
      's1 connect',
      's2 connect',
      'note: logged in to s1',
      's2 UNREACHABLE',
      '# survey',
      expect.stringMatching(/^s1 survey: /),
      'runner: tell the chat',
    ]);
  });
});

test.each([
  ['LOCAL_HOOK_FAILED', 'The local hook starting: ci is green failed: exit status 3', { status: 3, ended: 'itself' }],
  [
    'HOOK_TIMEOUT',
    'The local hook starting: ci is green took longer than 1m30s and was ended',
    { status: 143, ended: 'time limit' },
  ],
  ['CANCELLED', 'Cancelled during the local hook starting: ci is green', { status: 143, ended: 'cancelled' }],
] as const)('a command on the runner before the lock that ends the run with %s', async (code, message, ended) => {
  const on = new Stage({ configuration: '\nhooks: {starting: [{name: ci is green, local: ./check, timeout: 90s}]}\n' });
  expect(await on.deploy({ command: { run: async () => ended } })).toMatchObject({
    result: 'failed',
    failures: [{ code, message }],
  });
  expect(on.from('lock')).toEqual([]);
});

test('a hook that fails after the revert names what may still run there', async () => {
  const fault: Fault = { server: 's2', step: 'published: restart', how: 'fails' };
  const { outcome } = await deployWith(fault, fault);
  expect(outcome.result).toBe('reverted');
  expect(outcome.failures.at(-1)).toMatchObject({
    server: 's2',
    message: expect.stringMatching(/^after the revert: the hook published: restart failed/),
    hint: expect.stringMatching(/^What runs there may still be the release that was reverted\./),
  });
});

test('where nothing is asked, no chapter tells of health', async () => {
  const on = new Stage({ configuration: '' });
  expect(await on.deploy()).toMatchObject({ result: 'deployed' });
  expect(on.story.filter((line) => line.startsWith('# '))).toEqual([
    '# connect',
    '# survey',
    '# lock',
    '# prepare',
    '# switch',
    '# verify',
    '# finish',
  ]);
});

test('a server that was not tried for what another one said is told after that one', async () => {
  const on = stage();
  on.servers.open = async ({ name }) => {
    throw new Failure('AUTH_REFUSED', `${name} is closed`, {
      server: name,
      ...(name === 's1' ? { follows: 's2' } : {}),
    });
  };
  expect(await on.deploy()).toMatchObject({ failures: [{ problems: [{ server: 's2' }, { server: 's1' }] }] });
});

describe('before the switch', () => {
  test('a hook that fails on one server takes the release away from all, and nothing was switched', async () => {
    const { on, outcome } = await deployWith({ server: 's2', step: 'updated: build', how: 'fails' });
    expect(outcome).toMatchObject({
      result: 'failed',
      failures: [{ code: 'HOOK_FAILED', server: 's2' }],
      hosts: [{ state: 'untouched' }, { state: 'untouched' }],
    });
    expect(on.from('prepare').slice(3)).toEqual([
      's2 HOOK_FAILED',
      '# clean up',
      's1 clean up: take the unfinished release away, record failed, read current back',
      's2 clean up: take the unfinished release away, record failed, read current back',
      'runner: tell the chat',
      's1 unlock: give the lock back',
      's2 unlock: give the lock back',
    ]);
    expect(on.live).toEqual([oldRelease, oldRelease]);
    expect(on.told('s1')).toEqual([`${newRelease} preparing`, `${newRelease} prepared`, `${newRelease} failed`]);
    expect(on.told('s2')).toEqual([`${newRelease} preparing`, `${newRelease} failed`]);
  });

  test('a lost connection is opened again, and what went on there is ended before the release is taken away', async () => {
    const { on, outcome } = await deployWith({ server: 's2', step: 'upload', how: 'lost' });
    expect(outcome).toMatchObject({ result: 'failed', failures: [{ code: 'CONNECTION_LOST', server: 's2' }] });
    expect(linesOf(on.from('clean up'), 's2')).toEqual([
      'CONNECTION_LOST',
      'connect',
      'look at the lock: look at the lock',
      'end: end the program',
      'clean up: take the unfinished release away, record failed, read current back',
      'unlock: give the lock back',
    ]);
    expect(on.live).toEqual([oldRelease, oldRelease]);
    expect(on.locks).toEqual(['free', 'free']);
  });

  test('a cancelled run ends its programs and takes the release away', async () => {
    const { on, outcome } = await deployWith({ server: 's2', step: 'updated: build', how: 'cancelled' });
    expect(outcome).toMatchObject({
      result: 'failed',
      failures: [{ code: 'CANCELLED' }],
      hosts: [{ state: 'untouched' }, { state: 'untouched' }],
    });
    expect(linesOf(on.from('prepare'), 's2').slice(1)).toEqual([
      'end: end the program',
      'CANCELLED',
      'clean up: take the unfinished release away, record failed, read current back',
      'unlock: give the lock back',
    ]);
  });

  test('what another run has made live meanwhile is said, where the unfinished release cannot be taken away', async () => {
    const on = stage({
      faults: [
        { server: 's2', step: 'updated: build', how: 'fails' },
        { server: 's2', step: 'take-release-away', how: 'fails' },
      ],
    });
    const other = '20261121193712';
    on.ports.log.failed = () => void on.tree('s2').has(other, oldRevision, ['live']);
    expect(await on.deploy()).toMatchObject({
      result: 'failed',
      hosts: [{ live: oldRelease }, { state: 'untouched', live: other }],
    });
  });
});

describe('in the switch', () => {
  test.each<[string, Fault, string]>([
    ['a step that fails', { server: 's2', step: 'switch-current', how: 'fails' }, 'STEP_FAILED'],
    ['a hook that fails', { server: 's2', step: 'published: restart', how: 'fails' }, 'HOOK_FAILED'],
  ])('%s on one server puts all back: the link, then the hooks of the old release', async (_, fault, code) => {
    const { on, outcome } = await deployWith(fault);
    expect(outcome).toMatchObject({
      result: 'reverted',
      failures: [{ code, server: 's2' }],
      hosts: [
        { state: 'reverted', live: oldRelease },
        { state: 'reverted', live: oldRelease },
      ],
    });
    expect(on.from('switch').slice(3)).toEqual([
      `s2 ${code}`,
      '# revert',
      's1 revert: switch current back, set the release aside, record failed, read current back',
      's2 revert: switch current back, set the release aside, record failed, read current back',
      's1 published again: published: restart (restart app)',
      's2 published again: published: restart (restart app)',
      'runner: tell the chat',
      's1 unlock: give the lock back',
      's2 unlock: give the lock back',
    ]);
    expect(on.live).toEqual([oldRelease, oldRelease]);
    expect(on.told('s1').at(-1)).toBe(`${newRelease} failed`);
  });

  test('a server that ran nothing before runs nothing again, and the outcome names what the others ran', async () => {
    const on = stage({ answers: [ill] });
    const first = on.tree('s1');
    first.current = undefined;
    for (const left of [first.releases, first.records]) left.clear();
    first.ledger.length = 0;
    expect(await on.deploy()).toMatchObject({
      result: 'reverted',
      previous: oldRelease,
      hosts: [
        { state: 'reverted', live: undefined },
        { state: 'reverted', live: oldRelease },
      ],
    });
  });

  test('a hook before the link that fails has switched nobody, and no service is told of anything', async () => {
    const on = new Stage({
      configuration:
        'hooks: {publishing: [{name: drain, run: drain}], published: [{name: restart, run: restart app}]}\n',
      faults: [
        { server: 's1', step: 'publishing: drain', how: 'fails' },
        { server: 's2', step: 'publishing: drain', how: 'fails' },
      ],
    });
    expect(await on.deploy()).toMatchObject({
      result: 'failed',
      hosts: [{ state: 'untouched' }, { state: 'untouched' }],
    });
    expect(on.story.filter((line) => line.includes('published again'))).toEqual([]);
    expect(on.servers.trees.get('s1')?.failed).toEqual(new Set([newRelease]));
  });

  test('a server whose connection is lost before the link counts as switched, since the program may go on unheard', async () => {
    const on = new Stage({
      configuration:
        'hooks: {publishing: [{name: drain, run: drain}], published: [{name: restart, run: restart app}]}\n',
      faults: [{ server: 's2', step: 'publishing: drain', how: 'lost' }],
    });
    expect(await on.deploy()).toMatchObject({
      result: 'reverted',
      hosts: [{ state: 'reverted' }, { state: 'reverted' }],
    });
    expect(on.story.filter((line) => line.includes('published again'))).toHaveLength(2);
  });

  test('hooks on the way back are told of the old release', async () => {
    const { on } = await deployWith({ server: 's2', step: 'published: restart', how: 'fails' });
    const again = on.servers.programs
      .filter(({ program }) => program.name === 'published again')
      .flatMap(({ program }) => program.steps);
    const env = {
      SLIPWAY_RELEASE: oldRelease,
      SLIPWAY_RELEASE_PATH: `/srv/shop/releases/${oldRelease}`,
      SLIPWAY_REVISION: oldRevision,
      SLIPWAY_PREVIOUS_RELEASE: '',
    };
    expect(again).toMatchObject([1, 2].map(() => ({ cwd: '/srv/shop/current', env })));
  });

  describe('a server without a tree', () => {
    const servers = twoServers.replace(']}}', ', {host: cache, roles: [cache], no_release: true}]}}');
    const hooks = 'hooks: {published: [{name: restart, run: restart app, roles: [web, cache]}]}\n';

    test('runs its hooks again, too, for the release that is live again', async () => {
      const on = new Stage({
        servers,
        configuration: hooks,
        faults: [{ server: 's2', step: 'published: restart', how: 'fails' }],
      });
      expect(await on.deploy()).toMatchObject({ result: 'reverted' });
      expect(linesOf(on.from('revert'), 'cache')).toEqual(['published again: published: restart (restart app)']);
      const again = on.servers.programs.filter(
        ({ server, program }) => server === 'cache' && program.name === 'published again',
      );
      expect(again.flatMap(({ program }) => program.steps)).toMatchObject([
        { env: { SLIPWAY_RELEASE: oldRelease, SLIPWAY_RELEASE_PATH: '' } },
      ]);
    });

    test('runs none where the batch that it belongs to was never switched', async () => {
      const batches = `${hooks}strategy: {batches: [1, 100%]}\n`;
      const on = new Stage({
        servers,
        configuration: batches,
        faults: [{ server: 's1', step: 'published: restart', how: 'fails' }],
      });
      expect(await on.deploy()).toMatchObject({ result: 'reverted' });
      expect(linesOf(on.from('switch'), 'cache')).toEqual([]);
    });
  });

  test('a hook that fails on the way back keeps no other server and no other role from its own hooks', async () => {
    const servers = `application: shop
deploy_to: /srv/shop
ssh: {user: deploy}
stages: {production: {servers: [{host: s1, roles: [web]}, {host: s2, roles: [web]}, {host: s3, roles: [worker]}]}}
`;
    const hooks =
      'hooks: {published: [{name: web, run: restart web, roles: [web], max_parallel: 1}, {name: worker, run: restart worker, roles: [worker]}]}';
    const fails = { server: 's1', step: 'published: web', how: 'fails' } as const;
    const on = stage({ servers, configuration: hooks, faults: [fails, fails] });
    const outcome = await on.deploy();
    expect(on.from('revert').filter((line) => line.includes('published') || line.includes('HOOK_FAILED'))).toEqual([
      's1 published again: published: web (restart web)',
      's1 HOOK_FAILED',
      's2 published again: published: web (restart web)',
      's3 published again: published: worker (restart worker)',
    ]);
    expect(outcome).toMatchObject({
      result: 'reverted',
      failures: [{ server: 's1' }, { code: 'HOOK_FAILED', server: 's1' }],
    });
  });

  test('a hook that fails for one release of before keeps no server that goes back to another one from its own hooks', async () => {
    const fails = { server: 's1', step: 'published: restart', how: 'fails' } as const;
    const on = stage({ faults: [fails, fails] });
    on.tree('s2').current = '/srv/shop/releases/20261120110000';
    await on.deploy();
    expect(on.from('revert')).toContain('s2 published again: published: restart (restart app)');
  });

  test('a release that is not well goes back everywhere', async () => {
    const on = stage({ answers: [ill] });
    expect(await on.deploy()).toMatchObject({ result: 'reverted', failures: [{ code: 'UNHEALTHY' }] });
    expect(on.from('health').filter((line) => !line.startsWith('ask'))).toEqual([
      '# health',
      's1 UNHEALTHY',
      's2 UNHEALTHY',
      ...on.from('revert'),
    ]);
    expect(on.live).toEqual([oldRelease, oldRelease]);
  });

  test('a release whose health nobody can ask for stays, is not called well, and the run is red', async () => {
    const on = stage({ answers: [{ kind: 'unasked', why: 'no way there' }] });
    expect(await on.deploy()).toMatchObject({
      result: 'failed',
      failures: [
        { code: 'HEALTH_UNKNOWN', server: 's1' },
        { code: 'HEALTH_UNKNOWN', server: 's2' },
      ],
      hosts: [
        { state: 'live', live: newRelease },
        { state: 'live', live: newRelease },
      ],
    });
    expect(on.from('health').filter((line) => !line.startsWith('ask'))).toEqual([
      '# health',
      'note: s1  unknown  up: no way there',
      'note: s2  unknown  up: no way there',
      's1 record health: record live, read current back',
      's2 record health: record live, read current back',
      'runner: tell the chat',
      's1 unlock: give the lock back',
      's2 unlock: give the lock back',
    ]);
    expect(on.live).toEqual([newRelease, newRelease]);
  });

  test('a release that is left live is said to be live, although its ledger cannot be told so', async () => {
    const on = stage();
    const ask = async (): Promise<Answer> => {
      if (on.told('s2').at(-1) === `${newRelease} live`)
        on.servers.plan({ server: 's2', step: 'record live', how: 'fails' });
      return { kind: 'unasked', why: 'no way there' };
    };
    expect(await on.deploy({ http: { ask } })).toMatchObject({
      result: 'failed',
      failures: [{ code: 'HEALTH_UNKNOWN' }, { code: 'HEALTH_UNKNOWN' }, { code: 'STEP_FAILED', server: 's2' }],
      hosts: [
        { state: 'live', live: newRelease },
        { state: 'live', live: newRelease },
      ],
    });
  });

  test('an unknown health stops further batches, and what is live already is settled with it', async () => {
    const on = stage({
      configuration: `${configuration}strategy: {batches: [1, 100%]}\n`,
      answers: [{ kind: 'unasked', why: 'no way there' }],
    });
    expect(await on.deploy()).toMatchObject({
      result: 'failed',
      hosts: [
        { state: 'live', live: newRelease },
        { state: 'untouched', live: oldRelease },
      ],
    });
    expect(on.told('s2').at(-1)).toBe(`${newRelease} prepared`);
  });

  test('a lost connection is opened again for the way back', async () => {
    const { on, outcome } = await deployWith({ server: 's2', step: 'switch-current', how: 'lost' });
    expect(outcome).toMatchObject({ result: 'reverted', failures: [{ code: 'CONNECTION_LOST', server: 's2' }] });
    expect(linesOf(on.from('revert'), 's2')).toEqual([
      'CONNECTION_LOST',
      'connect',
      'look at the lock: look at the lock',
      'end: end the program',
      'revert: switch current back, set the release aside, record failed, read current back',
      'published again: published: restart (restart app)',
      'unlock: give the lock back',
    ]);
    expect(on.live).toEqual([oldRelease, oldRelease]);
  });

  test('a server that is lost for its way back is in doubt, and the others write that down', async () => {
    const { on, outcome } = await deployWith({ server: 's2', step: 'switch-current', how: 'cut off' });
    expect(outcome).toMatchObject({
      result: 'failed',
      failures: [{ code: 'CONNECTION_LOST' }, { code: 'IN_DOUBT', server: 's2' }],
      hosts: [
        { state: 'reverted', live: oldRelease },
        { state: 'in doubt', live: undefined },
      ],
    });
    expect(linesOf(on.from('revert'), 's1')).toEqual([
      'revert: switch current back, set the release aside, record failed, read current back',
      'published again: published: restart (restart app)',
      'record doubt: record in doubt',
      'unlock: give the lock back',
    ]);
    expect(on.told('s1').at(-1)).toBe(`${newRelease} in_doubt s2`);
    expect(on.saved.at(-1)?.at).toBe('switching');
  });

  test('the hooks of the point `failed` all run, although one of them fails on a server', async () => {
    const hooks = 'hooks: {failed: [{name: collect, run: collect logs}, {name: tell, local: tell the chat}]}';
    const on = stage({
      configuration: hooks,
      faults: [
        { server: 's2', step: 'switch-current', how: 'fails' },
        { server: 's2', step: 'failed: collect', how: 'fails' },
      ],
    });
    await on.deploy();
    expect(on.from('revert').filter((line) => /runner|logs|HOOK|warning/.test(line))).toEqual([
      's1 failed: failed: collect (collect logs)',
      's2 failed: failed: collect (collect logs)',
      's2 HOOK_FAILED',
      'runner: tell the chat',
      'warning: a hook of the point `failed` failed on s2: the hook failed: collect failed: exit status 1',
    ]);
  });

  test('a server that cannot be put back is in doubt, and still says what is live', async () => {
    const on = stage({
      faults: [
        { server: 's2', step: 'published: restart', how: 'fails' },
        { server: 's2', step: 'switch-current-back', how: 'fails' },
      ],
    });
    expect(await on.deploy()).toMatchObject({
      result: 'failed',
      failures: [{ code: 'HOOK_FAILED' }, { code: 'IN_DOUBT', server: 's2' }],
      hosts: [
        { state: 'reverted', live: oldRelease },
        { state: 'in doubt', live: newRelease, liveness: 'known' },
      ],
    });
  });

  test('a cancelled run ends its programs and puts all back', async () => {
    const { on, outcome } = await deployWith({ server: 's2', step: 'published: restart', how: 'cancelled' });
    expect(outcome).toMatchObject({ result: 'reverted', failures: [{ code: 'CANCELLED' }] });
    expect(linesOf(on.from('switch'), 's2').slice(1, 4)).toEqual([
      'end: end the program',
      'CANCELLED',
      expect.stringMatching(/^revert: /),
    ]);
    expect(on.live).toEqual([oldRelease, oldRelease]);
  });
});

describe('after the switch', () => {
  test('a connection that is lost while the truth is read is opened again, and the deploy is good', async () => {
    const { on, outcome } = await deployWith({ server: 's2', step: 'read-current-back', how: 'lost' });
    expect(outcome).toMatchObject({ result: 'deployed', failures: [] });
    expect(linesOf(on.from('health'), 's2')).toEqual([
      'verify: read current back',
      'CONNECTION_LOST',
      'connect',
      'look at the lock: look at the lock',
      'end: end the program',
      'verify: read current back',
      'finish: record superseded, healthy, write revisions.log, give the lock back',
    ]);
  });

  test('a REVISION that is another one is told as that, and all go back', async () => {
    const on = stage();
    const ask = async (): Promise<Answer> => {
      on.tree('s2').releases.set(newRelease, oldRevision);
      return well;
    };
    expect(await on.deploy({ http: { ask } })).toMatchObject({
      result: 'reverted',
      failures: [
        {
          code: 'TRUTH_MISMATCH',
          server: 's2',
          message: `REVISION of ${newRelease} is ${oldRevision}, not ${newRevision}`,
        },
      ],
    });
  });

  test('a hook that fails never takes the release back, but the run is red and the locks are given back', async () => {
    const on = stage({
      configuration: configuration.replace('hooks:', 'hooks:\n  finishing: [{name: warm, run: warm up}]'),
      faults: [{ server: 's2', step: 'finishing: warm', how: 'fails' }],
    });
    expect(await on.deploy()).toMatchObject({
      result: 'failed',
      failures: [{ code: 'HOOK_FAILED', server: 's2', hint: expect.stringContaining('only with `force: true`') }],
      hosts: [{ state: 'healthy' }, { state: 'healthy' }],
    });
    expect(on.live).toEqual([newRelease, newRelease]);
    expect(on.locks).toEqual(['free', 'free']);
  });
});

describe('a server that cannot be reached', () => {
  test('is left out where the strategy allows it, and the others write that down', async () => {
    const on = stage({ configuration: `${configuration}strategy: {unreachable_allowed: 1}\n` });
    on.servers.away.add('s2');
    expect(await on.deploy()).toMatchObject({
      result: 'deployed',
      hosts: [{ state: 'healthy' }, { state: 'absent' }],
      warnings: ['s2 is left out: s2 does not answer'],
    });
    expect(linesOf(on.story, 's2')).toEqual(['connect']);
    expect(on.told('s1').at(-1)).toBe(`${newRelease} absent s2`);
  });

  test('is not left out where a hook that runs once would run nowhere without it', async () => {
    const servers = `application: shop
deploy_to: /srv/shop
ssh: {user: deploy}
stages: {production: {servers: [{host: s1, roles: [web]}, {host: s2, roles: [web]}, {host: s3, roles: [db]}]}}
strategy: {unreachable_allowed: 1}
`;
    const hooks = (roles: string) =>
      `hooks: {updated: [{name: migrate, run: migrate, once: true, roles: [${roles}]}], failed: [{name: look, run: look, once: true, roles: [db]}]}`;
    const away = stage({ servers, configuration: hooks('db') });
    away.servers.away.add('s3');
    expect(await away.deploy()).toMatchObject({
      result: 'failed',
      failures: [
        {
          code: 'UNREACHABLE',
          server: 's3',
          message:
            's3 does not answer; it cannot be left out, since the hook updated: migrate runs once, and on it alone',
        },
      ],
      hosts: [{ state: 'untouched' }, { state: 'untouched' }, { state: 'untouched' }],
    });
    const other = stage({ servers, configuration: hooks('db, web') });
    other.servers.away.add('s3');
    expect(await other.deploy()).toMatchObject({ result: 'deployed' });
    expect(other.from('prepare')).toContainEqual(expect.stringMatching(/^s1 prepare: updated: migrate /));
  });

  test('runs what it has until the next deploy brings it to what the others run', async () => {
    const on = stage({ configuration: `${configuration}strategy: {unreachable_allowed: 1}\n` });
    on.servers.away.add('s2');
    await on.deploy();
    on.servers.away.delete('s2');
    on.clock.pass(60_000);
    expect(await on.deploy()).toMatchObject({
      result: 'deployed',
      previous: newRelease,
      hosts: [{ state: 'healthy' }, { state: 'healthy' }],
    });
    expect(on.from('reconcile')).toEqual([]);
    expect(on.saved.at(-3)?.previous).toEqual({ s1: newRelease, s2: oldRelease });
    expect(on.told('s1').at(-1)).toMatch(/ rejoined s2$/);
    expect(new Set(on.live).size).toBe(1);
  });

  test('and could not be put back goes back to what it ran before anything else is done', async () => {
    const on = stage({ faults: [{ server: 's2', step: 'switch-current', how: 'cut off' }] });
    await on.deploy();
    on.servers.away.delete('s2');
    on.runs.says = 'ended';
    on.clock.pass(60_000);
    expect(await on.deploy()).toMatchObject({ result: 'deployed', previous: oldRelease });
    expect(on.from('reconcile').slice(0, 4)).toEqual([
      '# reconcile',
      `warning: s2: an earlier run left it out of sync; it goes from ${newRelease} to ${oldRelease}`,
      's2 reconcile: switch current back, set the release aside, record failed, read current back, published: restart (restart app)',
      '# prepare',
    ]);
    const put = on.servers.programs
      .filter(({ program }) => program.name === 'reconcile')
      .flatMap(({ program }) => program.steps);
    expect(put.filter(({ kind }) => kind === 'hook')).toMatchObject([
      { env: { SLIPWAY_RELEASE: oldRelease, SLIPWAY_REVISION: oldRevision } },
    ]);
    expect(on.tree('s2').comparedWith).toBe(oldRelease);
  });

  test('and could not be put back refuses nobody the release that the others run', async () => {
    const on = stage({ faults: [{ server: 's2', step: 'switch-current', how: 'cut off' }] });
    await on.deploy();
    on.servers.away.delete('s2');
    on.runs.says = 'ended';
    on.clock.pass(60_000);
    expect(await deploy(on.context, { ...on.request, revision: oldRevision })).toMatchObject({
      result: 'deployed',
      failures: [],
    });
    expect(on.from('reconcile')).not.toEqual([]);
  });

  test('and could not be put back is told as reconcile also where the run fails after that', async () => {
    const on = stage({ faults: [{ server: 's2', step: 'switch-current', how: 'cut off' }] });
    await on.deploy();
    on.servers.away.delete('s2');
    on.servers.plan({ server: 's1', step: 'updated: build', how: 'fails' });
    on.runs.says = 'ended';
    on.clock.pass(60_000);
    expect(await on.deploy()).toMatchObject({
      result: 'failed',
      reconciled: ['s2'],
      hosts: [{ live: oldRelease }, { state: 'untouched', live: oldRelease }],
    });
  });

  test('is left alone when it does not run what it was put on', async () => {
    const on = stage({ faults: [{ server: 's2', step: 'switch-current', how: 'cut off' }] });
    await on.deploy();
    on.servers.away.delete('s2');
    on.runs.says = 'ended';
    on.clock.pass(60_000);
    on.tree('s2').stuck = true;
    expect(await on.deploy()).toMatchObject({ result: 'failed', failures: [{ code: 'TRUTH_MISMATCH', server: 's2' }] });
    expect(on.tree('s2').current).toBe(`/srv/shop/releases/${newRelease}`);
  });

  test('keeps a release of before Slipway as a good one, also when a dead run had switched from it', async () => {
    const on = stage();
    for (const name of ['s1', 's2']) {
      const tree = on.tree(name);
      tree.ledger.splice(0);
      tree.has(newRelease, newRevision, ['preparing', 'prepared', 'live'], {
        ...recordOf(newRevision),
        previous: oldRelease,
      });
      tree.current = `/srv/shop/releases/${newRelease}`;
    }
    on.clock.pass(60_000);
    expect(await on.deploy()).toMatchObject({ result: 'deployed' });
    expect(on.tree('s1').events).toContain(`${oldRelease} adopted`);
  });
});

describe('a lock that is held', () => {
  test('on one server makes us give the others back and wait, and the facts are read anew under ours', async () => {
    const on = stage();
    on.tree('s2').lock = foreignLock;
    on.clock.meanwhile = () => (on.tree('s2').lock = undefined);
    expect(await on.deploy()).toMatchObject({ result: 'deployed' });
    expect(on.from('lock').slice(0, on.from('lock').indexOf('# prepare'))).toEqual([
      '# lock',
      `s1 lock: take the lock, ${facts}`,
      `s2 lock: take the lock, ${facts}`,
      's1 unlock: give the lock back',
      'note: waiting for the lock; s2 is locked: deploy of octo/shop, run 999 attempt 1, by hubot, since 2026-11-21T19:00:00Z, last seen 3 s ago',
      `s1 lock: take the lock, ${facts}`,
      `s2 lock: take the lock, ${facts}`,
      'note: locked s1 and s2',
      `note: this run makes release 20261121193712: on s1 release ${oldRelease} holds other files`,
    ]);
  });

  test('too long ends the run, and says who holds it', async () => {
    const on = stage();
    on.tree('s1').lock = foreignLock;
    expect(await on.deploy()).toMatchObject({
      result: 'failed',
      failures: [{ code: 'LOCK_HELD', server: 's1', message: expect.stringContaining('by hubot') }],
    });
    expect(on.locks).toEqual(['locked', 'free']);
    expect(on.live).toEqual([oldRelease, oldRelease]);
  });

  test('is named once a minute, and not with every try', async () => {
    const on = stage();
    on.tree('s1').lock = foreignLock;
    await on.deploy();
    const waited = on.context.settings.lock.wait / 60_000;
    expect(on.from('lock').filter((line) => line.startsWith('note: waiting')).length).toBeOneOf([waited - 1, waited]);
    expect(on.from('lock').filter((line) => line.includes('take the lock')).length).toBeGreaterThan(10 * waited);
  });

  test('by a job that has ended is taken over: its programs are ended first', async () => {
    const on = stage();
    on.tree('s2').lock = foreignLock;
    on.runs.says = 'ended';
    expect(await on.deploy()).toMatchObject({
      result: 'deployed',
      warnings: [expect.stringContaining('its job has ended')],
    });
    expect(linesOf(on.from('lock'), 's2').slice(0, 4)).toEqual([
      `lock: take the lock, ${facts}`,
      'end: end the program',
      'take over: put the old lock aside',
      `lock: take the lock, ${facts}`,
    ]);
  });
});
