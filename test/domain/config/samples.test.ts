import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { problems, read } from '../../rig/reading.ts';

const sample = (name: string): string => readFileSync(new URL(`samples/${name}.yml`, import.meta.url), 'utf8');

describe('the smallest file', () => {
  it('resolves to its servers and the defaults', () => {
    const { canonical, hooks, servers, health, ...rest } = read(sample('smallest'));
    expect(servers.map((server) => server.name)).toEqual(['web1.example.com', 'web2.example.com']);
    expect(servers[0]).toEqual({
      name: 'web1.example.com',
      host: 'web1.example.com',
      port: 22,
      user: 'deploy',
      deployTo: '/srv/shop',
      roles: ['web'],
      labels: {},
      primary: 'ordinary',
      release: 'release',
    });
    expect(rest).toMatchObject({
      application: 'shop',
      stage: 'production',
      environment: undefined,
      keepReleases: 5,
      artifact: { from: { kind: 'git' }, exclude: [] },
      linkedDirs: ['log', 'tmp/pids', 'storage'],
      linkedFiles: ['.env'],
      ssh: { jumps: [], connectTimeout: 15_000, retries: 2, maxConnecting: 8 },
      become: undefined,
      strategy: {
        maxParallel: 25,
        batches: [{ kind: 'percent', percent: 100 }],
        wait: 0,
        unreachableAllowed: { kind: 'count', count: 0 },
        hostDeadline: 180_000,
      },
      limits: { commandTimeout: 600_000, idleTimeout: undefined, minFreeDisk: 500_000_000, minFreeInodes: 10_000 },
      lock: { wait: 900_000, lease: 600_000 },
      summaryServers: undefined,
    });
    expect(hooks.published).toEqual([
      {
        name: 'restart',
        command: 'sudo systemctl restart shop',
        where: 'server',
        roles: [],
        times: 'each server',
        whenChanged: [],
        maxParallel: undefined,
        timeout: undefined,
        secrets: [],
        reversible: 'reversible',
      },
    ]);
    expect(health).toEqual([
      {
        name: 'http://127.0.0.1:3000/up',
        roles: [],
        required: 'required',
        interval: 2000,
        timeout: 5000,
        healthyAfter: 1,
        deadline: 60_000,
        ask: {
          kind: 'http',
          url: 'http://127.0.0.1:3000/up',
          from: 'server',
          headers: {},
          status: 200,
          bodyContains: undefined,
        },
      },
    ]);
    expect(JSON.parse(canonical)).toMatchObject({ application: 'shop', stage: 'production' });
  });
});

describe('the file with every key', () => {
  it('names each key of a later version at its place', () => {
    const later = 'belongs to a later version of Slipway';
    expect(problems(sample('everything'))).toEqual([
      `NOT_YET slipway.yml:28:3: ssh.certificate: ${later}`,
      `NOT_YET slipway.yml:101:3: audit.sinks: ${later}`,
    ]);
  });

  it('resolves without them', () => {
    const resolved = read(sample('today'));
    expect(resolved.servers.map((server) => server.name).slice(8)).toEqual([
      'web09.example.com',
      'web10.example.com',
      'web11.example.com',
      'web12.example.com',
      'worker1.example.com',
      'db1.example.com',
      'cache1.example.com',
      'canary',
    ]);
    expect(resolved.servers.at(-1)).toMatchObject({
      host: '10.0.0.9',
      port: 2222,
      user: 'app',
      deployTo: '/srv/canary',
    });
    expect(resolved.servers.at(-2)).toMatchObject({ release: 'no release' });
    expect(resolved.servers.at(-3)).toMatchObject({ primary: 'primary' });
    expect(resolved.environment).toBe('production');
    expect(resolved.ssh).toMatchObject({
      knownHosts: '.github/known_hosts',
      jumps: [{ user: 'ops', host: 'bastion.example.com', port: 22 }],
    });
    expect(resolved.strategy.batches).toEqual([
      { kind: 'count', count: 1 },
      { kind: 'percent', percent: 25 },
      { kind: 'percent', percent: 100 },
    ]);
    expect(resolved.strategy).toMatchObject({ wait: 60_000, maxParallel: 25 });
    expect(resolved.hooks.starting[0]).toMatchObject({ where: 'runner', command: './script/require-checks' });
    expect(resolved.hooks.updated[1]).toMatchObject({
      times: 'once',
      whenChanged: ['db/migrate/**'],
      reversible: 'irreversible',
      timeout: 900_000,
    });
    expect(resolved.health[0]?.ask).toMatchObject({
      headers: { Host: 'shop.example.com' },
      bodyContains: '{revision}',
    });
    expect(resolved.health[2]).toMatchObject({ required: 'informs', ask: { from: 'runner' } });
    expect(resolved.become).toBe('shop');
    expect(resolved.summaryServers).toBe('names');
  });
});
