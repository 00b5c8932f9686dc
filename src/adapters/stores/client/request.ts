import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Failure } from '../../../domain/failure.ts';
import { StoreUnavailable } from '../../../domain/secrets/unavailable.ts';
import type { StoreLimits } from '../../../ports/secret-store.ts';
import { type AttemptPorts, untilDeadline } from './attempts.ts';
import { type Connections, openConnections, type TlsChoices } from './connection.ts';
import { isLoopback, type Variables } from './proxy.ts';
import { AnswerTooLarge, broken, mayPass, notServed, redirected } from './unavailable.ts';

export interface StoreAccess extends TlsChoices, AttemptPorts {
  /** The store's name in `stores:`. */
  readonly store: string;
  /** The process's variables: `https_proxy`, `no_proxy`. */
  readonly variables: Variables;
}

export interface StoreRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Further answers after which it is tried again, besides 408, 412, 429 and 5xx. */
  readonly again?: (response: StoreResponse) => boolean;
}

export interface StoreResponse {
  readonly status: number;
  /** By lower-case name; several of one name are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The one way to ask a store over HTTP. Disposing closes its connections. */
export interface StoreClient extends Disposable {
  /**
   * Asks until there is an answer other than "try again", or until the deadline.
   * @throws StoreUnavailable; Failure `CANCELLED`, `CONFIG_INVALID` for an address that is not allowed
   */
  ask(request: StoreRequest, limits: StoreLimits): Promise<StoreResponse>;
  /** Asks once, whatever the status is. @param ms how long it may take. @throws StoreUnavailable, Failure `CONFIG_INVALID` */
  askOnce(request: StoreRequest, ms: number, signal: AbortSignal): Promise<StoreResponse>;
}

/** Bytes of an answer: twenty secrets of 64 KiB, written as JSON, and then some. */
const bodyLimit = 8 * 1024 * 1024;

/** Follows no redirect, never sends to anything but `https://` and loopback, verifies every certificate. */
export function openStoreClient(access: StoreAccess): StoreClient {
  if (access.variables['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') throw unverified(access.store);
  const connections = openConnections(access, access.variables);
  const askOnce: StoreClient['askOnce'] = async (request, ms, signal) => {
    const url = storeUrl(access.store, request.url);
    try {
      const response = await exchange({ request, url, connections, ms, signal });
      if (response.status < 300 || response.status > 399) return response;
      throw redirected(access.store, url, response.status, response.headers['location']);
    } catch (thrown) {
      throw thrown instanceof Failure ? thrown : broken(access.store, url, thrown);
    }
  };
  return {
    askOnce,
    ask: (request, limits) =>
      untilDeadline(access, limits, async (ms) => {
        try {
          const response = await askOnce(request, ms, limits.signal);
          if (!triesAgain(response.status) && request.again?.(response) !== true)
            return { kind: 'done', value: response };
          return { kind: 'again', failure: notServed(access, request.url, response) };
        } catch (thrown) {
          if (!(thrown instanceof StoreUnavailable && mayPass(thrown))) throw thrown;
          return { kind: 'again', failure: thrown };
        }
      }),
    [Symbol.dispose]: () => connections[Symbol.dispose](),
  };
}

/** An address that a token or a key may be sent to. @throws Failure `CONFIG_INVALID` */
export function storeUrl(store: string, text: string): URL {
  const url = URL.parse(text);
  if (url !== null && url.username === '' && url.password === '') {
    if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  }
  throw new Failure('CONFIG_INVALID', `The address of the store ${store} must begin with https:// and hold no user.`, {
    hint: 'Write the address as `https://host[:port]`; `http://` is for loopback only.',
  });
}

export function triesAgain(status: number): boolean {
  return status === 408 || status === 412 || status === 429 || status >= 500;
}

interface Exchange {
  readonly request: StoreRequest;
  readonly url: URL;
  readonly connections: Connections;
  readonly ms: number;
  readonly signal: AbortSignal;
}

function exchange({ request, url, connections, ms, signal }: Exchange): Promise<StoreResponse> {
  return new Promise((resolve, reject) => {
    const ask = url.protocol === 'https:' ? requestHttps : requestHttp;
    const asking = ask(url, {
      method: request.method,
      headers: { 'user-agent': 'slipway', accept: 'application/json', ...request.headers },
      agent: connections.agent(url),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ms)]),
    });
    asking.on('error', reject);
    asking.on('response', (response) => collect(response).then(resolve, reject));
    asking.end(request.body);
  });
}

/** An answer that ends before its announced end rejects, as a connection that is cut. */
async function collect(response: IncomingMessage): Promise<StoreResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > bodyLimit) throw new AnswerTooLarge();
  }
  const headers = Object.entries(response.headers).map(([name, value = '']) => [name, [value].flat().join(', ')]);
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function unverified(store: string): StoreUnavailable {
  return new StoreUnavailable(
    'not trusted',
    `NODE_TLS_REJECT_UNAUTHORIZED=0 switches the verification of certificates off: the store ${store} is not asked.`,
    { hint: 'Remove NODE_TLS_REJECT_UNAUTHORIZED from the job; name own authorities in `ca` or NODE_EXTRA_CA_CERTS.' },
  );
}
