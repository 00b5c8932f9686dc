// Real OpenSSH servers for tests: own keys, own configuration, free loopback ports, ended by process id.

import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lacking } from './part.ts';
import { freePort } from './port.ts';
import { program, type RemoteShell, shellFolder } from './shells.ts';

export interface ServerChoices {
  readonly count: number;
  /**
   * What `sh` is on the servers; with `busybox` its other applets come before the machine's programs, too. Default: the
   * machine's own.
   */
  readonly shell?: RemoteShell;
  /** Lines of sshd_config that win over the fixture's own. */
  readonly config?: readonly string[];
  /** Kinds of host keys. Default: ed25519. */
  readonly hostKeys?: readonly ('ed25519' | 'ecdsa' | 'rsa')[];
}

export interface TestServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** A fresh directory for `deploy_to`. */
  readonly root: string;
  /**
   * HOME of the programs there: the login shell reads its start files here. They still begin in the real home
   * directory.
   */
  readonly home: string;
  /** The public host keys as `ssh-keygen` wrote them. */
  readonly hostKeys: readonly string[];
  /** The whole log of this sshd, DEBUG1. */
  log(): string;
  counts(): { readonly connections: number; readonly execs: number };
  /** Ends sshd and all of its connections; programs that it started go on. */
  stop(): Promise<void>;
  /** Starts it again on the same port with the same keys. */
  start(): Promise<void>;
}

export interface TestServers extends AsyncDisposable {
  readonly servers: readonly TestServer[];
  /** The client's key, OpenSSH ed25519 text. Its public half is allowed on all servers. */
  readonly privateKey: string;
  readonly publicKey: string;
  readonly knownHosts: string;
  /** The folder of it all; gone after disposal. */
  readonly folder: string;
  /** Allows one more public key on all servers. */
  allow(publicKey: string): void;
}

/** Which program for servers like these the machine lacks and how to get it; `undefined` where all is there. */
export function missing(shell?: RemoteShell): string | undefined {
  return lacking('sshd', 'ssh-keygen', 'setpriv', ...(shell === undefined ? [] : [shell]));
}

/**
 * Starts `count` servers, named s1, s2 …; they differ in port, host key and root. Disposing ends them and removes the
 * folder.
 */
