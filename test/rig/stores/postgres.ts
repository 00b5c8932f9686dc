// A real PostgreSQL for tests on a loopback port, in a folder of its own; ended by process id.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { find } from '../part.ts';
import { freePort } from '../port.ts';

export interface Postgres extends AsyncDisposable {
  readonly port: number;
  readonly password: string;
  /** Whether this user comes in with this password. */
  letsIn(user: string, password: string): Promise<boolean>;
  /** Runs SQL as its superuser. */
  run(sql: string): Promise<void>;
}

/** What the machine lacks for PostgreSQL; `undefined` where all is there. */
export function missingPostgres(): string | undefined {
  const lack = ['initdb', 'postgres', 'psql'].find((name) => program(name) === undefined);
  return lack === undefined ? undefined : `${lack} is missing: apt-get install postgresql`;
}

/** Debian keeps its programs in a folder of the version, outside PATH. */
function program(name: string): string | undefined {
  return globSync(`/usr/lib/postgresql/*/bin/${name}`).sort().at(-1) ?? find(name);
}

export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-postgres-'));
  const data = join(folder, 'data');
  const password = 'the-password-of-postgres';
  const who = owner();
  writeFileSync(join(folder, 'password'), password, { mode: 0o600 });
  for (const path of [folder, join(folder, 'password')]) chownSync(path, who.uid, who.gid);
  const words = ['-D', data, '-A', 'scram-sha-256', '-U', 'postgres', '--no-sync'];
  execFileSync(program('initdb') ?? '', [...words, `--pwfile=${join(folder, 'password')}`], { ...who, stdio: 'pipe' });
  const port = await freePort();
  const set = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off'];
  const child = spawn(program('postgres') ?? '', ['-D', data, ...set.flatMap((word) => ['-c', word])], {
    ...who,
    stdio: 'ignore',
  });
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const letsIn = (user: string, secret: string) =>
    ask(port, [user, secret], 'select 1').then(
      () => true,
      () => false,
    );
  const run = (sql: string) => ask(port, ['postgres', password], sql);
  while (!(await letsIn('postgres', password))) {
    if (child.exitCode !== null) throw new Error('PostgreSQL does not start.');
    await sleep(50);
  }
  return { port, password, letsIn, run, [Symbol.asyncDispose]: stop };
}

/** PostgreSQL refuses to run as root. */
function owner(): { readonly uid: number; readonly gid: number; readonly cwd: string } {
  const { uid, gid } = userInfo();
  const id = (which: string) => Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
  return uid === 0 ? { uid: id('-u'), gid: id('-g'), cwd: '/' } : { uid, gid, cwd: '/' };
}

async function ask(port: number, [user, password]: readonly [string, string], sql: string): Promise<void> {
  const words = [
    '-h',
    '127.0.0.1',
    '-p',
    `${port}`,
    '-U',
    user,
    '-d',
    'postgres',
    '-w',
    '-v',
    'ON_ERROR_STOP=1',
    '-c',
    sql,
  ];
  const env = { PATH: process.env['PATH'] ?? '', PGPASSWORD: password, PGCONNECT_TIMEOUT: '5' };
  await promisify(execFile)(program('psql') ?? '', words, { env });
}

/** SIGINT is its fast shutdown; its own children end with it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await gone;
}
