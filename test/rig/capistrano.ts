// Real Capistrano as a second deployer of a fixture server's tree: its own Capfile, log and HOME in a temporary folder.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, lacking } from './part.ts';
import type { TestServer, TestServers } from './sshd.ts';
import { generateKey } from './sshd.ts';

export interface CapistranoChoices {
  readonly fleet: TestServers;
  readonly server: TestServer;
  /** The git repository; its branch `main` is deployed. */
  readonly repository: string;
  readonly keepReleases?: number;
  readonly linkedFiles?: readonly string[];
  readonly linkedDirs?: readonly string[];
}

export interface CapRun {
  readonly exitCode: number | null;
  /** What it printed, both streams. */
  readonly said: string;
}

/** Disposing removes its folder, not what it did on the server. */
export interface Capistrano extends Disposable {
  /** `cap test WORDS…`, as the local user `rig`. Words with `=` are rake's variables. */
  cap(...words: readonly string[]): Promise<CapRun>;
  /** The remote commands of all runs, as Capistrano logs them. */
  log(): string;
}

export function setUpCapistrano(choices: CapistranoChoices): Capistrano {
  const cap = find('cap');
  if (cap === undefined) throw new Error(lacking('cap'));
  const folder = mkdtempSync(join(tmpdir(), 'slipway-cap-'));
  for (const name of ['config/deploy', 'home', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
  // net-ssh 7.0 reads PEM without further gems.
  choices.fleet.allow(generateKey(join(folder, 'key'), 'ecdsa', '-m', 'PEM').publicKey);
  writeFileSync(join(folder, 'known_hosts'), choices.fleet.knownHosts);
  writeFileSync(join(folder, 'Capfile'), capfile);
  writeFileSync(join(folder, 'config/deploy.rb'), deployFile(folder, choices));
  writeFileSync(join(folder, 'config/deploy/test.rb'), stageFile(choices.server));
  const env = { PATH: process.env['PATH'] ?? '', HOME: join(folder, 'home'), USER: 'rig', LANG: 'C.UTF-8' };
  return {
    cap: (...words) => run(cap, ['test', ...words], { cwd: folder, env }),
    log: () => readFileSync(join(folder, 'cap.log'), 'utf8'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * As `cap install` writes it, and a connection that sends at once: net-ssh leaves Nagle's algorithm on, which costs 40
 * ms for each command on loopback.
 */
const capfile = `require 'capistrano/setup'
require 'capistrano/deploy'
require 'capistrano/scm/git'
install_plugin Capistrano::SCM::Git

class DirectConnection
  def open(host, port, _options)
    Socket.tcp(host, port).tap { |socket| socket.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1) }
  end
end
`;

function deployFile(
  folder: string,
  { server, repository, keepReleases, linkedFiles, linkedDirs }: CapistranoChoices,
): string {
  return `set :application, 'shop'
set :repo_url, '${repository}'
set :branch, 'main'
set :deploy_to, '${server.root}'
set :tmp_dir, '${join(folder, 'tmp')}'
set :keep_releases, ${keepReleases ?? 5}
set :linked_files, ${words(linkedFiles)}
set :linked_dirs, ${words(linkedDirs)}
set :format_options, log_file: '${join(folder, 'cap.log')}', color: false, truncate: false
set :ssh_options, {
  config: false, keys: ['${join(folder, 'key')}'], keys_only: true, use_agent: false, forward_agent: false, auth_methods: ['publickey'],
  user_known_hosts_file: '${join(folder, 'known_hosts')}', verify_host_key: :always, non_interactive: true,
  proxy: DirectConnection.new
}
`;
}

function stageFile({ host, port, user }: TestServer): string {
  return `server '${host}', port: ${port}, user: '${user}', roles: %w{app web db}\n`;
}

function words(names: readonly string[] = []): string {
  return `[${names.map((name) => `'${name}'`).join(', ')}]`;
}

function run(
  program: string,
  args: readonly string[],
  at: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<CapRun> {
  const child = spawn(program, args, { ...at, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve, reject) =>
    child.on('error', reject).on('close', (exitCode) => resolve({ exitCode, said })),
  );
}
