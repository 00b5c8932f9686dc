// What the suites of the SSH transport share: real clock and dice, and servers of the fixture as the domain knows them.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoginMeans, SshSettings } from '../../../src/adapters/ssh/transport.ts';
import { sshTransports } from '../../../src/adapters/ssh/transport.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import type { Server } from '../../../src/domain/server.ts';
import { parseKnownHosts } from '../../../src/domain/ssh/known-hosts.ts';
import type { Clock, Random } from '../../../src/ports/clock.ts';
import type { Transports } from '../../../src/ports/transport.ts';
import type { TestServer, TestServers } from '../../rig/sshd.ts';

export const clock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
};

export const random: Random = {
  hex: (digits) =>
    randomBytes(Math.ceil(digits / 2))
      .toString('hex')
      .slice(0, digits),
};

/** What a test gives besides the usual. */
type Changes = Partial<Omit<SshSettings, 'knownHosts'>> & {
  readonly knownHosts?: string;
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly agentSocket?: string;
};

/** The transports of a run with these servers, with everything as it should be but what `changes` says. */
export function transportsOf(fixture: TestServers, changes: Changes = {}): Transports {
  const { knownHosts = fixture.knownHosts, privateKey, passphrase, agentSocket, ...others } = changes;
  const settings: SshSettings = {
    knownHosts: parseKnownHosts(knownHosts),
    jumps: [],
    connectTimeout: 10_000,
    retries: 0,
    maxConnecting: 8,
    random,
    clock,
    ...others,
  };
  const key: LoginMeans = {
    privateKey: new Secret('ssh-private-key', privateKey ?? fixture.privateKey),
    ...(passphrase === undefined ? {} : { passphrase: new Secret('ssh-passphrase', passphrase) }),
  };
  return sshTransports(settings, agentSocket === undefined ? key : { agentSocket });
}

export function serverOf(
  server: Pick<TestServer, 'name' | 'host' | 'port' | 'user' | 'root'>,
  changes: Partial<Server> = {},
): Server {
  const { name, host, port, user, root } = server;
  return {
    name,
    host,
    port,
    user,
    deployTo: root,
    roles: [],
    labels: {},
    primary: 'ordinary',
    release: 'release',
    ...changes,
  };
}

/** The server of that number, counted from 0. */
export function nth(fixture: TestServers, index: number): TestServer {
  const server = fixture.servers[index];
  if (server === undefined) throw new RangeError(`there is no server ${index}`);
  return server;
}

/** The failure that `opening` must give. */
export async function failureOf(opening: Promise<AsyncDisposable>): Promise<Failure> {
  try {
    await (await opening)[Symbol.asyncDispose]();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it should have failed');
}

/** A signal for what must not be cancelled. */
export function calm(): AbortSignal {
  return new AbortController().signal;
}
