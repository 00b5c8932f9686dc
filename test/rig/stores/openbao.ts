// A real OpenBao for tests, in memory, on a loopback port; ended by process id.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { find, lacking } from '../part.ts';
import { freePort } from '../port.ts';

export interface OpenBao extends AsyncDisposable {
  readonly url: string;
  readonly rootToken: string;
  /** Asks as root, unless another token is given. */
  ask(method: string, path: string, body?: object, as?: Asking): Promise<Answered>;
  /** Writes as root. Throws where it is refused. */
  write(path: string, body: object, as?: Asking): Promise<void>;
  seal(): Promise<void>;
  unseal(): Promise<void>;
}

export interface Asking {
  readonly token?: string;
  readonly namespace?: string;
}

export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Files of a TLS listener: its certificate, its key, and with `clientCa` the authority of the certificates that it asks clients for. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string;
  readonly clients?: 'asked' | 'required';
  /** What `ask` shows, where clients have to show one. */
  readonly client?: { readonly cert: string; readonly key: string };
}

const folder = join(import.meta.dirname, 'openbao');

/** What the machine lacks for OpenBao and how to get it; `undefined` where all is there. */
export function missingOpenBao(): string | undefined {
  if (existsSync(binary())) return lacking('setpriv');
  const build = 'test/rig/stores/openbao/build.sh builds it in five minutes';
  return find('go') === undefined
    ? `go is missing: install Go 1.25 or newer; then ${build}`
    : `OpenBao is missing: ${build}`;
}

/** The same place as in build.sh. */
function binary(): string {
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, 'go.sum')))
    .digest('hex');
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'slipway-parts', `openbao-${hash.slice(0, 16)}`, 'bao');
}

/** Unsealed and ready; KV 2 is mounted at `secret`. With `tls` nothing is mounted. */
export async function startOpenBao(tls?: TlsFiles): Promise<OpenBao> {
  const home = mkdtempSync(join(tmpdir(), 'slipway-openbao-'));
  const port = await freePort();
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const log = join(home, 'log');
  const words = tls === undefined ? devWords(port) : ['server', `-config=${writeConfig(home, port, tls)}`];
  const child = start(words, home, log);
  const bao = new Process({ url, child, home, log, ...(tls === undefined ? {} : { tls }) });
  try {
    await bao.ready();
    return bao;
  } catch (error) {
    await bao[Symbol.asyncDispose]();
    throw error;
  }
}

/** Without -dev-no-store-token it would write into the home directory. */
function devWords(port: number): readonly string[] {
  const address = `-dev-listen-address=127.0.0.1:${port}`;
  return ['server', '-dev', '-dev-root-token-id=root', address, '-dev-no-store-token'];
}

function writeConfig(home: string, port: number, tls: TlsFiles): string {
  const path = join(home, 'config.json');
  const [cert, key] = [join(home, 'cert.pem'), join(home, 'key.pem')];
  writeFileSync(cert, tls.cert);
  writeFileSync(key, tls.key);
  const clients =
    tls.clientCa === undefined
      ? {}
      : {
          tls_client_ca_file: join(home, 'clients.pem'),
          ...(tls.clients === 'required' ? { tls_require_and_verify_client_cert: true } : {}),
        };
  if (tls.clientCa !== undefined) writeFileSync(join(home, 'clients.pem'), tls.clientCa);
  const listener = { address: `127.0.0.1:${port}`, tls_cert_file: cert, tls_key_file: key, ...clients };
  const config = { storage: { inmem: {} }, listener: { tcp: listener }, api_addr: `https://127.0.0.1:${port}` };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

/** However this process ends, its OpenBao ends with it. */
function start(words: readonly string[], home: string, log: string): ChildProcess {
  const output = openSync(log, 'a');
  const env = { HOME: home, PATH: process.env['PATH'] ?? '' };
  const program = find('setpriv') ?? 'setpriv';
  const child = spawn(program, ['--pdeathsig', 'KILL', binary(), ...words], {
    env,
    cwd: home,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  return child;
}

interface Started {
  readonly url: string;
  readonly child: ChildProcess;
  readonly home: string;
  readonly log: string;
  readonly tls?: TlsFiles;
}

class Process implements OpenBao {
  readonly url: string;
  readonly #started: Started;
  rootToken = 'root';
  #unsealKey = '';

  constructor(started: Started) {
    this.url = started.url;
    this.#started = started;
  }

  async ready(): Promise<void> {
    for (;;) {
      if (this.#started.child.exitCode !== null) throw new Error(`OpenBao does not start: ${this.#log()}`);
      const health = await this.ask('GET', 'sys/health').catch(() => undefined);
      if (health?.status === 200) break;
      if (health?.status === 501) await this.#initialise();
      else await sleep(20);
    }
    if (this.#unsealKey === '') this.#unsealKey = await this.#shownKey();
  }

  async ask(method: string, path: string, body?: object, as: Asking = {}): Promise<Answered> {
    const text = await this.#exchange(method, path, body, as);
    return { status: text.status, body: text.body === '' ? {} : (JSON.parse(text.body) as Answered['body']) };
  }

  async write(path: string, body: object, as?: Asking): Promise<void> {
    const { status, body: answer } = await this.ask('POST', path, body, as);
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
  }

  async seal(): Promise<void> {
    await this.write('sys/seal', {});
  }

  async unseal(): Promise<void> {
    await this.write('sys/unseal', { key: this.#unsealKey });
    while ((await this.ask('GET', 'sys/health')).status !== 200) await sleep(20);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { child, home } = this.#started;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
    rmSync(home, { recursive: true, force: true });
  }

  async #initialise(): Promise<void> {
    const { body } = await this.ask('PUT', 'sys/init', { secret_shares: 1, secret_threshold: 1 });
    this.rootToken = String(body['root_token']);
    this.#unsealKey = String((body['keys'] as readonly unknown[])[0]);
    await this.write('sys/unseal', { key: this.#unsealKey });
  }

  /** A server in dev mode shows its key in its output, in colour. */
  async #shownKey(): Promise<string> {
    for (;;) {
      const key = /Unseal Key: (?:\x1b\[[0-9;]*m)*([\w+/=]+)/.exec(this.#log())?.[1];
      if (key !== undefined) return key;
      await sleep(20);
    }
  }

  #log(): string {
    return readFileSync(this.#started.log, 'utf8');
  }

  #exchange(
    method: string,
    path: string,
    body: object | undefined,
    as: Asking,
  ): Promise<{ status: number; body: string }> {
    const { tls } = this.#started;
    const headers = {
      'x-vault-token': as.token ?? this.rootToken,
      ...(as.namespace === undefined ? {} : { 'x-vault-namespace': as.namespace }),
    };
    const trust = tls === undefined ? {} : { ca: tls.ca, ...tls.client };
    return new Promise((resolve, reject) => {
      const ask = tls === undefined ? requestHttp : requestHttps;
      const asking = ask(`${this.url}/v1/${path}`, { method, headers, agent: false, ...trust }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      asking.on('error', reject);
      asking.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
