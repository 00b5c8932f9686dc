import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newKey } from '../../scripts/demo/keys.ts';
import { type DemoServer, startDemoServer } from '../../scripts/demo/server.ts';

const home = mkdtempSync(join(tmpdir(), 'demo-server-'));
const key = newKey('test');
let server: DemoServer;

beforeAll(async () => {
  mkdirSync(join(home, '.ssh'));
  writeFileSync(join(home, '.ssh', 'authorized_keys'), `${key.public}\n`);
  server = await startDemoServer({ home, name: 'web1' });
});
afterAll(async () => {
  await server.dispose();
  rmSync(home, { recursive: true, force: true });
});

async function login(privateKey = key.private): Promise<ssh2.Client & AsyncDisposable> {
  const client = new ssh2.Client();
  const expected = ssh2.utils.parseKey(server.hostKeyLine.split(' ').slice(1).join(' '));
  if (expected instanceof Error) throw expected;
  const hostVerifier = (shown: Buffer) => shown.equals(expected.getPublicSSH());
  client.connect({ host: '127.0.0.1', port: server.port, username: 'deploy', privateKey, hostVerifier });
  await once(client, 'ready');
  return Object.assign(client, { [Symbol.asyncDispose]: () => Promise.resolve(void client.end()) });
}

function open(client: ssh2.Client, command: string): Promise<ssh2.ClientChannel> {
  return new Promise((resolve, reject) =>
    client.exec(command, (error, channel) => (error === undefined ? resolve(channel) : reject(error))),
  );
}

/** Runs `command` to its end. */
async function run(client: ssh2.Client, command: string, input: Iterable<Uint8Array> = []) {
  const channel = await open(client, command);
  const ended = once(channel, 'exit');
  const [stdout, stderr] = await Promise.all([
    text(channel),
    text(channel.stderr),
    pipeline(Readable.from(input), channel).catch(() => undefined),
  ]);
  const [status, signal] = await ended;
  return { stdout, stderr, status, signal };
}

describe('the server of the demo', () => {
  test('runs a command in its own home and tells both streams and the status', async () => {
    await using client = await login();
    expect(await run(client, 'echo "$HOME $HOSTNAME"; echo oh >&2; exit 7')).toMatchObject({
      stdout: `${home} web1\n`,
      stderr: 'oh\n',
      status: 7,
    });
  });

  test('tells the signal that a program died of', async () => {
    await using client = await login();
    expect(await run(client, 'kill -9 $$')).toMatchObject({ status: null, signal: 'SIGKILL' });
  });

  test('refuses a key that it does not know', async () => {
    await expect(login(newKey('test').private)).rejects.toThrow('authentication');
  });

  test('hands 40 MB on to a slow reader, byte for byte', async () => {
    await using client = await login();
    const block = Buffer.alloc(1_000_000, 'slipway');
    const hash = createHash('sha256');
    const blocks = Array.from({ length: 40 }, () => block);
    for (const bytes of blocks) hash.update(bytes);
    expect((await run(client, 'sleep 0.3; sha256sum', blocks)).stdout).toContain(hash.digest('hex'));
  });

  test('throws away input that a program did not read', async () => {
    await using client = await login();
    const blocks = Array.from({ length: 10 }, () => Buffer.alloc(1_000_000));
    expect((await run(client, 'exec <&-; echo done', blocks)).stdout).toBe('done\n');
  });

  test('passes a connection on to loopback', async () => {
    await using client = await login();
    const service = createServer((socket) => socket.end('up\n')).listen(0, '127.0.0.1');
    await once(service, 'listening');
    const { port } = service.address() as AddressInfo;
    const answer = await new Promise<ssh2.ClientChannel>((resolve, reject) =>
      client.forwardOut('127.0.0.1', 0, '127.0.0.1', port, (error, channel) =>
        error === undefined ? resolve(channel) : reject(error),
      ),
    ).then(text);
    service.close();
    expect(answer).toBe('up\n');
  });

  test('refuses to pass a connection on to anywhere else', async () => {
    await using client = await login();
    const answer = new Promise((_, reject) =>
      client.forwardOut('127.0.0.1', 0, '192.0.2.1', 80, (error) => reject(error)),
    );
    await expect(answer).rejects.toThrow('Channel open failure');
  });

  test('ends what still runs when it is disposed', async () => {
    const throwaway = await startDemoServer({ home, name: 'web2' });
    const client = new ssh2.Client().on('error', () => undefined);
    client.connect({ host: '127.0.0.1', port: throwaway.port, username: 'deploy', privateKey: key.private });
    await once(client, 'ready');
    await run(client, 'sleep 600 >/dev/null 2>&1 & echo $! >daemon');
    await throwaway.dispose();
    const daemon = Number(readFileSync(join(home, 'daemon'), 'utf8'));
    while (isRunning(daemon)) await sleep(20);
    expect(isRunning(daemon)).toBe(false);
  });
});

/** A process that has ended but that nobody has waited for does not count. */
function isRunning(id: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${id}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test('a key of the demo can be read back, however many are made', () => {
  const unreadable = Array.from({ length: 1000 }, () => newKey('web1')).filter(
    (one) => ssh2.utils.parseKey(one.private) instanceof Error,
  );
  expect(unreadable).toEqual([]);
});
