// One of the demo's servers: a folder with a home and a tree, SSH while it is on, and the shop as its service.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DemoServer } from './server.ts';
import { startDemoServer } from './server.ts';

/** What stands on a machine, whether it is on or off; `undefined`: nothing does. */
export interface Standing {
  readonly release: string | undefined;
  readonly revision: string | undefined;
  /** What the shop answers, on one line. */
  readonly answer: string | undefined;
}

export class Machine implements AsyncDisposable {
  readonly name: string;
  /** Its `deploy_to`. */
  readonly root: string;
  readonly #home: string;
  readonly #socket: string;
  #ssh: DemoServer | undefined;

  constructor(folder: string, name: string) {
    this.name = name;
    this.#home = join(folder, name);
    this.root = join(this.#home, 'srv', 'shop');
    this.#socket = join(this.#home, 'ports', '3000');
  }

  /** Its part of `servers` in a configuration, and its line of known_hosts. */
  get address(): { readonly port: number; readonly hostKeyLine: string } {
    if (this.#ssh === undefined) throw new Error(`${this.name} is off`);
    return this.#ssh;
  }

  get isOn(): boolean {
    return this.#ssh !== undefined;
  }

  /** Starts SSH for who holds the key, and the shop where one was deployed. */
  async turnOn(publicKey: string): Promise<void> {
    for (const folder of [this.root, join(this.#home, 'ports'), join(this.#home, '.ssh')])
      mkdirSync(folder, { recursive: true });
    writeFileSync(join(this.#home, '.ssh', 'authorized_keys'), `${publicKey}\n`);
    const variables = { PORT: this.#socket };
    this.#ssh = await startDemoServer({
      home: this.#home,
      name: this.name,
      variables,
      ports: join(this.#home, 'ports'),
    });
    process.once('exit', this.#endShop);
    if (this.stands('release') !== undefined)
      spawnSync(process.execPath, ['bin/restart.mjs'], {
        cwd: join(this.root, 'current'),
        env: { ...process.env, ...variables },
      });
  }

  /** As if the plug were pulled: connections, programs and the shop end. */
  async turnOff(): Promise<void> {
    const ssh = this.#ssh;
    this.#ssh = undefined;
    process.off('exit', this.#endShop);
    this.#endShop();
    await ssh?.dispose();
  }

  async look(): Promise<Standing> {
    return {
      release: this.stands('release'),
      revision: this.stands('revision'),
      answer: this.isOn ? await ask(this.#socket) : undefined,
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.turnOff();
  }

  /** The release that `current` points at, or the revision that it was made from. */
  stands(what: 'release' | 'revision'): string | undefined {
    const current = join(this.root, 'current');
    return found(() =>
      what === 'release' ? basename(readlinkSync(current)) : readFileSync(join(current, 'REVISION'), 'utf8').trim(),
    );
  }

  readonly #endShop = (): void => {
    const id = found(() => Number(readFileSync(join(this.root, 'shared', 'tmp', 'pids', 'shop.pid'), 'utf8')));
    found(() => id !== undefined && process.kill(id, 'SIGKILL'));
  };
}

async function ask(socketPath: string): Promise<string | undefined> {
  try {
    const answer = await new Promise<Parameters<typeof text>[0]>((resolve, reject) =>
      get({ socketPath, path: '/' }, resolve).on('error', reject),
    );
    return (await text(answer)).trim().slice(0, 100);
  } catch {
    return undefined;
  }
}

function found<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