export async function startServers(choices: ServerChoices): Promise<TestServers> {
  const lack = missing(choices.shell);
  if (lack !== undefined) throw new Error(lack);
  const folder = mkdtempSync(join(tmpdir(), 'slipway-sshd-'));
  const client = generateKey(join(folder, 'client'), 'ed25519');
  const allowed = join(folder, 'authorized_keys');
  writeFileSync(allowed, client.publicKey);
  const servers: OpenSshServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (let index = 1; index <= choices.count; index += 1)
      servers.push(await makeServer(folder, `s${index}`, choices));
    await Promise.all(servers.map((server) => server.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    servers,
    privateKey: client.privateKey,
    publicKey: client.publicKey,
    knownHosts: servers
      .flatMap((server) => server.hostKeys.map((key) => `[${server.host}]:${server.port} ${key}\n`))
      .join(''),
    folder,
    allow: (publicKey) => writeFileSync(allowed, `${publicKey.trimEnd()}\n`, { flag: 'a' }),
    [Symbol.asyncDispose]: stop,
  };
}

/** A fresh key pair as `ssh-keygen` makes it, at `path` and `path.pub`. */
export function generateKey(
  path: string,
  type: 'ed25519' | 'ecdsa' | 'rsa',
  ...more: readonly string[]
): { readonly privateKey: string; readonly publicKey: string } {
  const phrase = more.includes('-N') ? [] : ['-N', ''];
  execFileSync(program('ssh-keygen'), ['-q', '-t', type, ...phrase, '-C', 'slipway test', '-f', path, ...more]);
  return { privateKey: readFileSync(path, 'utf8'), publicKey: readFileSync(`${path}.pub`, 'utf8') };
}

async function makeServer(folder: string, name: string, choices: ServerChoices): Promise<OpenSshServer> {
  const home = join(folder, name);
  const root = join(home, 'root');
  mkdirSync(root, { recursive: true });
  const keys = (choices.hostKeys ?? ['ed25519']).map((type) => ({
    path: join(home, `host_${type}`),
    ...generateKey(join(home, `host_${type}`), type),
  }));
  const hostKeys = keys.map((key) => key.publicKey.split(' ').slice(0, 2).join(' '));
  const server = new OpenSshServer({ name, port: await freePort(), user: userInfo().username, root, hostKeys, home });
  const chosen = choices.config ?? [];
  const own = [
    ...keys.map((key) => `HostKey ${key.path}`),
    `ListenAddress ${server.host}`,
    `Port ${server.port}`,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
    'LogLevel DEBUG1',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'UseDNS no',
    'PrintMotd no',
    'PrintLastLog no',
    'MaxStartups 100',
    ...(sshdVersion() >= 9.8 ? ['PerSourcePenalties no'] : []),
    // Only the first SetEnv line counts. An own HOME keeps the start files of whoever runs the tests out.
    `SetEnv HOME=${home} PATH=${choices.shell === undefined ? '' : `${shellFolder(folder, choices.shell)}:`}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  ];
  // MaxStartups is one of the few keywords whose last line wins, so that ours must not follow a chosen one.
  const keywords = new Set(chosen.map((line) => line.split(' ')[0]));
  const lines = [...chosen, ...own.filter((line) => line.startsWith('HostKey ') || !keywords.has(line.split(' ')[0]))];
  writeFileSync(join(home, 'sshd_config'), `${lines.join('\n')}\n`);
  return server;
}

interface Identity {
  readonly name: string;
  readonly port: number;
  readonly user: string;
  readonly root: string;
  readonly hostKeys: readonly string[];
  readonly home: string;
}

class OpenSshServer implements TestServer {
  readonly host = '127.0.0.1';
  readonly name: string;
  readonly port: number;
  readonly user: string;
  readonly root: string;
  readonly hostKeys: readonly string[];
  readonly home: string;
  #process: ChildProcess | undefined;

  constructor(identity: Identity) {
    this.name = identity.name;
    this.port = identity.port;
    this.user = identity.user;
    this.root = identity.root;
    this.hostKeys = identity.hostKeys;
    this.home = identity.home;
  }

  log(): string {
    const path = join(this.home, 'log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  counts(): { readonly connections: number; readonly execs: number } {
    const log = this.log();
    return {
      connections: log.match(/Accepted publickey/g)?.length ?? 0,
      execs: log.match(/request exec /g)?.length ?? 0,
    };
  }

  async start(): Promise<void> {
    if (this.#process !== undefined) return;
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const before = this.log().length;
    const log = openSync(join(this.home, 'log'), 'a');
    // However this process ends, its sshd ends with it.
    const started = spawn(
      program('setpriv'),
      ['--pdeathsig', 'KILL', program('sshd'), '-D', '-e', '-f', join(this.home, 'sshd_config')],
      {
        stdio: ['ignore', log, log],
      },
    );
    closeSync(log);
    this.#process = started;
    while (!this.log().slice(before).includes('Server listening on')) {
      if (started.exitCode !== null) throw new Error(`sshd does not start: ${this.log().slice(before)}`);
      await sleep(10);
    }
  }

  async stop(): Promise<void> {
    const listener = this.#process;
    this.#process = undefined;
    if (listener?.pid === undefined || listener.exitCode !== null) return;
    const gone = new Promise((resolve) => listener.once('exit', resolve));
    for (const id of [...sessions(listener.pid), listener.pid]) kill(id);
    await gone;
  }
}

/** The processes of sshd that serve the connections of `listener`, not the programs that they run. */
function sessions(listener: number): number[] {
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const [, name = '', parent = '0'] =
          /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${entry}/stat`, 'utf8')) ?? [];
        return [{ id: Number(entry), name, parent: Number(parent) }];
      } catch {
        return [];
      }
    });
  const below = (parent: number): number[] =>
    all
      .filter((process) => process.parent === parent && process.name.startsWith('sshd'))
      .flatMap((process) => [process.id, ...below(process.id)]);
  return below(listener);
}

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** 9.2 for OpenSSH_9.2p1. Old ones know no `-V`, but print their version with the usage. */
function sshdVersion(): number {
  const said = execFileSync('sh', ['-c', '"$0" -V 2>&1 || :', program('sshd')], { encoding: 'utf8' });
  return Number(/OpenSSH_(\d+\.\d+)/.exec(said)?.[1] ?? 0);
}
