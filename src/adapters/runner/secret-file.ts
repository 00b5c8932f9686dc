import { constants } from 'node:fs';
import { mkdir, open, realpath, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Failure } from '../../domain/failure.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import { plain } from '../../domain/text/escape.ts';
import { inside } from './workspace.ts';

const create = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

interface NewFile {
  /** Relative to `root`. */
  readonly path: string;
  readonly content: Secret;
  /** Called with the absolute path once the file is there and before it holds anything. */
  readonly created: (path: string) => void;
}

/**
 * Writes a file that only this user can read, below `root`. One that is there already, or a way that leaves `root`, is refused.
 * @returns its absolute path
 * @throws Failure `INPUT_INVALID`
 */
export async function writeSecretFile(root: string, { path, content, created }: NewFile): Promise<string> {
  const place = await locate(root, path);
  try {
    await using file = await open(place, create, 0o600);
    created(place);
    await file.chmod(0o600);
    await file.writeFile(content.reveal());
    return place;
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw refused(path, exists ? 'is there already' : 'cannot be written', cause);
  }
}

/** @returns whether there was such a file */
export async function removeSecretFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw cause;
  }
}

async function locate(root: string, path: string): Promise<string> {
  const base = await realpath(root).catch((cause: unknown) => {
    throw new Failure('RUNNER_UNFIT', 'The runner has no folder for temporary files (RUNNER_TEMP).', { cause });
  });
  const wanted = resolve(base, path);
  if (wanted === base || !inside(base, wanted)) throw refused(path, 'is not below RUNNER_TEMP');
  try {
    await mkdir(dirname(wanted), { recursive: true, mode: 0o700 });
    const folder = await realpath(dirname(wanted));
    if (!inside(base, folder)) throw refused(path, 'leads out of RUNNER_TEMP through a link');
    return join(folder, basename(wanted));
  } catch (cause) {
    throw cause instanceof Failure ? cause : refused(path, 'cannot be written', cause);
  }
}

function refused(path: string, why: string, cause?: unknown): Failure {
  return new Failure('INPUT_INVALID', `\`file\`: ${plain(path, 200)} ${why}.`, {
    hint: 'Name a new file below RUNNER_TEMP, such as `app.env`; the output `file` has its whole path.',
    ...(cause === undefined ? {} : { cause }),
  });
}
