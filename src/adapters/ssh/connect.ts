// One attempt to connect: a way there, the handshake, the host key, the login, all within one time limit.
import type { Duplex } from 'node:stream';
import type { KnownHosts } from '../../domain/ssh/known-hosts.ts';
import type { Greeting } from './banner.ts';
import { readGreeting } from './banner.ts';
import { HostKeyCheck } from './host-keys.ts';
import type { Gates } from './limits.ts';
import type { Login, LoginKey } from './login.ts';
import { logIn } from './login.ts';
import { explain, explainDelay, explainSocket } from './refusal.ts';
import { dial, overhear } from './socket.ts';
import type { Attempt, Target } from './target.ts';
import { cancelled, failed } from './target.ts';

/** What all connections of a run have in common. */
export interface Credentials {
  readonly key: LoginKey;
  readonly knownHosts: KnownHosts;
  /** Milliseconds for one attempt, from the first packet to the login. */
  readonly connectTimeout: number;
  readonly gates: Gates;
}

export interface Approach {
  readonly target: Target;
  /** The gates that this way leads through, the outermost first. */
  readonly gates: readonly string[];
  readonly way: (signal: AbortSignal) => Promise<Attempt<Duplex>>;
  readonly mayLogIn: Login['mayLogIn'];
  readonly signal: AbortSignal;
}

/** Never rejects. */
export function attempt(credentials: Credentials, approach: Approach): Promise<Attempt> {
  return credentials.gates.pass(approach.gates, async () => {
    const { target, signal } = approach;
    if (signal.aborted) return failed(cancelled(target));
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), credentials.connectTimeout);
    try {
      const both = AbortSignal.any([signal, limit.signal]);
      const result = await enter(credentials, { ...approach, signal: both });
      if (result.kind !== 'out of time') return result;
      return signal.aborted
        ? failed(cancelled(target))
        : explainDelay(result.heard, target, credentials.connectTimeout);
    } finally {
      clearTimeout(timer);
    }
  });
}

/** The direct way, without a bastion. */
export async function directly(target: Target, signal: AbortSignal): Promise<Attempt<Duplex>> {
  try {
    return { kind: 'open', to: await dial(target.host, target.port, signal) };
  } catch (error) {
    return signal.aborted ? failed(cancelled(target)) : explainSocket(error, target);
  }
}

/** `heard`: what the server had said by then; nothing at all where there was no connection yet. */
interface OutOfTime {
  readonly kind: 'out of time';
  readonly heard: Greeting | undefined;
}

async function enter(credentials: Credentials, approach: Approach): Promise<Attempt | OutOfTime> {
  const { target, signal } = approach;
  const there = await within(approach.way(signal), signal);
  if (there === 'out of time') return { kind: 'out of time', heard: undefined };
  if (there.kind === 'failed') return there;
  const check = new HostKeyCheck(credentials.knownHosts, target);
  const verify = (blob: Uint8Array): 'trusted' | 'refused' => check.verify(blob);
  const login = logIn(there.to, {
    user: target.user,
    key: credentials.key,
    hostKeyTypes: check.types,
    verify,
    mayLogIn: approach.mayLogIn,
    signal,
  });
  const heard = overhear(there.to);
  const result = await login;
  switch (result.kind) {
    case 'open':
      return { kind: 'open', to: result.connection };
    case 'aborted':
      return { kind: 'out of time', heard: readGreeting(heard()) };
    default:
      return explain(result, { target, key: credentials.key, check, greeting: readGreeting(heard()) });
  }
}

/** A bastion that is silent would keep the way open for ever. What comes too late is closed. */
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
