/** The header of one entry of a tar. */
export interface TarEntry {
  readonly kind: 'file' | 'directory' | 'link';
  readonly path: string;
  readonly mode: number;
  /** Bytes of content that follow. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly time: number;
  /** Empty where it is no link. */
  readonly target: string;
}

/** Content is padded to a multiple of this. */
export const blockSize = 512;

const typeFlags = { file: '0', directory: '5', link: '2' } as const;
const nameSize = 100;

/**
 * The header blocks of an entry, owned by user and group 0. Long names and targets go before it as GNU tar does it (`L`
 * and `K` entries):
 * BusyBox skips the records of pax, and would extract a file called `PaxHeader`.
 */
export function tarHeader(entry: TarEntry): Buffer {
  const path = Buffer.from(entry.kind === 'directory' ? `${entry.path}/` : entry.path);
  const target = Buffer.from(entry.target);
  return Buffer.concat([
    ...(target.length > nameSize ? longName('K', target) : []),
    ...(path.length > nameSize ? longName('L', path) : []),
    block({ ...entry, path, target, flag: typeFlags[entry.kind] }),
  ]);
}

/** The padding of content of `size` bytes to whole blocks. */
export function padding(size: number): Buffer {
  return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}

/** What a tar ends with. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * blockSize);
}

function longName(flag: 'K' | 'L', name: Buffer): Buffer[] {
  const size = name.length + 1;
  return [
    block({ path: Buffer.from('././@LongLink'), target: Buffer.alloc(0), mode: 0, size, time: 0, flag }),
    name,
    Buffer.alloc(1),
    padding(size),
  ];
}

interface Block {
  readonly path: Buffer;
  readonly target: Buffer;
  readonly mode: number;
  readonly size: number;
  readonly time: number;
  readonly flag: string;
}

/** One header block in GNU's format: https://www.gnu.org/software/tar/manual/html_node/Standard.html */
function block(fields: Block): Buffer {
  const header = Buffer.alloc(blockSize);
  fields.path.copy(header, 0, 0, nameSize);
  header.write(octal(fields.mode, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  writeSize(header, fields.size);
  header.write(octal(fields.time, 11), 136);
  header.write(' '.repeat(8), 148);
  header.write(fields.flag, 156);
  fields.target.copy(header, 157, 0, nameSize);
  header.write('ustar  ', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

/** From 8 GiB on the size is binary, with the highest bit set. */
function writeSize(header: Buffer, size: number): void {
  if (size < 0o100000000000) {
    header.write(octal(size, 11), 124);
    return;
  }
  header.writeUInt8(0x80, 124);
  header.writeBigUInt64BE(BigInt(size), 128);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
