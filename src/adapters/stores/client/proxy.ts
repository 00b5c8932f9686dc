import { type ClientRequest, request } from 'node:http';
import { connect as connectTcp, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

export type Variables = Readonly<Record<string, string | undefined>>;

/** The proxy that `variables` name for an https address, unless `no_proxy` or loopback. One that is no address of HTTP is left aside, as by the runner adapter. */
export function proxyFor(url: URL, variables: Variables): URL | undefined {
  const text = variables['https_proxy'] || variables['HTTPS_PROXY'] || '';
  if (url.protocol !== 'https:' || text === '' || isLoopback(url.hostname)) return undefined;
  const spared = (variables['no_proxy'] || variables['NO_PROXY'] || '').split(/[\s,]+/).filter((word) => word !== '');
  if (spared.some((word) => covers(word, url))) return undefined;
  const proxy = URL.parse(text.includes('://') ? text : `http://${text}`);
  return proxy !== null && /^https?:$/.test(proxy.protocol) ? proxy : undefined;
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** `*`, a host, or a domain with or without its dot; each may have a port. */
function covers(word: string, url: URL): boolean {
  if (word === '*') return true;
  const [, name = '', port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(word.toLowerCase()) ?? [];
  if (port !== undefined && port !== (url.port || '443')) return false;
  return name !== '' && (url.hostname === name || url.hostname.endsWith(`.${name}`));
}

/** What the proxy itself did; never the store's word. */
export class ProxyRefused extends Error {
  constructor(what: string) {
    super(`the proxy ${what}`);
  }
}

/** A way to `host:port` through the proxy (RFC 9110, §9.3.6). */
export function tunnel(proxy: URL, host: string, port: number): Promise<Duplex> {
  const to = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    const asking: ClientRequest = request({
      method: 'CONNECT',
      path: to,
      headers: { host: to, ...credentials(proxy) },
      createConnection: () => reachProxy(proxy),
      timeout: 10_000,
    });
    asking.on('connect', (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new ProxyRefused(`answered with status ${answer.statusCode}`));
    });
    asking.on('response', (answer) => {
      asking.destroy();
      reject(new ProxyRefused(`answered with status ${answer.statusCode}`));
    });
    asking.on('timeout', () => asking.destroy(new ProxyRefused('gave no answer')));
    asking.on('error', (error) => reject(error instanceof ProxyRefused ? error : notReached(error)));
    asking.end();
  });
}

function reachProxy(proxy: URL): Duplex {
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  if (proxy.protocol === 'http:') return connectTcp({ host, port: Number(proxy.port || '80') });
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port: Number(proxy.port || '443'), rejectUnauthorized: true, ...servername });
}

function credentials({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

function notReached(error: Error): ProxyRefused {
  return new ProxyRefused(`cannot be reached (${(error as NodeJS.ErrnoException).code ?? 'no reason given'})`);
}
