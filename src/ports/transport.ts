import type { Duplex } from 'node:stream';
import type { ProgramEnd } from '../domain/remote/end.ts';
import type { ProgramEvent } from '../domain/remote/frames.ts';
import type { RemoteProgram } from '../domain/remote/program.ts';
import type { Server } from '../domain/server.ts';

/** An open connection to one server. Disposing closes it; programs that still run there continue. */
export interface Transport extends AsyncDisposable {
  readonly server: Server;
  /**
   * Runs the program in one exec. Never rejects for what happens on the server or to the connection: that is in the
   * result.
   */
  run(program: RemoteProgram, attended?: ProgramOptions): Promise<ProgramEnd>;
  /**
   * A stream to `port` of `host` as seen from the server.
   * @throws Failure `UNHEALTHY` where nothing listens there, `HEALTH_UNKNOWN` where the server does not allow the
   * connection.
   */
  tunnel(host: string, port: number): Promise<Duplex>;
}

export interface ProgramOptions {
  /**
   * What the step with `input: 'stream'` reads. Called once, when the server is ready for it; back-pressure is
   * honoured.
   */
  readonly stream?: () => AsyncIterable<Uint8Array>;
  /** Every event of the program as it comes. */
  readonly onEvent?: (event: ProgramEvent) => void;
  /** How many programs will probably follow on this server: sessions may be opened for them in advance. Default: 0. */
  readonly ahead?: number;
}

/** Opens servers. Disposing it closes the bastions that it has opened. */
export interface Transports extends AsyncDisposable {
  /**
   * Connects, verifies the host key and logs in.
   * @throws Failure `UNREACHABLE`, `SERVER_DROPPED`, `HOST_KEY_*`, `AUTH_REFUSED`, `NO_COMMON_ALGORITHM`, `CANCELLED`
   */
  open(server: Server, signal: AbortSignal): Promise<Transport>;
}
