import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export interface LinkChoices {
  /** The port on 127.0.0.1 that the link leads to. */
  readonly port: number;
  /** Milliseconds there and back, half of it each way. */
  readonly roundTrip: number;
  /** Bytes per second, each way. Default: no limit. */
  readonly rate?: number;
}

/**
 * A way to a server with the delay of a network: everything arrives half a round trip later, in order, and opening a
 * connection costs one round trip.
 */
export interface Link extends AsyncDisposable {
  readonly port: number;
  /** Bytes that have passed since the link was opened: up is to the server. */
  readonly passed: { readonly up: number; readonly down: number };
}

export async function openLink(choices: LinkChoices): Promise<Link> {
  const sockets = new Set<Socket>();
  const passed = { up: 0, down: 0 };
  const roads = { up: new Road(choices), down: new Road(choices) };
  const listener = createServer({ noDelay: true, pauseOnConnect: true, allowHalfOpen: true }, (client) => {
    const began = performance.now();
    const server = connect({ host: '127.0.0.1', port: choices.port, noDelay: true, allowHalfOpen: true });
    const drop = (): void => {
      for (const socket of [client, server]) {
        socket.destroy();
        sockets.delete(socket);
      }
    };
    for (const socket of [client, server])
      sockets.add(socket.on('error', drop).on('close', () => sockets.delete(socket)));
    // The listener has answered at once. On the network that it stands for, the client may send after one round trip,
    // and the server hears of it half a one later.
    join({
      from: client,
      to: server,
      wire: new Wire(roads.up, began + choices.roundTrip),
      count: (bytes) => (passed.up += bytes),
    });
    join({
      from: server,
      to: client,
      wire: new Wire(roads.down, began + 1.5 * choices.roundTrip),
      count: (bytes) => (passed.down += bytes),
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    passed,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

interface Joint {
  readonly from: Socket;
  readonly to: Socket;
  readonly wire: Wire;
  readonly count: (bytes: number) => void;
}

/** Bytes that may be under way on one connection before its sender has to wait. */
const window = 16 * 1024 * 1024;

function join({ from, to, wire, count }: Joint): void {
  let underWay = 0;
  let full = false;
  const flow = (): unknown => (full || underWay > window ? from.pause() : from.resume());
  to.on('drain', () => {
    full = false;
    flow();
  });
  from.on('data', (bytes: Buffer) => {
    count(bytes.length);
    underWay += bytes.length;
    flow();
    wire.send(bytes.length, () => {
      underWay -= bytes.length;
      full = !to.destroyed && !to.write(bytes);
      flow();
    });
  });
  from.on('end', () => wire.send(0, () => to.end()));
  from.resume();
}

/** What all connections of one direction share: the rate. */
class Road {
  readonly delay: number;
  readonly #rate: number | undefined;
  #free = 0;

  constructor({ roundTrip, rate }: LinkChoices) {
    this.delay = roundTrip / 2;
    this.#rate = rate;
  }

  /** When the last of `bytes` has left, if the first may leave at `earliest`. Times of `performance.now()`. */
  leave(bytes: number, earliest: number): number {
    if (this.#rate === undefined) return earliest;
    this.#free = Math.max(this.#free, earliest) + (bytes / this.#rate) * 1000;
    return this.#free;
  }
}

/** One direction of one connection: what is sent arrives in order, after the delay. */
class Wire {
  readonly #road: Road;
  readonly #open: number;
  readonly #queue: { readonly due: number; readonly arrive: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Nothing leaves before `open`. */
  constructor(road: Road, open: number) {
    this.#road = road;
    this.#open = open;
  }

  send(bytes: number, arrive: () => void): void {
    const now = performance.now();
    const due = this.#road.leave(bytes, Math.max(now, this.#open)) + this.#road.delay;
    if (due <= now && this.#queue.length === 0) arrive();
    else this.#queue.push({ due, arrive });
    this.#wait();
  }

  #wait(): void {
    const [next] = this.#queue;
    if (this.#timer !== undefined || next === undefined) return;
    const work = (): void => {
      this.#timer = undefined;
      const now = performance.now();
      while ((this.#queue[0]?.due ?? Number.POSITIVE_INFINITY) <= now) this.#queue.shift()?.arrive();
      this.#wait();
    };
    this.#timer = setTimeout(work, Math.max(0, next.due - performance.now()));
  }
}
