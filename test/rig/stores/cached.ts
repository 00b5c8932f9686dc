// Parts of the tests that are installed outside of the tree, by `.ci/run`: each in a folder named after the list of what is in it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the part `name` is whose contents the file `list` pins. */
export function cachedPart(name: string, list: string): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const digest = createHash('sha256').update(readFileSync(list)).digest('hex');
  return join(cache, 'slipway-parts', `${name}-${digest.slice(0, 12)}`);
}
