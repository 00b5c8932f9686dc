// How a suite says that the machine lacks a program: skipped by name, but a failure where CI=true.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

/** The Debian package that brings a program. */
const packages = {
  sshd: 'openssh-server',
  'ssh-keygen': 'openssh-client',
  setpriv: 'util-linux',
  cap: 'capistrano',
  dash: 'dash',
  busybox: 'busybox',
  bash: 'bash',
  git: 'git',
  openssl: 'openssl',
  shellcheck: 'shellcheck',
  tar: 'tar',
} as const;

/** A suite that needs parts of the machine. `lack`: the sentence of `lacking()`, or another one. */
export function suite(title: string, lack: string | undefined, body: () => void): void {
  if (lack === undefined) describe(title, body);
  else if (process.env['CI'] === 'true')
    describe(title, () => it('has all that it needs', () => Promise.reject(new Error(lack))));
  else describe.skip(`${title} (${lack})`, body);
}

/** The first of `programs` that the machine does not have, and how to get it; `undefined` where all are there. */
export function lacking(...programs: readonly (keyof typeof packages)[]): string | undefined {
  const lack = programs.find((program) => find(program) === undefined);
  return lack === undefined ? undefined : `${lack} is missing: apt-get install ${packages[lack]}`;
}

/** Where a program is: in PATH, or where the system keeps its own. */
export function find(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return path.startsWith('/');
      } catch {
        return false;
      }
    });
}
