import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import type { HostHash, HostVerdict } from '../../../src/domain/ssh/known-hosts.ts';
import {
  checkHostKey,
  hostKeyFrom,
  keysFor,
  knownHostsLine,
  parseKnownHosts,
} from '../../../src/domain/ssh/known-hosts.ts';
import { suite } from '../../rig/part.ts';
import { runs } from '../../rig/runs.ts';
import type { TestServers } from '../../rig/sshd.ts';
import { generateKey, missing, startServers } from '../../rig/sshd.ts';

const hash: HostHash = (salt, text) => createHmac('sha1', salt).update(text).digest();

/** A well-formed ed25519 key whose bytes are all `seed`. */
function madeUp(seed: number): string {
  const blob = Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from('ssh-ed25519'),
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, seed),
  ]);
  return `ssh-ed25519 ${blob.toString('base64')}`;
}

function problemsOf(text: string): string[] {
  try {
    parseKnownHosts(text);
  } catch (error) {
    if (error instanceof Failure && error.code === 'KNOWN_HOSTS_INVALID')
      return error.problems.length === 0 ? [error.message] : error.problems.map((problem) => problem.message);
    throw error;
  }
  return [];
}

describe('a known_hosts file', () => {
  it('may hold comments, empty lines, tabs, CRLF, a BOM and comments behind keys', () => {
    const text = `\uFEFF# ours\r\n\r\n  \t\r\none.example\t${madeUp(1)} root@one\r\n@revoked * ${madeUp(2)}\r\n`;
    expect(parseKnownHosts(text).map(({ line, says, hosts }) => [line, says, hosts])).toEqual([
      [4, 'trusted', 'one.example'],
      [5, 'revoked', '*'],
    ]);
  });

  it('is refused with every bad line and its number', () => {
    const good = madeUp(1);
    const text = [
      `fine ${good}`,
      `@marker fine ${good}`,
      good,
      'fine ssh-ed25519',
      `fine ssh-rsa ${good.split(' ')[1]}`,
      `fine ${good.slice(0, -9)}`,
      `|1|broken ${good}`,
      'fine ssh-ed25519 !!!!',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      'known_hosts, line 2: only @cert-authority and @revoked are known as markers.',
      'known_hosts, line 3: the name of the host is missing before the type of the key.',
      'known_hosts, line 4: a line is: host names, the type of the key, the key.',
      'known_hosts, line 5: the type before the key is not the type of the key.',
      'known_hosts, line 6: the key is broken; it was perhaps cut or wrapped.',
      'known_hosts, line 7: the hashed host name is broken; it is |1|salt|hash.',
      'known_hosts, line 8: the key is broken; it was perhaps cut or wrapped.',
    ]);
  });

  it('may hold keys of types that we do not know', () => {
    const type = 'sk-ssh-ed25519@openssh.com';
    const blob = Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(type), Buffer.alloc(40, 7)]).toString(
      'base64',
    );
    expect(parseKnownHosts(`one ${type} ${blob}`)).toHaveLength(1);
  });

  it('trusts a key after the line that we tell people to add', () => {
    const key = hostKeyFrom(Buffer.from(madeUp(9).split(' ')[1] ?? '', 'base64'));
    if (key === undefined) throw new Error('the key is well-formed');
    for (const where of [
      { host: 'Web.Example', port: 22 },
      { host: '::1', port: 2222 },
    ]) {
      expect(checkHostKey(keysFor(parseKnownHosts(knownHostsLine(where, key)), where, hash), key)).toBe('trusted');
    }
  });
});

