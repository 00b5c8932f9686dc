// A TCP proxy on loopback that makes a network bad: slow, cut after so many bytes, silent, or reset.
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout as after } from 'node:timers';

export interface ProxyChoices {
  readonly host?: string;
  readonly port: number;
  /** Milliseconds for the way there and back. */
  readonly roundTrip?: number;
  /** The first connection is cut after so many bytes in that direction. */
  readonly cut?: { readonly after: number; readonly direction: 'to server' | 'to client' };
}

export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** Connections that were taken so far. */
  readonly connections: number;
  /** How often a client spoke again after it had heard a server: with a slow line, each of these costs a round trip. */
  readonly turns: number;
  /** Swallows everything from now on, in both directions, and keeps the connections open. */
  blackhole(): void;
  /** The next connection passes so many bytes to the server and keeps the rest back, until one side ends it. */
  stall(after: number): void;
  /** Lets bytes through again; what was swallowed is gone. */
  restore(): void;
  /** Ends all connections with RST. */
  reset(): void;
  /** Ends all connections and takes no more. */
  refuse(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1 and passes on to `port`. */
export async function startProxy(choices: ProxyChoices): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const state = { silent: false, connections: 0, turns: 0, heard: true, stall: Number.POSITIVE_INFINITY };
  const listener = createServer((client) => {
    state.connections += 1;
    const server = connect({ host: choices.host ?? '127.0.0.1', port: choices.port, noDelay: true });
    const end = (): void => {
      for (const socket of [client, server]) {
        socket.resetAndDestroy();
        sockets.delete(socket);
      }
    };
    const first = state.connections === 1;
    for (const socket of [client, server]) sockets.add(socket.setNoDelay(true).on('error', end));
    const limit = (direction: 'to server' | 'to client'): number =>
      first && choices.cut?.direction === direction ? choices.cut.after : Number.POSITIVE_INFINITY;
    const stall = state.stall;
    state.stall = Number.POSITIVE_INFINITY;
    pass({ speaker: 'client', from: client, to: server, limit: limit('to server'), stall, end });
    pass({
      speaker: 'server',
      from: server,
      to: client,
      limit: limit('to client'),
      stall: Number.POSITIVE_INFINITY,
      end,
    });
  });

  interface Way {
    readonly speaker: 'client' | 'server';
    readonly from: Socket;
    readonly to: Socket;
    readonly limit: number;
    readonly stall: number;
    readonly end: () => void;
  }

  function pass({ speaker, from, to, limit, stall, end }: Way): void {
    let passed = 0;
    const later = (work: () => void): unknown =>
      choices.roundTrip === undefined ? work() : after(work, choices.roundTrip / 2);
    from.on('data', (bytes: Buffer) => {
      if (speaker === 'client' && state.heard) state.turns += 1;
      if (speaker === 'client') state.heard = false;
      const part = bytes.subarray(0, Math.max(0, limit - passed));
      const over = passed + bytes.length >= limit;
      passed += part.length;
      if (passed > stall) {
        from.pause();
        return;
      }
      later(() => {
        if (state.silent) return;
        if (speaker === 'server') state.heard = true;
        if (!to.destroyed && !to.write(part)) {
          from.pause();
          to.once('drain', () => from.resume());
        }
        if (over) end();
      });
    });
    from.on('end', () => later(() => !state.silent && to.end()));
    from.on('close', () => sockets.delete(from));
  }

  const reset = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
    sockets.clear();
  };
  const refuse = async (): Promise<void> => {
    const closed = new Promise((resolve) => listener.close(resolve));
    reset();
    await closed;
  };
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return {
    port: address.port,
    get connections() {
      return state.connections;
    },
    get turns() {
      return state.turns;
    },
    blackhole: () => {
      state.silent = true;
    },
    stall: (after) => {
      state.stall = after;
    },
    restore: () => {
      state.silent = false;
    },
    reset,
    refuse,
    [Symbol.asyncDispose]: refuse,
  };
}
