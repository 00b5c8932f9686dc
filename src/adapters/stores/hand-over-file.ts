import { closeSync, constants, mkdtempSync, openSync, renameSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HandOver, Revocable } from './vault/hand-over.ts';

const fresh = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
const existing = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);
const longest = 1024 * 1024;

/** What is to be revoked, by store, in a file of this user alone; its folder is made with the first note. */
export interface HandOverFile extends HandOver {
  /** Leaves these stores to who reads the file. */
  keep(stores: readonly string[]): void;
}

/** @param created called with the path of the file before anything is in it */
export function openHandOver(temp: string, created: (path: string) => void): HandOverFile {
  return new FileOfNotes(temp, created);
}

class FileOfNotes implements HandOverFile {
  readonly #temp: string;
  readonly #created: (path: string) => void;
  readonly #notes = new Map<string, Revocable>();
  #kept: ReadonlySet<string> = new Set();
  #path: string | undefined;

  constructor(temp: string, created: (path: string) => void) {
    this.#temp = temp;
    this.#created = created;
  }

  note(store: string, revocable: Revocable): void {
    this.#notes.set(store, revocable);
    this.#write();
  }

  forget(store: string): void {
    if (this.#notes.delete(store)) this.#write();
  }

  isKept(store: string): boolean {
    return this.#kept.has(store);
  }

  keep(stores: readonly string[]): void {
    this.#kept = new Set(stores);
  }

  /** Replaced as a whole: who reads it after a kill finds the one before or this one. */
  #write(): void {
    const path = this.#place();
    rmSync(`${path}.new`, { force: true });
    if (this.#notes.size === 0) {
      rmSync(path, { force: true });
      return;
    }
    const file = openSync(`${path}.new`, fresh, 0o600);
    try {
      writeSync(file, JSON.stringify(Object.fromEntries(this.#notes)));
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
  }

  #place(): string {
    if (this.#path !== undefined) return this.#path;
    this.#path = join(mkdtempSync(join(this.#temp, 'slipway-')), 'revoke.json');
    this.#created(this.#path);
    return this.#path;
  }
}

/** What an earlier process has left to be revoked, by store; the file and its folder are removed. */
export async function takeHandOver(path: string): Promise<ReadonlyMap<string, Revocable>> {
  try {
    await using file = await open(path, existing);
    const { size } = await file.stat();
    if (size > longest) return new Map();
    return new Map(Object.entries(JSON.parse(await file.readFile('utf8')) as Readonly<Record<string, Revocable>>));
  } catch {
    return new Map();
  } finally {
    remove(path);
  }
}

/** Its folder too, which holds nothing else. */
function remove(path: string): void {
  for (const file of [path, `${path}.new`]) rmSync(file, { force: true });
  try {
    rmdirSync(dirname(path));
  } catch {
    // It is gone already, or somebody put something there.
  }
}
