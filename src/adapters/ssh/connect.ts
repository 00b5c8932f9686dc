// One attempt to connect: the stream, the handshake, the host key, the login, all within one time limit.
import type { Duplex } from 'node:stream';
import type { KnownHosts } from '../../domain/ssh/known-hosts.ts';
import type { Banner } from './banner.ts';
import { readBanner } from './banner.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { HostKeyCheck } from './host-keys.ts';
import type { Login, LoginKey } from './login.ts';
import { logIn } from './login.ts';
import { explain, explainDelay, explainSocket } from './refusal.ts';
import { captureFirstBytes, dial } from './socket.ts';
import type { Attempt, Target } from './target.ts';
import { cancelled, failed } from './target.ts';

/** What all connections of a run have in common. */
export interface Credentials {
  readonly key: LoginKey;
  readonly knownHosts: KnownHosts;
  /** Milliseconds for one attempt, from the first packet to the login. */
  readonly connectTimeout: number;
  readonly limits: ConnectionLimits;
}

export interface ConnectRequest {
  readonly target: Target;
  /** The names of the connection limits that apply, the outermost first. */
  readonly limitedBy: readonly string[];
  readonly openStream: (signal: AbortSignal) => Promise<Attempt<Duplex>>;
  readonly mayLogIn: Login['mayLogIn'];
  readonly signal: AbortSignal;
}

/** Never rejects. */
export function attempt(credentials: Credentials, request: ConnectRequest): Promise<Attempt> {
  return credentials.limits.run(request.limitedBy, async () => {
    const { target, signal } = request;
    if (signal.aborted) return failed(cancelled(target));
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), credentials.connectTimeout);
    try {
      const both = AbortSignal.any([signal, limit.signal]);
      const result = await establish(credentials, { ...request, signal: both });
      if (result.kind !== 'out of time') return result;
      return signal.aborted
        ? failed(cancelled(target))
        : explainDelay(result.banner, target, credentials.connectTimeout);
    } finally {
      clearTimeout(timer);
    }
  });
}

/** A direct stream, without a bastion. */
export async function directly(target: Target, signal: AbortSignal): Promise<Attempt<Duplex>> {
  try {
    return { kind: 'open', to: await dial(target.host, target.port, signal) };
  } catch (error) {
    return signal.aborted ? failed(cancelled(target)) : explainSocket(error, target);
  }
}

/** `banner`: what the server had sent by then; `undefined`: there was no connection yet. */
interface OutOfTime {
  readonly kind: 'out of time';
  readonly banner: Banner | undefined;
}

async function establish(credentials: Credentials, request: ConnectRequest): Promise<Attempt | OutOfTime> {
  const { target, signal } = request;
  const there = await within(request.openStream(signal), signal);
  if (there === 'out of time') return { kind: 'out of time', banner: undefined };
  if (there.kind === 'failed') return there;
  const check = new HostKeyCheck(credentials.knownHosts, target);
  const verify = (blob: Uint8Array): 'trusted' | 'refused' => check.verify(blob);
  const login = logIn(there.to, {
    user: target.user,
    key: credentials.key,
    hostKeyTypes: check.types,
    verify,
    mayLogIn: request.mayLogIn,
    signal,
  });
  const firstBytes = captureFirstBytes(there.to);
  const result = await login;
  switch (result.kind) {
    case 'open':
      return { kind: 'open', to: result.connection };
    case 'aborted':
      return { kind: 'out of time', banner: readBanner(firstBytes()) };
    default:
      return explain(result, { target, key: credentials.key, check, banner: readBanner(firstBytes()) });
  }
}

/**
 * Does not wait longer than `signal`, because a silent bastion never answers. A stream that opens too late is closed.
 */
function within(opening: Promise<Attempt<Duplex>>, signal: AbortSignal): Promise<Attempt<Duplex> | 'out of time'> {
  return new Promise((resolve) => {
    const stop = (): void => resolve('out of time');
    signal.addEventListener('abort', stop, { once: true });
    void opening.then((there) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted && there.kind === 'open') there.to.destroy();
      resolve(signal.aborted ? 'out of time' : there);
    });
  });
}
