// An HTTPS service on loopback that answers as a test wants: well, or with one of the faults of a network and of a busy service.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Authority } from './authority.ts';

export interface Question {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Befalls so many requests whose path matches; AWS has one path for all, so that its target follows after a space. */
export interface Fault {
  readonly path: RegExp;
  readonly what: 'drop' | 'cut short' | 'page' | 'silence' | Reply;
  times: number;
}

export interface Service extends AsyncDisposable {
  /** `https://localhost:PORT`. */
  readonly origin: string;
  /** The first that fits is used. */
  readonly faults: Fault[];
  /** What was asked, as `GET /path?query`, with the target of AWS after it. */
  readonly asked: string[];
  /** What answers; set by who starts the service. */
  answer: (question: Question) => Promise<Reply>;
}

export const page = '<!doctype html><title>Sign in to the network</title>';

/** A reply in JSON, as the services of the clouds write it. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** Thrown by a service that refuses. */
export class Refused extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super('refused');
    this.reply = reply;
  }
}

export async function startService({ key, cert }: Authority): Promise<Service> {
  const faults: Fault[] = [];
  const asked: string[] = [];
  const fault = (path: string) => faults.find(({ path: pattern, times }) => times > 0 && pattern.test(path));
  const server = createServer({ key, cert }, async (request, response) => {
    const url = new URL(request.url ?? '/', service.origin);
    const target = request.headers['x-amz-target'] === undefined ? '' : ` ${request.headers['x-amz-target']}`;
    asked.push(`${request.method} ${decodeURIComponent(url.pathname)}${url.search}${target}`);
    const found = fault(`${url.pathname}${target}`);
    if (found !== undefined) found.times -= 1;
    if (found?.what === 'drop') return request.socket.destroy();
    if (found?.what === 'silence') return;
    const question = {
      method: request.method ?? 'GET',
      url,
      headers: request.headers as Question['headers'],
      body: await text(request),
    };
    const reply = typeof found?.what === 'object' ? found.what : await answer(question);
    if (found?.what === 'page') return response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    if (found?.what !== 'cut short') return response.writeHead(reply.status, { ...reply.headers }).end(reply.body);
    response.writeHead(reply.status, { ...reply.headers, 'content-length': String(reply.body.length + 10) });
    response.write(reply.body.slice(0, -1), () => request.socket.destroy());
  });
  const answer = async (question: Question): Promise<Reply> => {
    try {
      return await service.answer(question);
    } catch (thrown) {
      return thrown instanceof Refused ? thrown.reply : { status: 500, body: String(thrown) };
    }
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service: Service = {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    faults,
    asked,
    answer: async () => ({ status: 404, body: '' }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}
