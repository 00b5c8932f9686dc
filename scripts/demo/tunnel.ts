// Connections that a client asks the demo's server to make: to loopback and nowhere else.
import { connect } from 'node:net';
import { join } from 'node:path';
import type { AcceptConnection, RejectConnection, ServerChannel, TcpipRequestInfo } from 'ssh2';

const loopback = ['127.0.0.1', '::1', 'localhost'];

interface Answer {
  readonly accept: AcceptConnection<ServerChannel>;
  readonly reject: RejectConnection;
}

/** `ports`: a folder of sockets that stand for ports. */
export function forward(
  { destIP, destPort }: TcpipRequestInfo,
  ports: string | undefined,
  { accept, reject }: Answer,
): void {
  if (!loopback.includes(destIP)) {
    reject();
    return;
  }
  const path = ports === undefined ? undefined : join(ports, String(destPort));
  const target = path === undefined ? { host: destIP, port: destPort, noDelay: true } : { path };
  const socket = connect({ ...target, allowHalfOpen: true });
  socket.once('error', () => reject());
  socket.once('connect', () => {
    socket.removeAllListeners('error');
    const channel = accept();
    channel.pipe(socket);
    socket.pipe(channel);
    socket.on('error', () => channel.close());
    channel.on('error', () => socket.destroy()).on('close', () => socket.destroy());
  });
}
