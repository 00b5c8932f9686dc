import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Accepted } from '../../domain/artifact/entries.ts';
import { pointerLimit, pointerProblem } from '../../domain/artifact/entries.ts';
import { lists } from '../../domain/artifact/listing.ts';
import type { Entry } from '../../domain/artifact/manifest.ts';
import type { Failure } from '../../domain/failure.ts';
import type { Source } from './source.ts';
import { changed } from './source.ts';
import { spooled } from './spool.ts';
import { padding, tarEnd, tarHeader } from './tar-header.ts';

/** Bytes that are handed to the compressor at once. */
const batchSize = 256 * 1024;

export interface Packing {
  readonly accepted: readonly Accepted[];
  readonly source: Source;
  /** Seconds since 1970; every entry carries it. */
  readonly time: number;
  /** The file to write, which must not exist. */
  readonly file: string;
}

/**
 * Writes the packed stream, reading each file once: the entries below `tree/`, then the three lists. The same input
 * gives the same bytes.
 * Gives the entries with their hashes, and the Git LFS pointers among them as problems.
 */
export async function writePacked(
  packing: Packing,
): Promise<{ readonly entries: readonly Entry[]; readonly problems: readonly Failure[] }> {
  const entries: Entry[] = [];
  const problems: Failure[] = [];
  const bytes = Readable.from(batched(packedBytes(packing, entries, problems)), { objectMode: true, highWaterMark: 2 });
  await pipeline(bytes, createGzip({ level: 1, chunkSize: batchSize }), createWriteStream(packing.file, spooled));
  return { entries, problems };
}

async function* packedBytes(packing: Packing, entries: Entry[], problems: Failure[]): AsyncGenerator<Uint8Array> {
  const { time } = packing;
  yield tarHeader({ kind: 'directory', path: 'tree', mode: 0o755, size: 0, time, target: '' });
  for (const accepted of packing.accepted) {
    const target = accepted.kind === 'link' ? accepted.target : '';
    const mode = accepted.kind === 'link' ? 0o777 : accepted.mode;
    const size = accepted.kind === 'file' ? accepted.size : 0;
    yield tarHeader({ kind: accepted.kind, path: `tree/${accepted.path}`, mode, size, time, target });
    if (accepted.kind === 'file') yield* contentBytes(accepted, packing.source, entries, problems);
    else entries.push(accepted);
  }
  for (const [name, text] of Object.entries(lists(entries))) {
    const content = Buffer.from(text);
    yield tarHeader({ kind: 'file', path: name, mode: 0o600, size: content.length, time, target: '' });
    yield content;
    yield padding(content.length);
  }
  yield tarEnd();
}

async function* contentBytes(
  file: Accepted & { readonly kind: 'file' },
  source: Source,
  entries: Entry[],
  problems: Failure[],
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of source.read(file.content)) {
    const pointer =
      size === 0 && file.size < pointerLimit
        ? pointerProblem(file.path, Buffer.from(chunk).toString('latin1'))
        : undefined;
    if (pointer !== undefined) problems.push(pointer);
    hash.update(chunk);
    size += chunk.length;
    yield chunk;
  }
  if (size !== file.size) throw changed(file.content.path);
  entries.push({ kind: 'file', path: file.path, mode: file.mode, size, hash: hash.digest('hex') });
  yield padding(size);
}

/** Joins small chunks, since each write to the compressor is expensive. */
async function* batched(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < batchSize) continue;
    yield Buffer.concat(waiting, size);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting, size);
}
