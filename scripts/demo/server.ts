// A throw-away SSH server on loopback, so that the demo runs where there is only git, Node and npm. Real sshd is what
// the tests use.

import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { AuthContext, ParsedKey, PublicKeyAuthContext } from 'ssh2';
import ssh2 from 'ssh2';
import { newKey } from './keys.ts';
import { Programs } from './programs.ts';
import { forward } from './tunnel.ts';

export interface DemoServer extends AsyncDisposable {
  readonly port: number;
  /** One line of known_hosts. */
  readonly hostKeyLine: string;
  /** Closes every connection and ends what was started through them and still runs. */
  dispose(): Promise<void>;
}

export interface DemoServerChoices {
  readonly home: string;
  readonly name: string;
  /** Variables of its programs, beside those of a login. */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * A folder of sockets named after ports, which are this server's own: several servers on one machine have the same
   * ones.
   */
  readonly ports?: string;
}

/**
 * Any user name may log in with a key of `home/.ssh/authorized_keys`. Programs run as the user of this process, with
 * `home` as HOME and
 * `name` as HOSTNAME; connections are passed on to loopback only.
 */
export async function startDemoServer({ home, name, variables, ports }: DemoServerChoices): Promise<DemoServer> {
  const hostKey = newKey(name);
  const programs = new Programs(home, { ...environment(home, name), ...variables });
  const clients = new Set<ssh2.Connection>();
  const ssh = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
    clients.add(client.on('close', () => clients.delete(client)));
    client.on('error', () => client.end());
    client.on('authentication', (login) =>
      allowed(login, join(home, '.ssh', 'authorized_keys')) ? login.accept() : login.reject(['publickey']),
    );
    client.on('session', (accept) =>
      accept().once('exec', (start, _refuse, { command }) => programs.start(command, start())),
    );
    client.on('tcpip', (accept, reject, request) => forward(request, ports, { accept, reject }));
  });
  // Our own listener: without `noDelay`, each small answer would wait for the one before it.
  const listener = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => ssh.injectSocket(socket)).listen(
    0,
    '127.0.0.1',
  );
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const dispose = async () => {
    const closed = once(listener, 'close');
    listener.close();
    for (const client of clients) client.end();
    programs.end();
    await closed;
  };
  return { port, hostKeyLine: `[127.0.0.1]:${port} ${hostKey.public}`, dispose, [Symbol.asyncDispose]: dispose };
}

function environment(home: string, name: string): Readonly<Record<string, string>> {
  const { username } = userInfo();
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    USER: username,
    LOGNAME: username,
    SHELL: '/bin/sh',
    HOSTNAME: name,
  };
}

/** First the client asks whether a key would do, then it signs with it; the signature is checked. */
function allowed(login: AuthContext, authorizedKeys: string): boolean {
  if (login.method !== 'publickey') return false;
  const key = readKeys(authorizedKeys).find((candidate) => isSame(candidate.getPublicSSH(), login.key.data));
  return key !== undefined && (login.signature === undefined || isSigned(login, key));
}

function isSigned(login: PublicKeyAuthContext, key: ParsedKey): boolean {
  return (
    login.blob !== undefined &&
    login.signature !== undefined &&
    key.verify(login.blob, login.signature, login.hashAlgo) === true
  );
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function readKeys(path: string): readonly ParsedKey[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => /^(ssh|ecdsa)-/.test(line));
  return lines.map((line) => ssh2.utils.parseKey(line)).flatMap((key) => (key instanceof Error ? [] : [key].flat()));
}
