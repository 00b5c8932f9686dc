import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../../domain/failure.ts';
import type { Secret } from '../../domain/secrets/secret.ts';

/**
 * Writes a new file below RUNNER_TEMP that this user alone can read.
 * @param name without a folder
 * @returns its path
 * @throws Failure `INPUT_INVALID` where something stands at that place already
 */
export async function writeSecretFile(temp: string, name: string, content: Secret): Promise<string> {
  const path = join(temp, name);
  try {
    const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
    await using file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    await file.writeFile(content.reveal());
    await file.sync();
    return path;
  } catch (cause) {
    throw new Failure('INPUT_INVALID', `The file ${name} could not be made below RUNNER_TEMP.`, {
      hint: 'Choose a `file` that no other step has written, and look at the free space of the runner.',
      cause,
    });
  }
}

/** Removes what `writeSecretFile` wrote; anything that does not lie right below RUNNER_TEMP is left alone. */
export async function removeSecretFile(temp: string, path: string): Promise<void> {
  if (path !== '' && dirname(resolve(path)) === resolve(temp)) await rm(path, { force: true });
}
