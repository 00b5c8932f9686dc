// Connections that a client asks the demo's server to make: to loopback and nowhere else.
import { connect } from 'node:net';
import type { AcceptConnection, RejectConnection, ServerChannel, TcpipRequestInfo } from 'ssh2';

const loopback = ['127.0.0.1', '::1', 'localhost'];

export function forward(accept: AcceptConnection<ServerChannel>, reject: RejectConnection, { destIP, destPort }: TcpipRequestInfo): void {
  if (!loopback.includes(destIP)) {
    reject();
    return;
  }
  const socket = connect({ host: destIP, port: destPort, noDelay: true, allowHalfOpen: true });
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
