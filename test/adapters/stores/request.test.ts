import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { proxyFor } from '../../../src/adapters/stores/client/proxy.ts';
import { openStoreClient, type StoreAccess, type StoreClient } from '../../../src/adapters/stores/client/request.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import { FakeClock, FakeRandom } from '../../fakes/fake-clock.ts';
import { type Authority, makeAuthority } from '../../rig/stores/authority.ts';
import { failing, told } from '../../rig/stores/run.ts';
import { json, type Service, startService } from '../../rig/stores/service.ts';

let authority: Authority;
let service: Service;
let clock: FakeClock;

beforeAll(() => {
  authority = makeAuthority();
});

beforeEach(async () => {
  service = await startService(authority);
  service.answer = async ({ method, url, body }) => json(200, { method, path: url.pathname, body });
  clock = new FakeClock();
  return () => service[Symbol.asyncDispose]();
});

function open(choices: Partial<StoreAccess> = {}): StoreClient {
  return openStoreClient({
    store: 'main',
    variables: {},
    clock,
    random: new FakeRandom(),
    ca: authority.ca,
    ...choices,
  });
}

function ask(client: StoreClient, url: string, choices: object = {}) {
  const limits = { deadline: new Date(clock.now().getTime() + 60_000), signal: new AbortController().signal };
  return client.ask({ method: 'GET', url, ...choices }, limits);
}

describe('the address', () => {
  test.each([
    'http://vault.example.com/',
    'http://127.0.0.1.example.com/',
    'http://localhost.example.com/',
    'ftp://localhost/',
    'https://user:password@vault.example.com/',
    'vault.example.com',
    '',
  ])('%s is refused before anything is sent', async (url) => {
    using client = open();
    const failure = await failing(ask(client, url));
    expect(failure.code).toBe('CONFIG_INVALID');
    expect(failure.message).not.toContain('password');
  });

  test('of loopback may be plain', async () => {
    await using plain = await listen(createServer((_, response) => response.end('{"ok":true}')));
    using client = open();
    expect((await ask(client, `http://127.0.0.1:${plain.port}/`)).body).toBe('{"ok":true}');
  });
});

describe('certificates', () => {
  test('cannot be left unverified by a variable', () => {
    expect(() => open({ variables: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })).toThrow(/is not asked/);
  });

  test('must be of the name that is asked', async () => {
    using client = open();
    expect((await ask(client, service.origin)).status).toBe(200);
    await using other = await listen(
      createHttpsServer({ key: authority.key, cert: authority.cert }, (_, response) => response.end()),
      '127.0.0.2',
    );
    const failure = await failing(ask(client, `https://127.0.0.2:${other.port}/`));
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'not trusted' });
    expect(failure.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('TLS 1.1 is not spoken', async () => {
    const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    const { key, cert } = authority;
    await using server = await listen(createHttpsServer({ key, cert, ...old }, (_, response) => response.end()));
    using client = open();
    const failure = await failing(ask(client, `https://localhost:${server.port}/`));
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'not trusted' });
  });

  test('of the client are shown where the store wants one', async () => {
    const { key, cert, ca } = authority;
    const wanting = { key, cert, ca, requestCert: true, rejectUnauthorized: true };
    const subject = (request: IncomingMessage) => (request.socket as TLSSocket).getPeerCertificate().subject.CN;
    await using server = await listen(
      createHttpsServer(wanting, (request, response) => response.end(String(subject(request)))),
    );
    const url = `https://localhost:${server.port}/`;
    using shown = open({ cert, key: new Secret('key', key) });
    expect((await ask(shown, url)).body).toBe('localhost');
    using client = open();
    expect(await failing(ask(client, url))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});

describe('a proxy', () => {
  test('carries what is not spared, and sees the host only', async () => {
    await using proxy = await startConnectProxy('open');
    using client = open({ variables: { https_proxy: `http://ann:p%40ss@127.0.0.1:${proxy.port}` } });
    const url = service.origin.replace('localhost', 'store.test');
    expect((await ask(client, url)).status).toBe(200);
    expect(proxy.asked).toEqual([`${new URL(url).host} Basic ${btoa('ann:p@ss')}`]);
    const other = await failing(ask(client, url.replace('store.test', 'other.test')));
    expect(other).toMatchObject({ how: 'not trusted' });
  });

  test('that refuses is not the word of the store, and its password is not told', async () => {
    await using proxy = await startConnectProxy('closed');
    using client = open({ variables: { https_proxy: `http://ann:secret-word@127.0.0.1:${proxy.port}` } });
    const failure = await failing(ask(client, 'https://vault.example.com/'));
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'unreachable' });
    expect(told(failure)).toContain('on the way to vault.example.com the proxy answered with status 503');
    expect(JSON.stringify([failure.message, failure.hint])).not.toContain('secret-word');
  });

  const proxied = (url: string, variables: Readonly<Record<string, string>>) =>
    proxyFor(new URL(url), { https_proxy: 'proxy.example:3128', ...variables })?.host;

  test.each([
    ['https://vault.example.com/', {}, 'proxy.example:3128'],
    ['https://vault.example.com/', { no_proxy: 'vault.example.com' }, undefined],
    ['https://vault.example.com/', { no_proxy: 'other.test, .example.com' }, undefined],
    ['https://vault.example.com/', { no_proxy: 'example.com' }, undefined],
    ['https://vault.example.com/', { NO_PROXY: '*' }, undefined],
    ['https://vault.example.com:8200/', { no_proxy: 'example.com:8200' }, undefined],
    ['https://vault.example.com/', { no_proxy: 'example.com:8200' }, 'proxy.example:3128'],
    ['https://notexample.com/', { no_proxy: 'example.com' }, 'proxy.example:3128'],
    ['https://localhost:8200/', {}, undefined],
    ['https://127.0.0.1/', {}, undefined],
    ['https://[::1]/', {}, undefined],
    ['http://127.0.0.1/', {}, undefined],
    ['https://vault.example.com/', { https_proxy: '', HTTPS_PROXY: '' }, undefined],
    ['https://vault.example.com/', { https_proxy: 'socks5://proxy.example:1080' }, undefined],
  ] as const)('for %s with %j is %s', (url, variables, proxy) => {
    expect(proxied(url, variables)).toBe(proxy);
  });

  test('is never asked for a host below a spared domain', () => {
    fc.assert(
      fc.property(fc.domain(), fc.stringMatching(/^[a-z]{1,8}$/), (domain, host) => {
        expect(proxied(`https://${host}.${domain}/`, { no_proxy: domain })).toBeUndefined();
      }),
    );
  });
});

