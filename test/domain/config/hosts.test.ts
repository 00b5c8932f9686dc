import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandHost, isHost, selectServers, serverNames } from '../../../src/domain/config/hosts.ts';
import { Failure } from '../../../src/domain/failure.ts';
import type { Server } from '../../../src/domain/server.ts';

describe('patterns of hosts', () => {
  it.each([
    ['web1.example.com', ['web1.example.com']],
    ['web[1:3].example.com', ['web1.example.com', 'web2.example.com', 'web3.example.com']],
    ['web[08:11]', ['web08', 'web09', 'web10', 'web11']],
    ['db[a:c]', ['dba', 'dbb', 'dbc']],
    ['[A:B]x', ['Ax', 'Bx']],
    ['r[1:2]n[a:b]', ['r1na', 'r1nb', 'r2na', 'r2nb']],
    ['10.0.0.[9:10]', ['10.0.0.9', '10.0.0.10']],
    ['2001:db8::1', ['2001:db8::1']],
    ['h[7:7]', ['h7']],
  ])('unfolds %s', (pattern, hosts) => {
    expect(expandHost(pattern)).toEqual({ kind: 'hosts', hosts });
  });

  it.each([
    ['web[3:1]', 'a range begins with its lower end'],
    ['web[f:a]', 'a range begins with its lower end'],
    ['web[1:999999999]', 'a pattern may name at most 1000 hosts'],
    ['w[1:100][1:100]', 'a pattern may name at most 1000 hosts'],
    ['web[1-3]', '"[1-3]" is not a range such as [01:12] or [a:f] (an IPv6 address stands without brackets)'],
    ['[::1]', '"[::1]" is not a range such as [01:12] or [a:f] (an IPv6 address stands without brackets)'],
    ['web[1:3', 'a host is made of letters, digits, ".", "_", ":" and "-", and does not begin with "-"'],
    ['-oProxyCommand=x', 'a host is made of letters, digits, ".", "_", ":" and "-", and does not begin with "-"'],
    ['$(id)', 'a host is made of letters, digits, ".", "_", ":" and "-", and does not begin with "-"'],
    ['web1:2222', 'a port does not stand behind the host: it has a key of its own, "port"'],
    ['10.0.0.[1:9]:22', 'a port does not stand behind the host: it has a key of its own, "port"'],
    ['', 'a host is made of letters, digits, ".", "_", ":" and "-", and does not begin with "-"'],
  ])('refuses %s', (pattern, because) => {
    expect(expandHost(pattern)).toEqual({ kind: 'wrong', because });
  });

  it('unfolds every range to its length, in order, as wide as it was written', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(999), fc.integer({ min: 1, max: 6 }), (first, more, width) => {
        const start = String(first).padStart(width, '0');
        const expansion = expandHost(`h[${start}:${first + more}]`);
        const expected = Array.from(
          { length: more + 1 },
          (_, index) => `h${String(first + index).padStart(start.startsWith('0') ? start.length : 1, '0')}`,
        );
        expect(expansion).toEqual({ kind: 'hosts', hosts: expected });
      }),
    );
  });

  it('gives only hosts that are safe as words, whatever the pattern', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('w', '1', '[', ']', ':', '-', '$', ' ', '\n', 'a') }),
        (pattern) => {
          const expansion = expandHost(pattern);
          if (expansion.kind === 'hosts') expect(expansion.hosts.every(isHost)).toBe(true);
        },
      ),
    );
  });
});

describe('names of servers', () => {
  it('are the name, else the host, else host:port where a host comes twice', () => {
    const servers = [
      { name: 'canary', host: 'a', port: 22 },
      { name: undefined, host: 'a', port: 23 },
      { name: undefined, host: 'b', port: 22 },
      { name: undefined, host: 'b', port: 23 },
    ];
    expect(serverNames(servers)).toEqual(['canary', 'a', 'b:22', 'b:23']);
  });
});

const server = (name: string, roles: readonly string[], rest: Partial<Server> = {}): Server => {
  return {
    name,
    host: `${name}.example.com`,
    port: 22,
    user: 'deploy',
    deployTo: '/srv/a',
    roles,
    labels: {},
    primary: 'ordinary',
    release: 'release',
    ...rest,
  };
};
const fleet = [
  server('web1', ['web']),
  server('web2', ['web', 'admin']),
  server('db1', ['db']),
  server('cache1', ['cache'], { release: 'no release' }),
];
const chosen = (hosts: string, roles = ''): readonly string[] =>
  selectServers(fleet, { hosts, roles }).map((one) => one.name);
const refusal = (hosts: string, roles = ''): string => {
  try {
    return `chose ${chosen(hosts, roles).join(', ')}`;
  } catch (error) {
    return error instanceof Failure ? `${error.code} ${error.message}` : String(error);
  }
};

describe('choosing servers', () => {
  it.each([
    ['', '', ['web1', 'web2', 'db1', 'cache1']],
    [' \n,', '', ['web1', 'web2', 'db1', 'cache1']],
    ['web*', '', ['web1', 'web2']],
    ['web2,web1', '', ['web1', 'web2']],
    ['db1.example.com\nweb?', '', ['web1', 'web2', 'db1']],
    ['!web1', '', ['web2', 'db1', 'cache1']],
    ['web*, ! web1', '', ['web2']],
    ['', 'web,db', ['web1', 'web2', 'db1']],
    ['', '!web', ['db1', 'cache1']],
    ['web*', 'admin', ['web2']],
    ['*.example.com', '*', ['web1', 'web2', 'db1', 'cache1']],
  ])('hosts %j and roles %j leave %j', (hosts, roles, names) => {
    expect(chosen(hosts, roles)).toEqual(names);
  });

  it.each([
    [
      'wbe1',
      '',
      'NO_SERVERS Nothing fits "wbe1" in the input hosts. There is: web1, web1.example.com, web2, web2.example.com, db1, db1.example.com, cache1, cache1.example.com.',
    ],
    ['web1,wbe2', '', 'NO_SERVERS Nothing fits "wbe2" in the input hosts.'],
    ['!wbe2', '', 'NO_SERVERS Nothing fits "!wbe2" in the input hosts.'],
    ['', 'worker', 'NO_SERVERS Nothing fits "worker" in the input roles. There is: web, admin, db, cache.'],
    ['db1', 'web', 'NO_SERVERS The inputs hosts and roles leave no server.'],
    ['cache1', '', 'NO_SERVERS The inputs hosts and roles leave only servers without a release.'],
    ['web1, !web1', '', 'NO_SERVERS The inputs hosts and roles leave no server.'],
    ['web[1]', '', 'NO_SERVERS Nothing fits "web[1]" in the input hosts.'],
    ['::set-output\n', '', 'NO_SERVERS Nothing fits "::set-output" in the input hosts.'],
  ])('refuses hosts %j and roles %j', (hosts, roles, message) => {
    expect(refusal(hosts, roles)).toContain(message);
  });

  it('is not slowed down by a hostile glob', () => {
    const long = [server('a'.repeat(250), ['web'])];
    expect(() => selectServers(long, { hosts: `${'*a'.repeat(2000)}b`, roles: '' })).toThrow(Failure);
  });

  it('matches as a regular expression of the same meaning does', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1 }),
        fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1 }),
        (glob, name) => {
          const expected = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
          const one = [server(name, [], { host: '_' })];
          const choose = (): readonly Server[] => selectServers(one, { hosts: glob, roles: '' });
          if (expected || glob === '?' || /^\*+\??\**$/.test(glob)) expect(choose()).toEqual(one);
          else expect(choose).toThrow(Failure);
        },
      ),
    );
  });
});
