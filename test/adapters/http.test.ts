import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server as HttpServer, RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { nodeHttp } from '../../src/adapters/http.ts';
import { Failure } from '../../src/domain/failure.ts';
import type { HttpQuestion } from '../../src/ports/http.ts';
import { lacking, suite } from '../rig/part.ts';

const open: (Server | HttpServer)[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of open.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(server: Server | HttpServer): Promise<number> {
  open.push(server);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const serve = (listener: RequestListener) => listen(createServer(listener));
const ask = (url: string, more: Partial<HttpQuestion> = {}) =>
  nodeHttp.ask({ url, headers: {}, timeout: 2000, ...more });

test('an answer brings its status and body', async () => {
  const port = await serve((request, response) => response.writeHead(503).end(`${request.method} ${request.url}`));
  expect(await ask(`http://127.0.0.1:${port}/up?x=1`)).toEqual({ kind: 'answer', status: 503, body: 'GET /up?x=1' });
});

test('the Host header names the address, or what the question says', async () => {
  const port = await serve((request, response) => response.end(request.headers.host));
  expect(await ask(`http://127.0.0.1:${port}/`)).toMatchObject({ body: `127.0.0.1:${port}` });
  expect(await ask(`http://127.0.0.1:${port}/`, { headers: { Host: 'shop.example.com' } })).toMatchObject({
    body: 'shop.example.com',
  });
});

test('a redirect is an answer and is not followed', async () => {
  const port = await serve((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
  expect(await ask(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: 'answer', status: 302 });
});

test('a body without end is read to 64 KiB', async () => {
  const port = await serve((_, response) => {
    const more = () => void (response.destroyed || response.write('x'.repeat(10_000), more));
    more();
  });
  const answer = await ask(`http://127.0.0.1:${port}/`);
  expect(answer.kind === 'answer' && answer.body.length).toBe(64 * 1024);
});

test('nobody listening is a refusal', async () => {
  const port = await serve(() => undefined);
  await new Promise((resolve) => open.pop()?.close(resolve));
  expect(await ask(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'refused', why: 'nothing listens there' });
});

test('a service that takes the connection and never answers is silent', async () => {
  const port = await serve(() => undefined);
  expect(await ask(`http://127.0.0.1:${port}/`, { timeout: 200 })).toEqual({ kind: 'silent' });
});

test('a service that begins its answer and never ends it is silent', async () => {
  const port = await serve((_, response) => void response.write('begun'));
  expect(await ask(`http://127.0.0.1:${port}/`, { timeout: 200 })).toEqual({ kind: 'silent' });
});

test.each<[string, (socket: Socket) => void, RegExp]>([
  ['that hangs up', (socket) => socket.destroy(), /closed the connection/],
  [
    'that hangs up after the question',
    (socket) => void socket.once('data', () => socket.destroy()),
    /closed the connection/,
  ],
  ['that talks something else', (socket) => void socket.write('SSH-2.0-x\r\n'), /not HTTP/],
  [
    'that breaks off in the middle',
    (socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf')),
    /broke in the middle/,
  ],
])('a service %s refuses', async (_, behave, why) => {
  const port = await listen(createTcpServer((socket) => behave(socket.on('error', () => undefined))));
  expect(await ask(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'refused', why: expect.stringMatching(why) });
});

test('the question goes through the way that it brings', async () => {
  const port = await serve((request, response) => response.end(request.headers.host));
  const asked: string[] = [];
  const way = async (host: string, wanted: number) => {
    asked.push(`${host} ${wanted}`);
    return connect({ host: '127.0.0.1', port });
  };
  expect(await ask('http://shop.internal/', { connect: way })).toMatchObject({ body: 'shop.internal' });
  expect(await ask('http://[::1]:3000/', { connect: way })).toMatchObject({ body: '[::1]:3000' });
  expect(asked).toEqual(['shop.internal 80', '::1 3000']);
});

test.each<[string, () => Promise<never>, string]>([
  [
    'where nothing listens is a refusal',
    () => Promise.reject(new Failure('UNHEALTHY', 'nothing listens on the server')),
    'refused',
  ],
  [
    'that is closed to us leaves it unasked',
    () => Promise.reject(new Failure('HEALTH_UNKNOWN', 'forwarding is forbidden')),
    'unasked',
  ],
  ['that breaks in another manner leaves it unasked', () => Promise.reject(new Error('surprise')), 'unasked'],
  ['that never opens leaves it unasked', () => new Promise<never>(() => undefined), 'unasked'],
])('a way %s', async (_, way, kind) => {
  expect(await ask('http://127.0.0.1:9/', { connect: way, timeout: 200 })).toMatchObject({ kind });
});

test.each(['ftp://127.0.0.1/', 'no address', 'http://no-such-name.invalid/'])('%s leaves it unasked', async (url) => {
  expect(await ask(url)).toMatchObject({ kind: 'unasked' });
});

test('a header that HTTP cannot carry leaves it unasked', async () => {
  const port = await serve((_, response) => response.end());
  expect(await ask(`http://127.0.0.1:${port}/`, { headers: { 'x-y': 'a\nb' } })).toMatchObject({ kind: 'unasked' });
});

test('a question that is called off is unasked', async () => {
  const port = await serve(() => undefined);
  expect(await ask(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(100) })).toMatchObject({
    kind: 'unasked',
  });
});

suite('a certificate', lacking('openssl'), () => {
  test('TLS runs over the way, and a certificate that does not verify leaves the service unasked', async () => {
    const { key, cert } = certificate('shop.internal');
    const server = createHttpsServer({ key, cert }, (request, response) => response.end(request.headers.host));
    const port = await listen(server.on('tlsClientError', () => undefined));
    const way = async () => connect({ host: '127.0.0.1', port });
    const trusted = getCACertificates();
    expect(await ask('https://shop.internal/', { connect: way })).toMatchObject({
      kind: 'unasked',
      why: expect.stringContaining('SELF_SIGNED'),
    });
    try {
      setDefaultCACertificates([...trusted, cert]);
      expect(await ask('https://shop.internal/', { connect: way })).toEqual({
        kind: 'answer',
        status: 200,
        body: 'shop.internal',
      });
      expect(await ask('https://other.internal/', { connect: way })).toMatchObject({
        kind: 'unasked',
        why: expect.stringContaining('ALTNAME'),
      });
    } finally {
      setDefaultCACertificates(trusted);
    }
  });
});

test('a service that takes the connection and never begins TLS is unwell, not unasked', async () => {
  const port = await listen(createTcpServer(() => undefined));
  expect(await ask(`https://127.0.0.1:${port}/`, { timeout: 200 })).toMatchObject({ kind: 'refused' });
});

function certificate(name: string): { readonly key: string; readonly cert: string } {
  const place = mkdtempSync(join(tmpdir(), 'http-test-'));
  try {
    const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=${name} -addext subjectAltName=DNS:${name}`;
    execFileSync('openssl', [...words.split(' '), '-keyout', join(place, 'key'), '-out', join(place, 'cert')], {
      stdio: 'ignore',
    });
    return { key: readFileSync(join(place, 'key'), 'utf8'), cert: readFileSync(join(place, 'cert'), 'utf8') };
  } finally {
    rmSync(place, { recursive: true });
  }
}
