import { Failure } from '../../domain/failure.ts';
import { type StoreAccess, type StoreClient, triesAgain } from './client/request.ts';
import { notServed } from './client/unavailable.ts';

/** What the SDK hands to whoever sends its requests, as far as we use it. */
interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** What the caller of a command says about it. */
interface SdkOptions {
  readonly abortSignal?: AbortSignal;
  /** Milliseconds. */
  readonly requestTimeout?: number;
}

export interface SdkHandler {
  readonly handle: (request: SdkRequest, options?: SdkOptions) => Promise<{ readonly response: SdkResponse }>;
}

export interface SdkAccess {
  readonly access: StoreAccess;
  readonly client: StoreClient;
  /** The only place that is asked. */
  readonly endpoint: URL;
  /** Where a command says nothing about itself. */
  readonly defaults?: Required<SdkOptions>;
}

/**
 * Sends the SDK's requests through our client: its rules on redirects, TLS, proxies and sizes hold here too.
 * What means "try again" is thrown, as it may come from a machine in front that does not speak as AWS does.
 */
export function sdkHandler({ access, client, endpoint, defaults }: SdkAccess): SdkHandler {
  return {
    handle: async ({ method, protocol, hostname, port, path, headers, body }, options = {}) => {
      const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
      if (url.origin !== endpoint.origin)
        throw new Failure('BUG', `The SDK asks ${url.host} instead of ${endpoint.host}.`);
      if (typeof body !== 'string' && !(body instanceof Uint8Array))
        throw new Failure('BUG', 'The SDK sends what is neither text nor bytes.');
      const ms = options.requestTimeout ?? defaults?.requestTimeout ?? 10_000;
      const signal = options.abortSignal ?? defaults?.abortSignal ?? new AbortController().signal;
      const response = await client.askOnce({ method, url: url.href, headers, body }, ms, signal);
      if (triesAgain(response.status)) throw notServed(access, url.href, response);
      const answer = Buffer.from(response.body, 'utf8');
      return { response: { statusCode: response.status, headers: { ...response.headers }, body: answer } };
    },
  };
}
