import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Step } from './process.ts';
import { openStep } from './process.ts';

let step: Step;
beforeEach(() => {
  step = openStep();
});
afterEach(() => step[Symbol.dispose]());

describe('the proxy of the runner', () => {
  const follow = (more: Record<string, string>) =>
    step.run(
      `runner.followProxy(); await fetch('http://shop.invalid/up').then((answer) => runner.line(String(answer.status)), () => runner.line('none'))`,
      more,
    );

  test.each([
    ['', ''],
    ['http://', ''],
    ['', 'user:secret@'],
  ])('is followed with %j and %j before its host', async (scheme, user) => {
    await using proxy = await startProxy();
    expect(await follow({ HTTP_PROXY: `${scheme}${user}127.0.0.1:${proxy.port}` })).toEqual({
      status: 0,
      stdout: '299\n',
    });
  });

  test('is told where it cannot be used, without its value, and the others are still followed', async () => {
    await using proxy = await startProxy();
    const { status, stdout } = await follow({
      HTTP_PROXY: `127.0.0.1:${proxy.port}`,
      HTTPS_PROXY: 'http://user:secret@no host:1',
    });
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'Warning: HTTPS_PROXY holds no address of a proxy that can be used; the run goes on without it.',
      '299',
      '',
    ]);
  });

  test('is not asked for what no_proxy names', async () => {
    await using proxy = await startProxy();
    expect((await follow({ http_proxy: `127.0.0.1:${proxy.port}`, NO_PROXY: 'shop.invalid' })).stdout).toBe('none\n');
  });
});

/** Answers whatever it is asked to fetch or to tunnel with a status that nobody else gives. */
async function startProxy(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      const tunnel = bytes.toString('latin1').startsWith('CONNECT');
      if (tunnel) socket.write('HTTP/1.1 200 OK\r\n\r\n');
      else socket.end('HTTP/1.1 299 Proxied\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
