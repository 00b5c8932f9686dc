import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { connect as connectTcp, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { Failure } from '../domain/failure.ts';
import { type Answer, placeOf } from '../domain/health/probe.ts';
import type { Http, HttpQuestion } from '../ports/http.ts';

const bodyLimit = 64 * 1024;

/**
 * HTTP/1.1 requests, directly (never through a proxy) or through the connection that the question opens. Each question
 * has its own connection.
 * What fails before the request could be sent – name, route, tunnel, certificate – is `unasked`: it says nothing about
 * the release.
 * A connection that the service closes, or an answer that breaks off, is `refused`.
 */
export const nodeHttp: Http = {
  ask: async (question) => {
    const url = URL.parse(question.url);
    if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
      return { kind: 'unasked', why: 'this is not an http address' };
    const limit = AbortSignal.timeout(question.timeout);
    const signal = question.signal === undefined ? limit : AbortSignal.any([limit, question.signal]);
    try {
      const socket = await reach(url, question, signal);
      try {
        return await exchange(url, question, socket, signal);
      } finally {
        socket.destroy();
      }
    } catch (thrown) {
      return refusal(thrown);
    }
  },
};

/** The open connection to the service, with TLS where the address says so. Rejects when `signal` aborts first. */
async function reach(url: URL, question: HttpQuestion, signal: AbortSignal): Promise<Duplex> {
  const { host, port } = placeOf(url.href);
  const socket =
    question.connect === undefined
      ? await opened(connectTcp({ host, port }), 'connect', signal)
      : await beforeAbort(question.connect(host, port), signal);
  socket.on('error', ignore);
  return url.protocol === 'https:' ? await secured(socket, host, signal) : socket;
}

/** TLS 1.2 or newer, the certificate verified against the host of the address. SNI allows no IP addresses. */
async function secured(socket: Duplex, host: string, signal: AbortSignal): Promise<Duplex> {
  const secure = connectTls({
    socket,
    host,
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  secure.once('close', () => socket.destroy());
  secure.on('error', ignore);
  return await opened(secure, 'secureConnect', signal);
}

/** Resolves when `event` reports that `socket` is open; destroys it on an error or a timeout. */
function opened(socket: Duplex, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const give = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    const late = () =>
      give(
        event === 'connect'
          ? unreached()
          : new Failure('UNHEALTHY', 'it accepted the connection but did not answer in time'),
      );
    signal.addEventListener('abort', late, { once: true });
    socket.once(event, () => {
      signal.removeEventListener('abort', late);
      resolve(socket);
    });
    socket.on('error', give);
    socket.once('close', () => give(new HungUp()));
    if (signal.aborted) late();
  });
}

/** A connection that opens after the timeout is closed again. */
function beforeAbort(opening: Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const late = () => {
      reject(unreached());
      opening.then((socket) => socket.destroy()).catch(ignore);
    };
    signal.addEventListener('abort', late, { once: true });
    opening.then((socket) => {
      signal.removeEventListener('abort', late);
      resolve(socket);
    }, reject);
    if (signal.aborted) late();
  });
}

function unreached(): Failure {
  return new Failure('HEALTH_UNKNOWN', 'no connection was made in time');
}

/** Errors before a socket is open reject its promise; later ones are ignored. */
function ignore(): void {}

function exchange(url: URL, question: HttpQuestion, socket: Duplex, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const asking: ClientRequest = request({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        'user-agent': 'slipway',
        accept: '*/*',
        ...lowered(question.headers),
        connection: 'close',
      },
      createConnection: () => socket,
    });
    const end = (answer: Answer) => {
      signal.removeEventListener('abort', stopped);
      resolve(answer);
      asking.on('error', ignore).destroy();
    };
    const stopped = () =>
      end(question.signal?.aborted === true ? { kind: 'unasked', why: 'the run was cancelled' } : { kind: 'silent' });
    signal.addEventListener('abort', stopped, { once: true });
    asking.on('error', (error) => end(refusal(error)));
    asking.on('response', (response) => readBody(response, end));
    asking.end();
    if (signal.aborted) stopped();
  });
}

function readBody(response: IncomingMessage, end: (answer: Answer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const answer = (): Answer => ({
    kind: 'answer',
    status: response.statusCode ?? 0,
    body: Buffer.concat(chunks).subarray(0, bodyLimit).toString('utf8'),
  });
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= bodyLimit) end(answer());
  });
  response.on('end', () => end(answer()));
  response.on('error', () => end({ kind: 'refused', why: 'the connection broke in the middle of its answer' }));
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

class HungUp extends Error {
  readonly code = 'ECONNRESET';
}

function refusal(thrown: unknown): Answer {
  if (thrown instanceof Failure)
    return { kind: thrown.code === 'UNHEALTHY' ? 'refused' : 'unasked', why: thrown.message };
  const code = String((thrown as NodeJS.ErrnoException | null)?.code ?? '');
  if (code === 'ECONNREFUSED') return { kind: 'refused', why: 'nothing listens there' };
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return { kind: 'refused', why: 'it closed the connection without an answer' };
  if (code.startsWith('HPE_')) return { kind: 'refused', why: 'its answer is not HTTP' };
  return { kind: 'unasked', why: code === '' ? 'it could not be asked' : `it could not be asked (${code})` };
}
