import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A directory on the runner that only we may read. Disposing removes it with its content. */
export interface Spool extends AsyncDisposable {
  path(name: string): string;
}

/** Opens a spool below the directory `temp`. */
export async function openSpool(temp: string): Promise<Spool> {
  const directory = await mkdtemp(join(temp, 'slipway-'));
  return {
    path: (name) => join(directory, name),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** How a spooled file is created: new, and readable by us only. */
export const spooled = { flags: 'wx', mode: 0o600 } as const;
