import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { conclude, type Evidence } from '../../../src/domain/fleet/conclusion.ts';
import type { Server } from '../../../src/domain/server.ts';
import type { Current } from '../../../src/domain/tree/facts.ts';

const [before, release] = ['20261120000000', '20261121000000'] as const;
const server = (name: string): Server => ({
  name,
  host: name,
  port: 22,
  user: 'deploy',
  deployTo: '/srv/shop',
  roles: [],
  labels: {},
  primary: 'ordinary',
  release: 'release',
});
const runs = (id: string): Current => ({ kind: 'release', release: id, revision: 'a'.repeat(40) });
const failure = new Failure('STEP_FAILED', 'it failed', { server: 'web1' });

const base: Evidence = {
  servers: [server('web1'), server('web2')],
  absent: [],
  release,
  verified: 'verified',
  previous: new Map([
    ['web1', before],
    ['web2', before],
  ]),
  current: new Map([
    ['web1', runs(release)],
    ['web2', runs(release)],
  ]),
  switched: new Set(['web1', 'web2']),
  inDoubt: new Set(),
  health: new Map(),
  failures: [],
};
const told = (more: Partial<Evidence>) => {
  const { result, hosts } = conclude({ ...base, ...more });
  return [result, ...hosts.map(({ state }) => state)];
};

describe('the result of a run', () => {
  test('is deployed where every server runs the release and is healthy', () => {
    expect(told({})).toEqual(['deployed', 'healthy', 'healthy']);
    expect(told({ absent: ['web2'] })).toEqual(['deployed', 'healthy', 'absent']);
  });

  test('is reverted only where every server that was switched runs again what it ran', () => {
    const back = { verified: 'unverified', failures: [failure] } as const;
    expect(
      told({
        ...back,
        current: new Map([
          ['web1', runs(before)],
          ['web2', runs(before)],
        ]),
      }),
    ).toEqual(['reverted', 'reverted', 'reverted']);
    expect(
      told({
        ...back,
        switched: new Set(['web1']),
        current: new Map([
          ['web1', runs(before)],
          ['web2', runs(before)],
        ]),
      }),
    ).toEqual(['reverted', 'reverted', 'untouched']);
    expect(told({ ...back, current: new Map([['web1', runs(before)]]) })).toEqual(['failed', 'reverted', 'in doubt']);
    expect(
      told({
        ...back,
        current: new Map([
          ['web1', runs(before)],
          ['web2', { kind: 'elsewhere', target: '/etc' }],
        ]),
      }),
    ).toEqual(['failed', 'reverted', 'in doubt']);
    expect(
      told({
        ...back,
        current: new Map([
          ['web1', runs(before)],
          ['web2', runs(release)],
        ]),
      }),
    ).toEqual(['failed', 'reverted', 'live']);
  });

  test('of a first deploy is reverted where nothing is live again, but not where current is no link', () => {
    const first = {
      verified: 'unverified',
      failures: [failure],
      servers: [server('web1')],
      previous: new Map([['web1', undefined]]),
      switched: new Set(['web1']),
    } as const;
    expect(told({ ...first, current: new Map([['web1', { kind: 'none' }]]) })).toEqual(['reverted', 'reverted']);
    expect(told({ ...first, current: new Map([['web1', { kind: 'not a link' }]]) })).toEqual(['failed', 'in doubt']);
  });

  test('is unchanged where there was nothing to do', () => {
    expect(told({ release: undefined, switched: new Set() })).toEqual(['unchanged', 'unchanged', 'unchanged']);
  });

  test('names a failure at its server, also one that is gathered in another', () => {
    const gathered = new Failure('PREFLIGHT', 'several', { problems: [failure] });
    expect(conclude({ ...base, failures: [gathered] }).hosts.map(({ failures }) => failures)).toEqual([[failure], []]);
  });

  const truth = fc.constantFrom<Current | undefined>(
    runs(release),
    runs(before),
    { kind: 'none' },
    { kind: 'not a link' },
    { kind: 'elsewhere', target: '/etc' },
    undefined,
  );
  const some = fc.subarray(['web1', 'web2']).map((names) => new Set(names));
  const evidence = fc
    .record({
      one: truth,
      two: truth,
      switched: some,
      inDoubt: some,
      absent: some,
      verified: fc.constantFrom('verified', 'unverified'),
      failures: fc.constantFrom([], [failure]),
    })
    .map(
      ({ one, two, absent, ...more }): Evidence => ({
        ...base,
        ...(more as Partial<Evidence>),
        absent: [...absent],
        current: new Map(
          Object.entries({ web1: one, web2: two }).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, value]],
          ),
        ),
      }),
    );

  test('is never green after a failure, nor while a server that was reached is not known to run the release', () => {
    fc.assert(
      fc.property(evidence, (found) => {
        if (conclude(found).result !== 'deployed') return;
        expect(found.failures).toEqual([]);
        for (const { name } of found.servers)
          if (!found.absent.includes(name)) expect(found.current.get(name)).toEqual(runs(release));
      }),
    );
  });

  test('is never reverted while a server that was switched was not read back', () => {
    fc.assert(
      fc.property(evidence, (found) => {
        if (conclude(found).result !== 'reverted') return;
        for (const name of found.switched)
          if (!found.absent.includes(name)) expect(found.current.get(name)).toEqual(runs(before));
      }),
    );
  });
});
