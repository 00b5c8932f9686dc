// Which `sh`, and with it which tools, programs find on a server or in a local tree.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { find } from './part.ts';

export type RemoteShell = 'dash' | 'busybox' | 'bash';

/** A folder below `folder` with `sh` as the chosen shell, to be put first into PATH; made once. */
export function shellFolder(folder: string, shell: RemoteShell): string {
  const path = join(folder, `bin-${shell}`);
  if (existsSync(path)) return path;
  mkdirSync(path);
  const applets =
    shell === 'busybox'
      ? execFileSync(program('busybox'), ['--list'], { encoding: 'utf8' })
          .split('\n')
          .filter((name) => name !== '' && !name.includes('/'))
      : [];
  for (const name of new Set(['sh', ...applets])) symlinkSync(program(shell), join(path, name));
  return path;
}

/** The path of a program. @throws Error where the machine does not have it */
export function program(name: string): string {
  const path = find(name);
  if (path === undefined) throw new Error(`${name} is missing`);
  return path;
}
