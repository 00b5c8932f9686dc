import { describe, expect, it } from 'vitest';
import { plainFile, problems, read } from '../../rig/reading.ts';

const withServers = (servers: string, more = ''): string =>
  plainFile.replace(/servers: \[.*\]/, `servers: [${servers}]`) + more;

describe('servers of a stage', () => {
  it.each([
    [
      '{host: "$(id)"}',
      '4:40: stages.production.servers[0].host: expected a host, an address or a pattern such as web[01:12].example.com, found "$(id)"',
    ],
    [
      '{host: -oProxyCommand}',
      '4:40: stages.production.servers[0].host: expected a host, an address or a pattern such as web[01:12].example.com, found "-oProxyCommand"',
    ],
    [
      '{host: "a\\nb"}',
      '4:40: stages.production.servers[0].host: expected a host, an address or a pattern such as web[01:12].example.com, found "a\\nb"',
    ],
    ['{host: "[1:2000]"}', '4:40: stages.production.servers[0].host: a pattern may name at most 1000 hosts'],
    ['{host: "w[1:999]"}, {host: a}, {host: b}', '4:32: stages.production.servers: expected at most 1000 servers'],
    [
      '{host: "w[1:2]", name: x}',
      '4:56: stages.production.servers[0].name: names one server, but its pattern stands for 2',
    ],
    [
      '{host: a}, {host: a}',
      '4:44: stages.production.servers[1]: "a:22" is here twice: give one of them a name of its own',
    ],
    [
      '{host: a, name: x}, {host: b, name: x}',
      '4:53: stages.production.servers[1]: "x" is here twice: give one of them a name of its own',
    ],
    [
      '{host: a, name: x}, {host: A, name: y}',
      '4:53: stages.production.servers[1]: is the same directory on the same host as another server of this stage',
    ],
    ['{host: a, no_release: true}', '4:32: stages.production.servers: expected at least one server with a release'],
    [
      '{host: a}, {host: b, no_release: true, primary: true}',
      '4:81: stages.production.servers[1].primary: contradicts "no_release": `once` hooks run where a release is',
    ],
    ['{host: a, user: "-l root"}', '4:49: stages.production.servers[0].user: expected a user name, found "-l root"'],
    [
      '{host: a, deploy_to: /}',
      '4:54: stages.production.servers[0].deploy_to: expected an absolute path below "/", without empty, "." or ".." parts, found "/"',
    ],
    [
      '{host: a, deploy_to: /srv/../etc}',
      '4:54: stages.production.servers[0].deploy_to: expected an absolute path below "/", without empty, "." or ".." parts, found "/srv/../etc"',
    ],
    [
      '{host: a, port: 65536}',
      '4:49: stages.production.servers[0].port: expected a whole number from 1 to 65535, found 65536',
    ],
    ['{host: a, role: [web]}', '4:43: stages.production.servers[0].role: unknown key; did you mean "roles"?'],
    ['web1', '4:33: stages.production.servers[0]: expected a map, found "web1"'],
  ])('are refused: %s', (servers, message) => {
    expect(problems(withServers(servers))).toEqual([`CONFIG_INVALID slipway.yml:${message}`]);
  });

  it('need a user and a deploy_to from somewhere', () => {
    const bare = 'application: a\nstages: {p: {servers: [{host: x}, {host: y, user: u, deploy_to: /srv/y}]}}';
    expect(problems(bare)).toEqual([
      'CONFIG_INVALID slipway.yml:2:24: stages.p.servers[0]: has no user: set "ssh.user", or "user" here',
      'CONFIG_INVALID slipway.yml:2:24: stages.p.servers[0]: has no deploy_to: set it for the file, for the stage or here',
    ]);
  });

  it('are told apart by port, and one directory of one host may hold two trees', () => {
    const servers = read(
      withServers('{host: a}, {host: a, port: 23}, {name: canary, host: a, deploy_to: /srv/canary/}'),
    ).servers;
    expect(servers.map((one) => [one.name, one.deployTo])).toEqual([
      ['a:22', '/srv/shop'],
      ['a:23', '/srv/shop'],
      ['canary', '/srv/canary'],
    ]);
  });

  it('may be named like what every object has', () => {
    expect(read(withServers('{host: a, labels: {constructor: x}, roles: [toString]}')).servers[0]).toMatchObject({
      labels: { constructor: 'x' },
      roles: ['toString'],
    });
  });

  it('take part in hooks of their role without a release, but not in probes', () => {
    const fleet = withServers(
      '{host: a}, {host: b, no_release: true, roles: [cache]}',
      'hooks: {updated: [{run: x, roles: [cache]}]}\nhealth: [{run: x, roles: [cache]}]',
    );
    expect(problems(fleet)).toEqual([
      'CONFIG_INVALID slipway.yml:6:27: health[0].roles[0]: only servers without a release have the role "cache", and those are not probed',
    ]);
  });

  it('are no place for what runs once, which would never run where they alone have its roles', () => {
    const fleet = (roles: string) =>
      withServers(
        '{host: a, roles: [web]}, {host: b, no_release: true, roles: [db]}',
        `hooks: {updated: [{run: migrate, once: true, roles: [${roles}]}]}`,
      );
    expect(problems(fleet('db'))).toEqual([
      'CONFIG_INVALID slipway.yml:5:40: hooks.updated[0].once: only servers without a release have its roles, and what runs once runs where a release is',
    ]);
    expect(problems(fleet('db, web'))).toEqual([]);
  });
});

describe('bastions', () => {
  it('are read as OpenSSH writes them', () => {
    const jump = plainFile.replace('{user: deploy}', '{user: deploy, jump: "ops@b1:2222, b2, [2001:db8::1]:23"}');
    expect(read(jump).ssh.jumps).toEqual([
      { user: 'ops', host: 'b1', port: 2222 },
      { user: 'deploy', host: 'b2', port: 22 },
      { user: 'deploy', host: '2001:db8::1', port: 23 },
    ]);
  });

  it.each(['a b', 'x@y@z', '-oX@h', 'h:0', 'h:99999', 'h:x', 'a,', '$(id)@h', 'u@-h'])('are refused: %s', (jump) => {
    const expected = 'expected bastions such as "ops@bastion.example.com:22", comma separated';
    expect(problems(plainFile.replace('{user: deploy}', `{user: deploy, jump: "${jump}"}`))).toEqual([
      `CONFIG_INVALID slipway.yml:3:27: ssh.jump: ${expected}, found "${jump}"`,
    ]);
  });

  it('need a user too', () => {
    const text = 'application: a\ndeploy_to: /a\nssh: {jump: b1}\nstages: {p: {servers: [{host: x, user: u}]}}';
    expect(problems(text)).toEqual([
      'CONFIG_INVALID slipway.yml:3:13: ssh.jump: "b1" has no user: write "user@host", or set "ssh.user"',
    ]);
  });
});
