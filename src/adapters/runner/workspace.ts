import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { plain } from '../../domain/text/escape.ts';
import type { Workspace } from '../../ports/workspace.ts';

const sizeLimit = 1024 * 1024;

/** The files below `root`, the checked-out repository. A path that leaves it, by `..` or by a link, is refused. */
export function openWorkspace(root: string): Workspace {
  return {
    text: async (path) => {
      const place = await locate(root, path);
      return place === undefined ? undefined : await read(place, path);
    },
  };
}

async function locate(root: string, path: string): Promise<string | undefined> {
  const base = await real(root);
  if (base === undefined) return undefined;
  const wanted = resolve(base, path);
  if (!inside(base, wanted)) throw refused(path, 'is outside of the workspace');
  const found = await real(wanted);
  if (found !== undefined && !inside(base, found)) throw refused(path, 'leads out of the workspace through a link');
  return found;
}

/** The path without links; `undefined` where nothing is. */
async function real(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (cause) {
    if (isAbsence(cause)) return undefined;
    throw refused(path, 'cannot be read', cause);
  }
}

/** The path contains no links any more; one that is created in the meantime is not followed. */
async function read(place: string, path: string): Promise<string> {
  try {
    await using file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = await file.stat();
    if (!found.isFile()) throw refused(path, 'is not a file');
    if (found.size > sizeLimit) throw refused(path, 'is larger than 1 MiB');
    return await file.readFile('utf8');
  } catch (cause) {
    throw cause instanceof Failure ? cause : refused(path, 'cannot be read', cause);
  }
}

/** Whether `path` is `base` or lies below it; both are absolute, and links are not resolved. */
export function inside(base: string, path: string): boolean {
  const fromBase = relative(base, path);
  return fromBase !== '..' && !fromBase.startsWith(`..${sep}`) && !isAbsolute(fromBase);
}

function isAbsence(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function refused(path: string, why: string, cause?: unknown): Failure {
  return new Failure('INPUT_INVALID', `\`${plain(path, 200)}\` ${why}.`, {
    hint: 'Name a file of the checked-out repository, relative to its root.',
    ...(cause === undefined ? {} : { cause }),
  });
}
