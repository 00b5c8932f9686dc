import { createHash } from 'node:crypto';

/** What is deployed: the same bytes on every machine. Each next version changes 1 % of the files. */
export interface Workload {
  readonly name: string;
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
}

export const workloads = {
  W1: { name: 'W1', files: 50, bytes: 500_000 },
  W2: { name: 'W2', files: 2_000, bytes: 40_000_000 },
  W3: { name: 'W3', files: 5_000, bytes: 150_000_000 },
} as const satisfies Readonly<Record<string, Workload>>;

export interface WorkloadFile {
  readonly path: string;
  readonly content: Buffer;
}

/** The files that `version` brings: all of them for version 1, the changed ones for a later one. */
export function* filesOf(workload: Workload, version: number): Generator<WorkloadFile> {
  const indices =
    version === 1 ? Array.from({ length: workload.files }, (_, index) => index) : changedIn(workload, version);
  for (const index of indices) yield fileAt(workload, index, version);
}

/** The numbers of the files that `version` changes against the one before it: at least one. */
export function changedIn(workload: Workload, version: number): number[] {
  const count = Math.ceil(workload.files / 100);
  return Array.from({ length: count }, (_, step) => ((version - 2) * count + step) % workload.files);
}

function fileAt(workload: Workload, index: number, version: number): WorkloadFile {
  const mean = workload.bytes / workload.files;
  // Small ones and large ones, from half the mean to one and a half of it; neighbours make up for each other.
  const share = ((index >> 1) * 37) % 100;
  const size = Math.round(mean * (index % 2 === 0 ? 0.5 + share / 100 : 1.5 - share / 100));
  return {
    path: `app/part${index % 20}/file${index}.txt`,
    content: contentOf(`${workload.name} ${index} ${version}`, size),
  };
}

const words = Array.from({ length: 256 }, (_, index) =>
  createHash('sha256')
    .update(`word ${index}`)
    .digest('hex')
    .slice(0, 2 + (index % 9)),
);

/** Lines of words, which a compressor makes about half as large, as it does with the files of an application. */
function contentOf(seed: string, size: number): Buffer {
  const parts: string[] = [];
  let length = 0;
  for (let block = 0; length < size; block += 1) {
    const bytes = createHash('sha512').update(`${seed} ${block}`).digest();
    const line = `${Array.from(bytes, (byte) => words[byte]).join(' ')}\n`;
    parts.push(line);
    length += line.length;
  }
  return Buffer.from(parts.join('').slice(0, size));
}
