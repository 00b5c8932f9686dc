import { createServer as createHttpServer, get } from 'node:http';
import type { AddressInfo, Server as Listener, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainSocket } from '../../../src/adapters/ssh/refusal.ts';
import { endProgram } from '../../../src/domain/programs/end.ts';
import type { ProcessGroup, ProgramEvent } from '../../../src/domain/remote/frames.ts';
import { suite } from '../../rig/part.ts';
import { startProxy } from '../../rig/proxy.ts';
import type { TestServers } from '../../rig/sshd.ts';
import { generateKey, missing, startServers } from '../../rig/sshd.ts';
import { calm, failureOf, nth, serverOf, transportsOf } from './opening.ts';

const echo = {
  name: 'greet',
  steps: [{ id: 'say-hello', name: 'say hello', effect: 'reads', run: ['echo', 'hello'] }],
} as const;

async function listen(listener: Listener): Promise<number> {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return (listener.address() as AddressInfo).port;
}

it('a name with two addresses is told by the one that says more', () => {
  const failing = (code: string) => Object.assign(new Error(code), { code });
  const both = Object.assign(new AggregateError([failing('ENETUNREACH'), failing('ECONNREFUSED')]), {
    code: 'ENETUNREACH',
  });
  const told = explainSocket(both, { user: 'deploy', host: 'web1', port: 22, server: 'web1', label: 'web1' });
  expect(told).toMatchObject({
    failure: { code: 'UNREACHABLE', message: 'web1 refuses the connection: nothing listens on that port.' },
  });
});

