import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Failure } from '../../domain/failure.ts';
import type { Source } from './source.ts';
import { changed } from './source.ts';
import { openSpool, spooled } from './spool.ts';
import { openTar, unreadable } from './tar.ts';

/**
 * The archive `file`, plain or gzipped, as a source; `name` is how the user knows it. It is unpacked into a spool below
 * `temp` first,
 * so that no other process can write to what is read.
 * @throws Failure `ARTIFACT_EMPTY` where there is no such file; `ARTIFACT_INVALID`
 */
export async function openArchive(file: string, name: string, temp: string): Promise<Source> {
  const before = await stat(file, { bigint: true }).catch(() => undefined);
  if (!before?.isFile())
    throw new Failure('ARTIFACT_EMPTY', `There is no archive ${JSON.stringify(name)} in the workspace.`);
  await using opened = new AsyncDisposableStack();
  const spool = opened.use(await openSpool(temp));
  await unpack(file, name, spool.path('archive.tar'));
  const after = await stat(file, { bigint: true }).catch((error: unknown) => Promise.reject(changed(name, error)));
  if (before.ino !== after.ino || before.size !== after.size || before.mtimeNs !== after.mtimeNs) throw changed(name);
  const tar = opened.use(await openTar(spool.path('archive.tar'), name, 'kept'));
  const kept = opened.move();
  return { ...tar, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function unpack(file: string, name: string, into: string): Promise<void> {
  const start = await firstBytes(file);
  const steps = start.startsWith('1f8b') ? [createGunzip()] : [];
  if (start === '28b52ffd')
    throw new Failure('NOT_YET', `${JSON.stringify(name)} is compressed with zstd; only .tar and .tar.gz are read.`);
  try {
    await pipeline([createReadStream(file), ...steps, createWriteStream(into, spooled)]);
  } catch (error) {
    // Only errors of zlib, with codes such as Z_DATA_ERROR, are the fault of the archive; those of the file system are
    // not.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) throw unreadable(name, error);
    throw error;
  }
}

/** The first four bytes in hex, which identify the compression. */
async function firstBytes(file: string): Promise<string> {
  await using handle = await open(file, 'r');
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  return buffer.subarray(0, bytesRead).toString('hex');
}