suite('matching like ssh-keygen -F', missing(), () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-known-hosts-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The numbers of the lines that OpenSSH finds for `name`. */
  function found(text: string, name: string): number[] {
    const path = join(folder, 'known_hosts');
    writeFileSync(path, text);
    const { stdout } = spawnSync('ssh-keygen', ['-F', name, '-f', path], { encoding: 'utf8' });
    return [...stdout.matchAll(/found: line (\d+)/g)].map(([, line]) => Number(line));
  }

  function ours(text: string, host: string, port: number): number[] {
    const name = port === 22 ? host : `[${host}]:${port}`;
    // Each line alone, so that the bare name does not count where `[host]:port` has a key.
    return parseKnownHosts(text).flatMap((entry) => {
      const keys = keysFor([entry], { host: name, port: 22 }, hash);
      return [...keys.trusted, ...keys.revoked, ...keys.authorities].length > 0 ? [entry.line] : [];
    });
  }

  const host = fc.constantFrom('a', 'web1.example.com', 'web2.example.com', '10.0.0.1', '::1', 'fe80::1');
  const pattern = fc.oneof(
    host,
    fc.constantFrom(
      '*',
      '?',
      '*.example.com',
      'web?.example.com',
      'WEB1.Example.com',
      '10.0.0.*',
      '**1',
      '*e*e*',
      '[web1.example.com]:2222',
      '[*]:2222',
      '[*]:*',
      '[10.0.0.1]:2222',
      '*:22*',
      '',
    ),
  );
  const hosts = fc
    .array(fc.tuple(fc.boolean(), pattern), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.map(([not, name]) => (not ? `!${name}` : name)).join(','));

  it('finds the same lines for any patterns', () => {
    const line = fc.tuple(
      fc.constantFrom('', '', '@revoked ', '@cert-authority '),
      hosts.filter((text) => text !== '' && !text.startsWith('@')),
    );
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 12 }),
        host,
        fc.constantFrom(22, 2222),
        (lines, name, port) => {
          const text = `${lines.map(([marker, names], index) => `${marker}${names} ${madeUp(index)}`).join('\n')}\n`;
          expect(ours(text, name, port)).toEqual(found(text, port === 22 ? name : `[${name}]:${port}`));
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it('finds hashed names, with ports and without', () => {
    const path = join(folder, 'hashed');
    writeFileSync(path, `web1.example.com ${madeUp(1)}\n[web1.example.com]:2222 ${madeUp(2)}\n10.0.0.1 ${madeUp(3)}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', path]);
    const text = execFileSync('cat', [path], { encoding: 'utf8' });
    expect(text).not.toContain('web1');
    for (const [name, port] of [
      ['web1.example.com', 22],
      ['web1.example.com', 2222],
      ['10.0.0.1', 22],
      ['10.0.0.1', 2222],
      ['other', 22],
    ] as const) {
      expect(ours(text, name, port)).toEqual(found(text, port === 22 ? name : `[${name}]:${port}`));
    }
    expect(ours(text, 'WEB1.example.com', 22)).toEqual([1]);
  });
});

suite('judging like ssh itself', missing(), () => {
  let fixture: TestServers;
  let other: string;
  let ecdsa: string;

  beforeAll(async () => {
    fixture = await startServers({ count: 1 });
    other = generateKey(join(fixture.folder, 'other'), 'ed25519').publicKey;
    ecdsa = generateKey(join(fixture.folder, 'ecdsa'), 'ecdsa').publicKey;
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  it.each<[string, HostVerdict, (name: string, key: string, wrong: string) => string]>([
    ['the key', 'trusted', (name, key) => `${name} ${key}`],
    ['another key', 'changed', (name, _, wrong) => `${name} ${wrong}`],
    ['nothing', 'unknown', () => '# nothing'],
    ['another host', 'unknown', (_, key) => `elsewhere ${key}`],
    ['the bare name', 'trusted', (_, key) => `127.0.0.1 ${key}`],
    [
      'the bare name, but another key with the port',
      'changed',
      (name, key, wrong) => `127.0.0.1 ${key}\n${name} ${wrong}`,
    ],
    [
      'the bare name, and a revoked one with the port',
      'trusted',
      (name, key, wrong) => `127.0.0.1 ${key}\n@revoked ${name} ${wrong}`,
    ],
    ['two keys, one of which is right', 'trusted', (name, key, wrong) => `${name} ${wrong}\n${name} ${key}`],
    ['a wildcard', 'trusted', (_, key) => `[127.*]:* ${key}`],
    ['a wildcard without the host', 'unknown', (name, key) => `*,!${name},!127.0.0.1 ${key}`],
    ['a wildcard without the host on this port', 'trusted', (name, key) => `*,!${name} ${key}`],
    ['the key, revoked', 'revoked', (name, key) => `${name} ${key}\n@revoked * ${key}`],
    ['another key, revoked', 'trusted', (name, key, wrong) => `${name} ${key}\n@revoked * ${wrong}`],
    ['only an authority', 'authority only', (name, key) => `@cert-authority ${name} ${key}`],
    ['an authority and the key', 'trusted', (name, key, wrong) => `@cert-authority * ${wrong}\n${name} ${key}`],
    ['a key of another type', 'changed', (name) => `${name} ${ecdsa}`],
  ])('known_hosts has %s: %s', (_, verdict, lines) => {
    const [server] = fixture.servers;
    const key = server?.hostKeys[0];
    if (server === undefined || key === undefined) throw new Error('there is a server with a key');
    const text = `${lines(`[127.0.0.1]:${server.port}`, key, other)}\n`;
    const shown = hostKeyFrom(Buffer.from(key.split(' ')[1] ?? '', 'base64'));
    if (shown === undefined) throw new Error('the key is well-formed');
    expect(checkHostKey(keysFor(parseKnownHosts(text), { host: '127.0.0.1', port: server.port }, hash), shown)).toBe(
      verdict,
    );
    const path = join(fixture.folder, 'known_hosts');
    writeFileSync(path, text);
    const options = [
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${path}`,
      'GlobalKnownHostsFile=none',
      'BatchMode=yes',
      'IdentitiesOnly=yes',
    ];
    const words = [
      '-F',
      'none',
      '-i',
      join(fixture.folder, 'client'),
      ...options.flatMap((option) => ['-o', option]),
      '-p',
      String(server.port),
      `${server.user}@127.0.0.1`,
      'true',
    ];
    expect(spawnSync('ssh', words).status === 0).toBe(verdict === 'trusted');
  });
});
