import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certified } from '../certificates.ts';

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What is answered: a status with JSON or with this very text, or the hand that does it. */
export type Scripted =
  | {
      readonly status: number;
      readonly json?: unknown;
      readonly text?: string;
      readonly headers?: Record<string, string>;
    }
  | ((response: ServerResponse) => void);

export interface ScriptedStore extends AsyncDisposable {
  readonly url: string;
  /** Everything that was asked, in order. */
  readonly asked: readonly Asked[];
}

/** A server that answers as `script` says and writes down what it is asked: for answers that no real store gives on demand. */
export async function startScripted(
  script: (asked: Asked) => Scripted | Promise<Scripted>,
  certified?: Certified,
): Promise<ScriptedStore> {
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = '', url: path = '', headers } = request;
    const question = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
    asked.push(question);
    const given = await script(question);
    if (typeof given === 'function') return given(response);
    const text = given.text ?? JSON.stringify(given.json ?? {});
    response.writeHead(given.status, { 'content-type': 'application/json', ...given.headers }).end(text);
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch(() => response.destroy());
  };
  const server = certified === undefined ? createServer(listener) : createSecureServer(certified, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certified === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
