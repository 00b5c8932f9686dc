// The SSH transport: opens servers, with bastions, host keys, retries of connecting, and one first login.
import type { Duplex } from 'node:stream';
import { Failure } from '../../domain/failure.ts';
import type { ProgramEnd } from '../../domain/remote/end.ts';
import type { RemoteProgram } from '../../domain/remote/program.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import type { Server } from '../../domain/server.ts';
import type { KnownHosts } from '../../domain/ssh/known-hosts.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { ProgramOptions, Transport, Transports } from '../../ports/transport.ts';
import type { Again, Retried } from '../retry.ts';
import { retry } from '../retry.ts';
import { Bastions } from './bastions.ts';
import type { Credentials } from './connect.ts';
import { attempt } from './connect.ts';
import type { Connection } from './connection.ts';
import { ConnectionLimits, FirstLogin } from './connection-limits.ts';
import { execute } from './execution.ts';
import { readPrivateKey } from './keys.ts';
import type { LoginKey } from './login.ts';
import { PreopenedSessions } from './sessions.ts';
import type { Attempt, Jump, Target } from './target.ts';
import { address, cancelled } from './target.ts';

/** What to log in with: a private key; without one, an agent. */
export interface LoginMeans {
  readonly privateKey?: Secret;
  readonly passphrase?: Secret;
  /** The path of the agent's socket. */
  readonly agentSocket?: string;
}

/** How servers are connected to. */
export interface SshSettings {
  readonly knownHosts: KnownHosts;
  /** Bastions, the nearest first. */
  readonly jumps: readonly Jump[];
  /** Milliseconds for one attempt. */
  readonly connectTimeout: number;
  /** How often connecting is tried again; never a login, never a command. */
  readonly retries: number;
  /** Handshakes at the same time, per target and per bastion. */
  readonly maxConnecting: number;
  /** Programs that name no other user run as this one. */
  readonly become?: string;
  readonly random: Random;
  readonly clock: Clock;
}

/** Pauses between two attempts to connect, in milliseconds. */
const connecting = { first: 1000, most: 10_000 } as const;

/** Opens servers by SSH. The key is read here, once. @throws Failure `KEY_INVALID`, `KEY_PUBLIC`, `KEY_PASSPHRASE` */
export function sshTransports(settings: SshSettings, login: LoginMeans): Transports {
  return new SshTransports(settings, loginKey(login));
}

function loginKey({ privateKey, passphrase, agentSocket }: LoginMeans): LoginKey {
  if (privateKey !== undefined) return readPrivateKey(privateKey, passphrase);
  if (agentSocket !== undefined) return { kind: 'agent', socket: agentSocket };
  throw new Failure('KEY_INVALID', 'There is no private key to log in with.', {
    hint: 'Give one in `ssh-private-key`. A secret that the job cannot see is empty: one of an environment needs `environment:` on the job, and its name must be right.',
  });
}

class SshTransports implements Transports {
  readonly #settings: SshSettings;
  readonly #credentials: Credentials;
  readonly #bastions: Bastions;
  readonly #firstLogin: FirstLogin;

  constructor(settings: SshSettings, key: LoginKey) {
    this.#settings = settings;
    this.#credentials = {
      key,
      knownHosts: settings.knownHosts,
      connectTimeout: settings.connectTimeout,
      limits: new ConnectionLimits(settings.maxConnecting),
    };
    this.#bastions = new Bastions(settings.jumps, this.#credentials);
    this.#firstLogin = new FirstLogin(settings.clock, settings.connectTimeout);
  }

  async open(server: Server, signal: AbortSignal): Promise<Transport> {
    const { become, random, clock } = this.#settings;
    return new SshTransport(server, await this.#connect(server, signal), {
      ...(become === undefined ? {} : { become }),
      random,
      clock,
      another: () => this.#connect(server, new AbortController().signal),
    });
  }

  async #connect(server: Server, signal: AbortSignal): Promise<Connection> {
    const target: Target = {
      user: server.user,
      host: server.host,
      port: server.port,
      server: server.name,
      label: `${server.name} (${address(server)})`,
    };
    const { result, attempts } = await this.#attempts(target, signal);
    if (result.kind === 'open') return result.to;
    throw signal.aborted ? cancelled(target) : named(result.failure, target, attempts);
  }

  async #attempts(target: Target, signal: AbortSignal): Promise<Retried<Attempt>> {
    const { clock, random, retries } = this.#settings;
    const policy = { ...connecting, attempts: retries + 1 };
    const again = (tried: Attempt): Again => (tried.kind === 'failed' && tried.again === 'may help' ? 'yes' : 'no');
    try {
      return await retry({ policy, clock, random, again, signal }, () => this.#try(target, signal));
    } catch (thrown) {
      throw signal.aborted ? cancelled(target) : thrown;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bastions[Symbol.asyncDispose]();
  }

  async #try(target: Target, signal: AbortSignal): Promise<Attempt> {
    const bastions = await this.#bastions.prepare(target.server, signal);
    if (bastions.kind === 'failed') return bastions;
    return attempt(this.#credentials, {
      target,
      limitedBy: this.#bastions.limitNames(target),
      openStream: (limit) => this.#bastions.streamTo(target, limit),
      mayLogIn: (login) => this.#firstLogin.admit(target.server, login),
      signal,
    });
  }
}

