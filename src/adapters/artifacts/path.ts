import { Buffer } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, open, readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Found, FoundFile } from '../../domain/artifact/entries.ts';
import { refuse } from '../../domain/artifact/entries.ts';
import type { Selection } from '../../domain/artifact/selection.ts';
import { Failure } from '../../domain/failure.ts';
import type { Source } from './source.ts';
import { changed } from './source.ts';

const chunkSize = 256 * 1024;
const archiveHint = 'Name a directory, or an archive that ends in .tar, .tar.gz or .tgz.';
/** Entries of a directory that are looked at together. */
const lookedAtOnce = 32;

/**
 * The directory `root` as a source; `name` is how the user knows it. Only directories that `selected` enters are looked
 * into, and no link is followed.
 * @throws Failure `ARTIFACT_EMPTY` where there is no such directory, `ARTIFACT_INVALID` where it is a file
 */
export async function openPath(root: string, name: string, selected: Selection): Promise<Source> {
  const status = await stat(root).catch(() => undefined);
  if (status?.isFile())
    throw new Failure(
      'ARTIFACT_INVALID',
      `${JSON.stringify(name)} is neither a directory nor called like an archive.`,
      { hint: archiveHint },
    );
  if (!status?.isDirectory())
    throw new Failure('ARTIFACT_EMPTY', `There is no directory ${JSON.stringify(name)} in the workspace.`);
  const seen = new Map<FoundFile, BigIntStats>();
  const found: Found[] = [];
  for (const waiting = ['']; waiting.length > 0; ) {
    const directory = waiting.pop() ?? '';
    for (const entry of await look(root, directory, seen)) {
      found.push(entry);
      if (entry.kind === 'directory' && selected.enters(entry.path)) waiting.push(entry.path);
    }
  }
  return {
    found,
    modes: 'kept',
    read: (file) => content(root, file, seen.get(file)),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function look(root: string, directory: string, seen: Map<FoundFile, BigIntStats>): Promise<Found[]> {
  const names = await readdir(join(root, directory), { encoding: 'buffer' }).catch((error: unknown) =>
    refuseRead(directory, error),
  );
  const found: Found[] = [];
  for (let at = 0; at < names.length; at += lookedAtOnce) {
    const some = names.slice(at, at + lookedAtOnce);
    found.push(...(await Promise.all(some.map((bytes) => foundEntry(root, directory, bytes, seen)))));
  }
  return found;
}

async function foundEntry(
  root: string,
  directory: string,
  bytes: Buffer,
  seen: Map<FoundFile, BigIntStats>,
): Promise<Found> {
  const path = directory === '' ? bytes.toString() : `${directory}/${bytes.toString()}`;
  if (!Buffer.from(bytes.toString()).equals(bytes))
    return { kind: 'other', path, what: 'named in bytes that are not UTF-8' };
  const full = join(root, path);
  const status = await lstat(full, { bigint: true }).catch((error: unknown) => refuseRead(path, error));
  const mode = Number(status.mode & 0o7777n);
  if (status.isFile()) {
    const file: FoundFile = { kind: 'file', path, mode, size: Number(status.size) };
    seen.set(file, status);
    return file;
  }
  if (status.isDirectory()) return { kind: 'directory', path, mode };
  if (status.isSymbolicLink())
    return { kind: 'link', path, target: await readlink(full).catch((error: unknown) => refuseRead(path, error)) };
  return { kind: 'other', path, what: status.isFIFO() ? 'a FIFO' : status.isSocket() ? 'a socket' : 'a device' };
}

/** The content, provided that it is the same file that was found, unchanged until the last byte is read. */
async function* content(root: string, file: FoundFile, seen: BigIntStats | undefined): AsyncGenerator<Uint8Array> {
  // Non-blocking: opening a FIFO that replaced the file would wait for its writer.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  await using handle = await open(join(root, file.path), flags).catch((error: unknown) => refuseRead(file.path, error));
  await requireSame(handle, file, seen);
  for (let done = 0; done < file.size; ) {
    const wanted = Math.min(chunkSize, file.size - done);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, done);
    if (bytesRead === 0) throw changed(file.path);
    yield buffer.subarray(0, bytesRead);
    done += bytesRead;
  }
  await requireSame(handle, file, seen);
}

async function requireSame(handle: FileHandle, file: FoundFile, seen: BigIntStats | undefined): Promise<void> {
  const now = await handle.stat({ bigint: true });
  const same =
    seen !== undefined &&
    (['dev', 'ino', 'mode', 'size', 'mtimeNs', 'ctimeNs'] as const).every((key) => now[key] === seen[key]);
  if (!same) throw changed(file.path);
}

function refuseRead(path: string, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM')
    throw refuse(
      path,
      'cannot be read by the user of the runner',
      'Give the user of the runner the right to read it, or leave it out with `artifact.exclude`.',
      error,
    );
  throw changed(path, error);
}
