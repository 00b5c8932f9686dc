import { expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.ts';
import { deployOutputs, planOutput } from '../../../../src/domain/report/deploy/outputs.ts';
import { hostOf, outcomeOf, planOf, revision, unhealthy } from '../samples.ts';

it('the outputs of a deploy say what is known, and null for what is not', () => {
  const hosts = [
    hostOf('web1', { health: [] }),
    hostOf('web2', { state: 'in doubt', live: undefined, revision: undefined, health: [], failures: [unhealthy] }),
    hostOf('web3', { state: 'absent', live: undefined, revision: undefined, health: [] }),
  ];
  const { hosts: json, ...others } = deployOutputs(outcomeOf({ result: 'failed', previous: undefined, hosts }));
  expect(others).toEqual({
    release: '20261121193711',
    'previous-release': '',
    result: 'failed',
    'failed-hosts': 'web2',
    'duration-ms': '12340',
  });
  expect(JSON.parse(json)).toEqual({
    web1: {
      state: 'healthy',
      live: '20261121193711',
      revision,
      in_doubt: false,
      roles: ['web'],
      health: [],
      failures: [],
    },
    web2: {
      state: 'in_doubt',
      live: null,
      revision: null,
      in_doubt: true,
      roles: ['web'],
      health: [],
      failures: [
        { code: 'UNHEALTHY', sentence: unhealthy.message, hint: unhealthy.hint, server: 'web2', problems: [] },
      ],
    },
    web3: { state: 'absent', live: null, revision: null, in_doubt: false, roles: ['web'], health: [], failures: [] },
  });
});

it('a server without a tree that failed is among those to look at, each once', () => {
  const failures = [
    new Failure('HOOK_FAILED', 'the hook failed', { server: 'cache' }),
    new Failure('HOOK_FAILED', 'another one', { server: 'cache' }),
  ];
  const hosts = [hostOf('web1'), hostOf('web2', { state: 'in doubt', failures: [unhealthy] })];
  expect(deployOutputs(outcomeOf({ result: 'failed', hosts, failures }))['failed-hosts']).toBe('web2,cache');
});

it('a server may have any name', () => {
  const { hosts } = deployOutputs(outcomeOf({ hosts: [hostOf('__proto__')] }));
  expect(Object.keys(JSON.parse(hosts))).toEqual(['__proto__']);
});

it('the plan is one JSON object', () => {
  const problem = new Failure('DISK_FULL', '12 MB are free', { server: 'web2', hint: 'Free some.' });
  expect(JSON.parse(planOutput(planOf({ problems: [problem] })))).toEqual({
    kind: 'plan',
    application: 'shop',
    stage: 'production',
    revision,
    ref_name: 'main',
    hosts: {
      web1: {
        roles: ['web'],
        batch: 1,
        from: '20261120080000',
        from_revision: revision.replace('0', '1'),
        locked_by: null,
        notes: [],
      },
      web2: {
        roles: ['web'],
        batch: 2,
        from: '20261120080000',
        from_revision: revision.replace('0', '1'),
        locked_by: null,
        notes: [],
      },
    },
    steps: ['upload 312 files (4.1 MB)', 'updated: bundle', 'switch', 'published: restart'],
    unchanged: false,
    problems: [{ code: 'DISK_FULL', sentence: '12 MB are free', hint: 'Free some.', server: 'web2', problems: [] }],
    warnings: [],
    rollback: { possible: true, because: 'release 20261120080000 is complete on every server.' },
  });
});
