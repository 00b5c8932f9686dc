// A project to deploy in tests: a git repository with a Slipway configuration for the servers of the fixture.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { TestServers } from './sshd.ts';

/** A checked-out repository. Disposing removes it. */
export interface Project extends Disposable {
  readonly path: string;
  /** Writes files and commits them; the new commit's id. `undefined` removes a file. */
  commit(files: Readonly<Record<string, string | undefined>>): string;
  /** Writes `.github/slipway.yml` for the stage `test` without committing it. */
  configure(configuration: Readonly<Record<string, unknown>>): void;
  git(...words: string[]): string;
}

export function makeProject(): Project {
  const path = mkdtempSync(join(tmpdir(), 'slipway-project-'));
  const git = (...words: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...words], {
      cwd: path,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  git('init', '-q', '-b', 'main');
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  };
  return {
    path,
    git,
    commit: (files) => {
      for (const [name, text] of Object.entries(files))
        text === undefined ? rmSync(join(path, name), { force: true }) : write(name, text);
      git('add', '-A', '--', ...Object.keys(files));
      git('commit', '-q', '--allow-empty', '-m', 'change');
      return git('rev-parse', 'HEAD');
    },
    configure: (configuration) => write('.github/slipway.yml', stringify(configuration)),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The servers of the fixture as a stage of the configuration. */
export function serversOf(fleet: TestServers): readonly Readonly<Record<string, unknown>>[] {
  return fleet.servers.map(({ name, host, port, user, root }) => ({
    name,
    host,
    port,
    user,
    deploy_to: root,
    roles: ['web'],
  }));
}