describe('an answer', () => {
  test('is given whatever its status is, if trying again is no help', async () => {
    service.answer = async () => json(403, { error: 'x' }, { 'x-one': 'a' });
    using client = open();
    expect(await ask(client, service.origin)).toMatchObject({
      status: 403,
      headers: { 'x-one': 'a' },
      body: '{"error":"x"}',
    });
  });

  test.each([408, 412, 429, 500, 502, 503, 504])('of status %i is asked for again', async (status) => {
    service.faults.push({ path: /./, what: { status, body: '' }, times: 2 });
    using client = open();
    expect((await ask(client, service.origin, { method: 'POST', body: 'x' })).body).toContain('"body":"x"');
  });

  test('that the caller calls passing is asked for again', async () => {
    service.faults.push({ path: /./, what: { status: 472, body: '' }, times: 2 });
    using client = open();
    const again = ({ status }: { readonly status: number }) => status === 472;
    expect((await ask(client, service.origin, { again })).status).toBe(200);
  });

  test('that names a date to come back is waited for', async () => {
    const date = new Date(clock.now().getTime() + 30_000).toUTCString();
    service.faults.push({ path: /./, what: { status: 503, headers: { 'retry-after': date }, body: '' }, times: 1 });
    const began = clock.now().getTime();
    using client = open();
    await ask(client, service.origin);
    expect(clock.now().getTime() - began).toBeGreaterThanOrEqual(29_000);
  });

  test('that asks for more time than there is ends the attempts at once', async () => {
    service.faults.push({ path: /./, what: { status: 503, headers: { 'retry-after': '3600' }, body: '' }, times: 1 });
    using client = open();
    expect(await failing(ask(client, service.origin))).toMatchObject({ how: 'answered', status: 503 });
  });

  test('of more than any secret is not read to its end', async () => {
    service.answer = async () => ({ status: 200, body: 'x'.repeat(9 * 1024 * 1024) });
    using client = open();
    const failure = await failing(ask(client, service.origin));
    expect(failure).toMatchObject({ how: 'not trusted' });
    expect(failure.message).toContain('the answer is too large');
  });
});

test('nobody who listens is a store that cannot be reached', async () => {
  using client = open();
  const failure = await failing(ask(client, 'https://127.0.0.1:1/'));
  expect(told(failure)).toBe(
    'STORE_UNAVAILABLE: The store main cannot be reached: no connection to 127.0.0.1:1 lasted (ECONNREFUSED).',
  );
  expect(failure).toMatchObject({ how: 'unreachable' });
});

test('a name that nobody has is not trusted', async () => {
  using client = open();
  expect(await failing(ask(client, 'https://vault.invalid/'))).toMatchObject({ how: 'not trusted' });
});

interface Listening extends AsyncDisposable {
  readonly port: number;
}

async function listen(server: ReturnType<typeof createServer>, host = '127.0.0.1'): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** `open`: leads every connection to the service of the test, whatever host is asked for. */
async function startConnectProxy(kind: 'open' | 'closed'): Promise<Listening & { readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer();
  const sockets = new Set<Duplex>();
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization']}`);
    if (kind === 'closed') return client.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
    const way = connect(Number(new URL(service.origin).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      way.pipe(client).pipe(way);
    });
    for (const socket of [client, way]) sockets.add(socket.on('error', () => socket.destroy()));
  });
  const listening = await listen(server);
  return {
    port: listening.port,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await listening[Symbol.asyncDispose]();
    },
  };
}
