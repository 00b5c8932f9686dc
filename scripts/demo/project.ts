// The sample application's repository: what the runner has checked out when the action starts.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.ts';

/** Of this machine's git nothing but the program: no hooks, no signing. */
const ours = ['-c', 'commit.gpgsign=false', '-c', 'core.hooksPath=/dev/null'];

export class Project {
  readonly path: string;

  /** The repository at `path`, which is made where there is none. */
  constructor(path: string) {
    this.path = path;
    if (existsSync(path)) return;
    cpSync(join(import.meta.dirname, 'shop'), path, { recursive: true });
    this.#git('init', '-q', '-b', 'main');
    // For whoever goes on from here on a machine where git knows nobody.
    this.#git('config', 'user.name', 'Demo');
    this.#git('config', 'user.email', 'demo@example.com');
  }

  get head(): string {
    return this.#git('rev-parse', 'HEAD');
  }

  /** Puts in a new page and commits all that is there. */
  commit(message: string, page: string): void {
    writeFileSync(join(this.path, 'page.mjs'), page);
    this.#git('add', '--all');
    this.#git('commit', '-q', '-m', message);
  }

  /** The first line of the message of a commit. */
  subject(revision: string): string {
    return this.#git('log', '-1', '--format=%s', '--end-of-options', revision);
  }

  /** Writes the configuration for these machines. */
  configure(machines: readonly Machine[]): void {
    const servers = machines.map(
      ({ name, root, address }) =>
        `      - { name: ${name}, host: 127.0.0.1, port: ${address.port}, deploy_to: ${JSON.stringify(root)}, roles: [web] }\n`,
    );
    writeFileSync(join(this.path, '.github', 'slipway.yml'), configuration(servers.join('')));
    writeFileSync(
      join(this.path, '.github', 'known_hosts'),
      machines.map(({ address }) => `${address.hostKeyLine}\n`).join(''),
    );
  }

  #git(...words: readonly string[]): string {
    return execFileSync('git', [...ours, ...words], {
      cwd: this.path,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }
}

function configuration(servers: string): string {
  return `# The demo writes this file at its start: its servers have other ports each time.
application: shop
linked_dirs: [log, tmp/pids]
ssh:
  user: deploy
  known_hosts: .github/known_hosts
limits: { min_free_disk: 10MB, min_free_inodes: 1000 } # a small application

stages:
  production:
    servers:
${servers}
strategy:
  batches: [1, 100%] # one server first; the others when it is healthy

hooks:
  published:
    - { name: restart, run: node bin/restart.mjs }

health:
  - name: up
    http: http://127.0.0.1:3000/up
    expect: { body_contains: "up {revision}" } # so that the answer comes from the new release
    interval: 250ms
    healthy_after: 2
    deadline: 6s
`;
}