/** The failure under the name of the server, with the number of attempts where there were several. */
function named(failure: Failure, target: Target, tries: number): Failure {
  const sentence = tries > 1 ? `${failure.message.replace(/\.$/, '')}, tried ${tries} times.` : failure.message;
  return new Failure(failure.code, sentence, {
    hint: failure.hint,
    server: target.server,
    ...(failure.cause === undefined ? {} : { cause: failure.cause }),
  });
}

/** `another`: one more connection to the same server. */
type ConnectionOptions = Pick<SshSettings, 'become' | 'random' | 'clock'> & {
  readonly another: () => Promise<Connection>;
};

class SshTransport implements Transport {
  readonly server: Server;
  readonly #connection: Connection;
  readonly #options: ConnectionOptions;
  readonly #sessions: PreopenedSessions;
  /** The number of programs that run. */
  #running = 0;

  constructor(server: Server, connection: Connection, options: ConnectionOptions) {
    this.server = server;
    this.#connection = connection;
    this.#options = options;
    this.#sessions = new PreopenedSessions(connection, options.become);
    this.#sessions.prepare(1);
  }

  async run(program: RemoteProgram, options: ProgramOptions = {}): Promise<ProgramEnd> {
    const become = program.become ?? this.#options.become;
    const asUser = become === undefined ? program : { ...program, become };
    this.#running += 1;
    try {
      const end = await this.#execute(this.#connection, this.#sessions, asUser, options);
      return this.#running > 1 && isRefused(end) && options.stream === undefined
        ? await this.#onOwnConnection(end, asUser, options)
        : end;
    } finally {
      this.#running -= 1;
    }
  }

  /**
   * Runs the program on a connection of its own where another program has the only session (`MaxSessions 1`), such as
   * one that is to be ended.
   */
  async #onOwnConnection(refused: ProgramEnd, program: RemoteProgram, options: ProgramOptions): Promise<ProgramEnd> {
    const opened = await this.#options.another().catch(() => undefined);
    if (opened === undefined) return refused;
    await using connection = opened;
    return await this.#execute(connection, new PreopenedSessions(connection, undefined), program, options);
  }

  #execute(
    connection: Connection,
    sessions: PreopenedSessions,
    program: RemoteProgram,
    options: ProgramOptions,
  ): Promise<ProgramEnd> {
    return execute({
      connection,
      sessions,
      program,
      token: this.#options.random.hex(32),
      options,
      clock: this.#options.clock,
    });
  }

  async tunnel(host: string, port: number): Promise<Duplex> {
    const opened = await this.#connection.forward(host, port);
    const { name: server } = this.server;
    switch (opened.kind) {
      case 'open':
        return opened.channel;
      case 'lost':
        throw new Failure('HEALTH_UNKNOWN', `${server} cannot be asked: ${opened.why}.`, { server });
      case 'refused':
        if (opened.reason === 2)
          throw new Failure('UNHEALTHY', `nothing answers at ${host}:${port} (${opened.why})`, { server });
        throw new Failure('HEALTH_UNKNOWN', `${server} does not let us connect to ${host}:${port} (${opened.why}).`, {
          server,
          hint: tunnelHint,
        });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
  }
}

function isRefused(end: ProgramEnd): boolean {
  return end.kind === 'unknown' && end.why === 'refused';
}

const tunnelHint =
  'Allow it in sshd_config of the server (`AllowTcpForwarding yes` or `local`) and in authorized_keys (`port-forwarding`, `permitopen`), or let the probe come `from: runner`.';
