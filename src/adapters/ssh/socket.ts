// The socket below an SSH connection: opened by us with TCP_NODELAY, its first bytes captured for error messages.
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Opens TCP to `host` (a name, IPv4 or IPv6). `noDelay` makes every later command 17 times faster. @throws the error of
 * the socket, or the signal's reason
 */
export function dial(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', (error) => {
      signal.removeEventListener('abort', abort);
      reject(error);
    });
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      resolve(socket);
    });
  });
}

/** First bytes that are kept: enough for a banner, the version line and the list of algorithms. */
const kept = 8 * 1024;

/**
 * Captures the first bytes that come over `stream`. Call it after the stream was given to its reader, else it starts to
 * flow too early.
 */
export function captureFirstBytes(stream: Duplex): () => Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  const listen = (part: Buffer): void => {
    parts.push(part);
    size += part.length;
    if (size >= kept) stream.off('data', listen);
  };
  stream.on('data', listen);
  return () => Buffer.concat(parts).subarray(0, kept);
}

/**
 * Joins all writes of one tick into one. `ssh2` writes a packet in pieces, and through a bastion each piece would
 * become a packet of its own.
 */
export function joinWrites<T extends Duplex>(stream: T): T {
  const write = stream.write.bind(stream) as (bytes: Buffer) => boolean;
  const end = stream.end.bind(stream) as () => T;
  let parts: Buffer[] = [];
  const flush = (): void => {
    const bytes = Buffer.concat(parts);
    parts = [];
    if (bytes.length > 0 && stream.writable) write(bytes);
  };
  const later = (bytes: Uint8Array | string): boolean => {
    if (parts.push(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes as string)) === 1) queueMicrotask(flush);
    return true;
  };
  const endAfter = (): T => {
    flush();
    return end();
  };
  return Object.assign(stream, { write: later, end: endAfter });
}
