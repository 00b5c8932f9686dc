import { Failure, together } from '../failure.ts';
import { pathMatcher } from '../globs/path-globs.ts';
import { plain } from '../text/escape.ts';
import { encodings } from './encodings.ts';
import type { FetchedSecret } from './fetched.ts';
import { partsOf, passwordsIn } from './parts.ts';
import { isRare } from './rarity.ts';
import type { Search } from './search.ts';
import { searchFor } from './search.ts';

/** A file of the artefact that holds a secret. */
export interface Leak {
  readonly path: string;
  /** The secret's name. */
  readonly name: string;
}

/** Looks for fetched secrets in what is shipped. */
export interface LeakGuard {
  /** Names of secrets that are too short or too common to look for. Those with `mask=false` are not meant to be looked for. */
  readonly unsearched: readonly string[];
  /** Whether the path is left out. */
  ignores(path: string): boolean;
  /** A search in one file, whose bytes come in pieces. */
  open(path: string): FileSearch;
}

export interface FileSearch {
  feed(bytes: Uint8Array): void;
  end(): readonly Leak[];
}

/** Shorter text stands in many files by chance. */
const shortest = 8;

/** @param ignored globs of `leak_guard_ignore` */
export function leakGuard(secrets: readonly FetchedSecret[], ignored: readonly string[]): LeakGuard {
  const meant = secrets.filter(({ request }) => request.mask === 'masked');
  const names = new Map<string, Set<string>>();
  for (const { name, value } of meant)
    for (const text of soughtOf(value.reveal())) {
      const bytes = binary(new TextEncoder().encode(text));
      names.set(bytes, (names.get(bytes) ?? new Set()).add(name));
    }
  const search = searchFor([...names.keys()]);
  const found = new Set([...names.values()].flatMap((all) => [...all]));
  return {
    unsearched: meant.map(({ name }) => name).filter((name) => !found.has(name)),
    ignores: pathMatcher(ignored),
    open: (path) => new BinarySearch(path, search, names),
  };
}

/** @returns `SECRET_LEAKED` with every file and the names of its secrets; `undefined` where there is no leak */
export function leakFailure(leaks: readonly Leak[]): Failure | undefined {
  const problems = [...Map.groupBy(leaks, ({ path }) => path)].map(([path, inFile]) => {
    const names = [...new Set(inFile.map(({ name }) => name))].join(', ');
    return new Failure('SECRET_LEAKED', `The file ${plain(path, 200)} of the artefact holds the value of ${names}.`);
  });
  if (problems.length === 0) return undefined;
  return together('SECRET_LEAKED', `${problems.length} files of the artefact hold values of secrets.`, problems);
}

/**
 * What is looked for: the whole value, passwords within it, and in every encoding; and lines and fields that look like keys.
 * Other lines and fields are left out: a region or a project's name may well be in the artefact.
 */
function soughtOf(value: string): readonly string[] {
  const whole = value.trim();
  const { lines, values } = partsOf(value);
  const inner = values.flatMap(passwordsIn);
  const wholes = [whole, ...inner].filter((text) => text.length >= shortest && (/[\r\n]/.test(text) || isRare(text)));
  const keys = [...lines, ...values].filter(looksLikeKey);
  return [...wholes, ...keys, ...wholes.flatMap(encodings)].filter((text) => text.length >= shortest);
}

function looksLikeKey(text: string): boolean {
  return /^[A-Za-z0-9+/=_.~-]{24,}$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text);
}

/** Bytes as characters of the same number, so that text and bytes are searched alike. */
function binary(bytes: Uint8Array): string {
  const step = 8192;
  let text = '';
  for (let at = 0; at < bytes.length; at += step)
    text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, at + step));
  return text;
}

class BinarySearch implements FileSearch {
  readonly #path: string;
  readonly #search: Search;
  readonly #names: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #found = new Set<string>();
  #held = '';

  constructor(path: string, search: Search, names: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#path = path;
    this.#search = search;
    this.#names = names;
  }

  feed(bytes: Uint8Array): void {
    this.#held += binary(bytes);
    this.#held = this.#held.slice(this.#look('more may come'));
  }

  end(): readonly Leak[] {
    this.#look('this is all');
    this.#held = '';
    return [...this.#found].map((name) => ({ path: this.#path, name }));
  }

  /** Shorter strings that begin where the longest was found are other secrets. */
  #look(rest: 'more may come' | 'this is all'): number {
    const text = this.#held;
    return this.#search.each(text, rest, (start, end) => {
      const longest = text.slice(start, end);
      for (const [sought, names] of this.#names)
        if (longest.startsWith(sought)) for (const name of names) this.#found.add(name);
    });
  }
}