suite('opening a server', missing(), () => {
  let fixture: TestServers;
  let foreign: string;

  beforeAll(async () => {
    fixture = await startServers({ count: 3, hostKeys: ['ed25519', 'rsa'] });
    foreign = generateKey(`${fixture.folder}/foreign`, 'ed25519').privateKey;
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  it('logs in with one connection and runs a program in one exec', async () => {
    const [server, before] = [nth(fixture, 0), nth(fixture, 0).counts()];
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(server), calm());
    const end = await transport.run(echo);
    expect(end.kind).toBe('succeeded');
    expect(end.steps[0]?.output).toEqual(['hello']);
    expect(server.counts()).toEqual({ connections: before.connections + 1, execs: before.execs + 1 });
  });

  it('offers its key once and nothing before it', async () => {
    const server = nth(fixture, 2);
    await using transports = transportsOf(fixture);
    await (await transports.open(serverOf(server), calm()))[Symbol.asyncDispose]();
    expect(server.log()).not.toContain('method none');
  });

  it('names the offered key, its fingerprint and the line to add where known_hosts has none', async () => {
    await using transports = transportsOf(fixture, { knownHosts: '# nothing\n' });
    const server = nth(fixture, 0);
    const failure = await failureOf(transports.open(serverOf(server), calm()));
    expect(failure).toMatchObject({ code: 'HOST_KEY_UNKNOWN', server: 's1' });
    expect(failure.message).toMatch(/ssh-ed25519 SHA256:[\w+/]{43}/);
    expect(failure.hint).toContain(`[127.0.0.1]:${server.port} ${server.hostKeys[0]}`);
  });

  it('refuses a key that is not the known one, and offers no login', async () => {
    const [one, two] = [nth(fixture, 0), nth(fixture, 1)];
    const before = one.counts();
    await using transports = transportsOf(fixture, { knownHosts: `[127.0.0.1]:${one.port} ${two.hostKeys[0]}\n` });
    expect(await failureOf(transports.open(serverOf(one), calm()))).toMatchObject({
      code: 'HOST_KEY_CHANGED',
      server: 's1',
    });
    expect(one.counts()).toEqual(before);
  });

  it('asks for the type of key that known_hosts has', async () => {
    const server = nth(fixture, 0);
    const rsa = server.hostKeys.find((key) => key.startsWith('ssh-rsa'));
    await using transports = transportsOf(fixture, { knownHosts: `[127.0.0.1]:${server.port} ${rsa}\n` });
    await using transport = await transports.open(serverOf(server), calm());
    expect((await transport.run(echo)).kind).toBe('succeeded');
  });

  it('refuses a revoked key although another line trusts it', async () => {
    const server = nth(fixture, 0);
    await using transports = transportsOf(fixture, {
      knownHosts: `${fixture.knownHosts}@revoked * ${server.hostKeys[0]}\n`,
    });
    expect(await failureOf(transports.open(serverOf(server), calm()))).toMatchObject({ code: 'HOST_KEY_REVOKED' });
  });

  it('says that certificates of hosts are not supported where only those match', async () => {
    const server = nth(fixture, 0);
    await using transports = transportsOf(fixture, { knownHosts: `@cert-authority * ${server.hostKeys[0]}\n` });
    const failure = await failureOf(transports.open(serverOf(server), calm()));
    expect(failure).toMatchObject({ code: 'HOST_CERTIFICATE', message: expect.stringContaining('SHA256:') as string });
    expect(failure.hint).toContain(`[${server.host}]:${server.port} ${server.hostKeys[0]}`);
  });

  it('tries a refused key once and on no other server', async () => {
    const before = fixture.servers.map(
      (server) => server.log().match(/Failed publickey|Postponed publickey|userauth_pubkey/g)?.length ?? 0,
    );
    await using transports = transportsOf(fixture, { privateKey: foreign, retries: 3 });
    const failures = await Promise.all(
      fixture.servers.map((server) => failureOf(transports.open(serverOf(server), calm()))),
    );
    expect(failures.map((failure) => failure.code)).toEqual(['AUTH_REFUSED', 'AUTH_REFUSED', 'AUTH_REFUSED']);
    expect(failures.filter((failure) => failure.message.includes('was not tried'))).toHaveLength(2);
    const after = fixture.servers.map(
      (server) => server.log().match(/Failed publickey|Postponed publickey|userauth_pubkey/g)?.length ?? 0,
    );
    expect(after.filter((count, index) => count !== before[index])).toHaveLength(1);
  });

  it.each([
    {
      asks: 'for a password behind the key',
      config: ['AuthenticationMethods publickey,password'],
      says: 'asks for more than that: password',
      cure: 'AuthenticationMethods publickey',
    },
    {
      asks: 'for a password only',
      config: ['PubkeyAuthentication no'],
      says: 'takes no keys for this user, only: password',
      cure: 'PubkeyAuthentication yes',
    },
  ])('tells a server that asks $asks from one that refuses the key', async ({ config, says, cure }) => {
    await using asking = await startServers({ count: 1, config: [...config, 'PasswordAuthentication yes'] });
    await using transports = transportsOf(asking);
    const failure = await failureOf(transports.open(serverOf(nth(asking, 0)), calm()));
    expect(failure).toMatchObject({ code: 'AUTH_REFUSED', server: 's1' });
    expect(failure.message).toContain(says);
    expect(failure.hint).toContain(cure);
  });

  it('tells that nothing listens, after the allowed number of tries', async () => {
    const listener = createServer();
    const port = await listen(listener);
    await new Promise((resolve) => listener.close(resolve));
    await using transports = transportsOf(fixture, { retries: 1 });
    const failure = await failureOf(transports.open(serverOf(nth(fixture, 0), { port }), calm()));
    expect(failure).toMatchObject({ code: 'UNREACHABLE', server: 's1' });
    expect(failure.message).toContain('nothing listens on that port, tried 2 times');
  });

  it('tells that a host name does not exist', async () => {
    await using transports = transportsOf(fixture);
    expect(
      await failureOf(transports.open(serverOf(nth(fixture, 0), { host: 'nowhere.invalid' }), calm())),
    ).toMatchObject({ code: 'UNREACHABLE' });
  });

  it('tells that a port speaks something else than SSH', async () => {
    const listener = createHttpServer();
    const port = await listen(listener);
    await using transports = transportsOf(fixture);
    const failure = await failureOf(transports.open(serverOf(nth(fixture, 0), { port }), calm()));
    listener.closeAllConnections();
    listener.close();
    expect(failure).toMatchObject({ code: 'UNREACHABLE' });
    expect(failure.message).toContain('is not an SSH server; it says "HTTP/1.1 400 Bad Request"');
  });

  it('says no more than it knows of a connection that is closed in the handshake, and where to look', async () => {
    const listener = createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.6\r\n'));
    const port = await listen(listener);
    await using transports = transportsOf(fixture);
    const failure = await failureOf(transports.open(serverOf(nth(fixture, 0), { port }), calm()));
    listener.close();
    expect(failure).toMatchObject({ code: 'SERVER_DROPPED' });
    expect(failure.message).toMatch(/closed the connection during the handshake\.$/);
    expect(failure.hint).toContain('the log of sshd');
  });

  it('does not try again where sshd has locked the runner out', async () => {
    const sockets: Socket[] = [];
    const listener = createServer((socket) =>
      sockets.push(socket.on('error', () => undefined).end('Not allowed at this time\r\n')),
    );
    const port = await listen(listener);
    await using transports = transportsOf(fixture, { retries: 3 });
    const failure = await failureOf(transports.open(serverOf(nth(fixture, 0), { port }), calm()));
    listener.close();
    expect(failure).toMatchObject({ code: 'SERVER_DROPPED', server: 's1' });
    expect(failure.message).toContain('"Not allowed at this time"');
    expect(sockets).toHaveLength(1);
  });

  it('gives up after the time limit where a server accepts and is silent', async () => {
    const listener = createServer();
    const port = await listen(listener);
    await using transports = transportsOf(fixture, { connectTimeout: 300 });
    const failure = await failureOf(transports.open(serverOf(nth(fixture, 0), { port }), calm()));
    listener.close();
    expect(failure).toMatchObject({ code: 'UNREACHABLE' });
    expect(failure.message).toContain('accepted the connection but sent nothing within 0.3 s');
  });

  it.each([
    { says: '220 mail.example.com ESMTP\r\n', told: 'is not an SSH server; it says "220 mail.example.com ESMTP"' },
    { says: 'SSH-2.0-OpenSSH_9.6\r\n', told: 'did not complete the login within 0.3 s' },
  ])('tells after the time limit what the other side had said: $told', async ({ says, told }) => {
    const sockets: Socket[] = [];
    const listener = createServer((socket) => {
      socket.on('error', () => undefined).write(says);
      sockets.push(socket);
    });
    const port = await listen(listener);
    await using transports = transportsOf(fixture, { connectTimeout: 300 });
    const failure = await failureOf(transports.open(serverOf(nth(fixture, 0), { port }), calm()));
    for (const socket of sockets) socket.destroy();
    listener.close();
    expect(failure).toMatchObject({ code: 'UNREACHABLE' });
    expect(failure.message).toContain(told);
  });

  it('connects again after a connection that broke before the login', async () => {
    const server = nth(fixture, 0);
    await using proxy = await startProxy({ port: server.port, cut: { after: 600, direction: 'to client' } });
    const knownHosts = fixture.knownHosts.replaceAll(`:${server.port} `, `:${proxy.port} `);
    await using transports = transportsOf(fixture, { retries: 2, knownHosts });
    await using transport = await transports.open(serverOf(server, { port: proxy.port }), calm());
    expect((await transport.run(echo)).kind).toBe('succeeded');
    expect(proxy.connections).toBe(2);
  });

  it('stops at once when the run is cancelled', async () => {
    const listener = createServer();
    const port = await listen(listener);
    const run = new AbortController();
    await using transports = transportsOf(fixture, { retries: 5 });
    const opening = failureOf(transports.open(serverOf(nth(fixture, 0), { port }), run.signal));
    setTimeout(() => run.abort(), 50);
    expect(await opening).toMatchObject({ code: 'CANCELLED', server: 's1' });
    listener.close();
  });

  it('reaches a service of the server through a tunnel', async () => {
    const service = createHttpServer((_, response) => response.end('well'));
    const port = await listen(service);
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(nth(fixture, 0)), calm());
    const stream = await transport.tunnel('127.0.0.1', port);
    const body = await new Promise<string>((resolve, reject) => {
      get(
        { createConnection: () => stream as never, headers: { host: 'localhost', connection: 'close' } },
        (response) => {
          response.setEncoding('utf8').on('data', resolve);
        },
      ).on('error', reject);
    });
    service.close();
    expect(body).toBe('well');
  });

  it('tells a tunnel to a closed port from one that is not allowed', async () => {
    const listener = createServer();
    const port = await listen(listener);
    await new Promise((resolve) => listener.close(resolve));
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(nth(fixture, 0)), calm());
    await expect(transport.tunnel('127.0.0.1', port)).rejects.toMatchObject({ code: 'UNHEALTHY', server: 's1' });
    await using closed = await startServers({ count: 1, config: ['AllowTcpForwarding no'] });
    await using others = transportsOf(closed);
    await using other = await others.open(serverOf(nth(closed, 0)), calm());
    await expect(other.tunnel('127.0.0.1', port)).rejects.toMatchObject({ code: 'HEALTH_UNKNOWN' });
  });
});

