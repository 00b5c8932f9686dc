import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { Extract, Header as TypedHeader } from 'tar-stream';
import { extract } from 'tar-stream';
import type { Found, FoundFile, Modes } from '../../domain/artifact/entries.ts';
import { Failure } from '../../domain/failure.ts';
import type { Source } from './source.ts';
import { blockSize } from './tar-header.ts';

/** An entry as the package reports it: its own types lack the offset of the content, and that a type may be unknown. */
interface Header extends Omit<TypedHeader, 'type' | 'linkname' | 'pax'> {
  readonly type: TypedHeader['type'] | null;
  readonly linkname: string | null;
  readonly byteOffset: number;
  readonly pax: Readonly<Record<string, string>> | null;
}

/** Options that its types leave out. Names come as single bytes, so that we see where they are no UTF-8. */
const readerOptions: object = { filenameEncoding: 'latin1', allowUnknownFormat: true };

const chunkSize = 256 * 1024;

/**
 * A tar file as a source. `name` is how the user knows it. Nothing else may write to the file meanwhile.
 * @throws Failure `ARTIFACT_INVALID` where it is no tar, or ends early
 */
export async function openTar(file: string, name: string, modes: Modes): Promise<Source> {
  const handle = await open(file, 'r');
  try {
    const places = new Map<FoundFile, number>();
    const found = await index(file, name, places);
    await checkEnd(handle, name);
    return {
      found,
      modes,
      read: (content) => section(handle, places.get(content) ?? 0, content.size),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function index(file: string, name: string, places: Map<FoundFile, number>): Promise<Found[]> {
  const found: Found[] = [];
  const reader = extract(readerOptions);
  reader.on('entry', (typed, content, next) => {
    const header = typed as unknown as Header;
    const entry = foundEntry(header);
    found.push(entry);
    if (entry.kind === 'file') places.set(entry, header.byteOffset);
    // An error of the archive is emitted on the content too; it is handled where the reader emits it.
    content.on('error', () => undefined);
    content.on('end', () => next());
    content.resume();
  });
  try {
    await feed(file, reader);
  } catch (cause) {
    throw unreadable(name, cause);
  }
  return found;
}

/** Not `pipeline`: it resolves before this reader has detected that its input ends early. */
function feed(file: string, reader: Extract): Promise<void> {
  return new Promise((resolve, reject) => {
    const input = createReadStream(file, { highWaterMark: 1024 * 1024 });
    reader.on('finish', resolve);
    reader.on('error', (error) => {
      input.destroy();
      reject(error);
    });
    input.on('error', (error) => reader.destroy(error));
    input.pipe(reader as unknown as NodeJS.WritableStream);
  });
}

function foundEntry(header: Header): Found {
  const path = header.pax?.['path'] ? header.name : decode(header.name);
  const target = header.pax?.['linkpath'] ? (header.linkname ?? '') : decode(header.linkname ?? '');
  if (Object.keys(header.pax ?? {}).some((key) => key.startsWith('GNU.sparse.')))
    return { kind: 'other', path, what: 'stored as a sparse file, which this tar format hides' };
  switch (header.type) {
    case 'file':
    case 'contiguous-file':
      return { kind: 'file', path, mode: header.mode, size: header.size };
    case 'directory':
      return { kind: 'directory', path, mode: header.mode };
    case 'symlink':
      return { kind: 'link', path, target };
    case 'link':
      return { kind: 'same file', path, target };
    case 'block-device':
    case 'character-device':
      return { kind: 'other', path, what: 'a device' };
    case 'fifo':
      return { kind: 'other', path, what: 'a FIFO' };
    default:
      return { kind: 'other', path, what: 'of a kind that cannot be shipped' };
  }
}

function decode(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}

/** A tar that was cut off between two entries can be read without an error, but it lacks the empty block at its end. */
async function checkEnd(handle: FileHandle, name: string): Promise<void> {
  const { size } = await handle.stat();
  const last = Buffer.alloc(blockSize, 1);
  if (size >= blockSize) await handle.read(last, 0, blockSize, size - blockSize);
  if (last.some((byte) => byte !== 0)) throw unreadable(name, new Error('it ends early'));
}

async function* section(handle: FileHandle, start: number, size: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < size; ) {
    const wanted = Math.min(chunkSize, size - done);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, start + done);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    done += bytesRead;
  }
}

/** The failure of an archive that cannot be read. */
export function unreadable(name: string, cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Failure('ARTIFACT_INVALID', `The archive ${JSON.stringify(name)} cannot be read: ${why}.`, {
    hint: 'Make it again with `tar -czf`, and see that the step that makes or downloads it does not fail.',
    cause,
  });
}