const loopback6 = Object.values(networkInterfaces()).some((list) => list?.some((entry) => entry.address === '::1'));

suite('servers with a configuration of their own', missing(), () => {
  it.skipIf(!loopback6)('are reached over IPv6', async () => {
    await using fixture = await startServers({ count: 1, config: ['ListenAddress ::1'] });
    await using transports = transportsOf(fixture, { knownHosts: fixture.knownHosts.replaceAll('127.0.0.1', '::1') });
    await using transport = await transports.open(serverOf(nth(fixture, 0), { host: '::1' }), calm());
    expect((await transport.run(echo)).kind).toBe('succeeded');
  });

  it('repeats the words of a server that drops a burst of connections', async () => {
    await using fixture = await startServers({ count: 1, config: ['MaxStartups 1:100:1', 'LoginGraceTime 30'] });
    const server = nth(fixture, 0);
    const idle = connect(server.port, server.host);
    await new Promise((resolve) => idle.once('data', resolve));
    await using transports = transportsOf(fixture);
    const failure = await failureOf(transports.open(serverOf(server), calm()));
    idle.destroy();
    expect(failure).toMatchObject({ code: 'SERVER_DROPPED', server: 's1' });
    expect(failure.message).toContain('Exceeded MaxStartups');
  });

  it('keeps a burst of connections below the limit of the server', async () => {
    await using fixture = await startServers({ count: 1, config: ['MaxStartups 8:100:8'] });
    await using transports = transportsOf(fixture, { maxConnecting: 4 });
    const open = await Promise.all(
      Array.from({ length: 20 }, () => transports.open(serverOf(nth(fixture, 0)), calm())),
    );
    await Promise.all(open.map((transport) => transport[Symbol.asyncDispose]()));
    expect(open).toHaveLength(20);
  });

  it('asks again for a session where the server has none left for a moment', async () => {
    await using fixture = await startServers({ count: 1, config: ['MaxSessions 2'] });
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(nth(fixture, 0)), calm());
    const ends = await Promise.all(Array.from({ length: 4 }, () => transport.run(echo)));
    expect(ends.map((end) => end.kind)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
  });

  it('ends a program that has the only session of its connection', async () => {
    await using fixture = await startServers({ count: 1, config: ['MaxSessions 1'] });
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(nth(fixture, 0)), calm());
    const group = Promise.withResolvers<ProcessGroup>();
    const watch = (event: ProgramEvent): void => {
      if (event.kind === 'group') group.resolve(event.group);
    };
    const hangs = transport.run(
      { name: 'hang', steps: [{ id: 'sleep', name: 'sleep', effect: 'reads', run: ['sleep', '60'] }] },
      { onEvent: watch },
    );
    expect(await transport.run(endProgram(await group.promise))).toMatchObject({ kind: 'succeeded' });
    expect(await hangs).toMatchObject({ kind: 'failed', at: { status: 143 } });
    expect(await transport.run(echo)).toMatchObject({ kind: 'succeeded' });
    expect(nth(fixture, 0).counts().connections).toBe(2);
  });

  it('says that nothing ran where the server gives no session at all', async () => {
    await using fixture = await startServers({ count: 1, config: ['MaxSessions 0'] });
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(nth(fixture, 0)), calm());
    expect(await transport.run(echo)).toMatchObject({ kind: 'unknown', why: 'refused' });
  });

  it('names what a server with post-quantum key exchange only would have to allow', async () => {
    await using fixture = await startServers({
      count: 1,
      config: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'],
    });
    await using transports = transportsOf(fixture);
    const failure = await failureOf(transports.open(serverOf(nth(fixture, 0)), calm()));
    expect(failure).toMatchObject({ code: 'NO_COMMON_ALGORITHM', server: 's1' });
    expect(failure.message).toContain('sntrup761x25519-sha512@openssh.com');
    expect(failure.hint).toContain('curve25519-sha256');
  });

  it('names the ciphers of a server that has none of ours', async () => {
    await using fixture = await startServers({ count: 1, config: ['Ciphers aes256-cbc'] });
    await using transports = transportsOf(fixture);
    const failure = await failureOf(transports.open(serverOf(nth(fixture, 0)), calm()));
    expect(failure.message).toContain('(Ciphers): aes256-cbc');
  });
});
