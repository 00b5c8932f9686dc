import type { Manifest } from '../domain/artifact/manifest.ts';

/** What is shipped: read once, checked, and packed again. Disposing removes what it keeps on the runner. */
export interface Artifact extends AsyncDisposable {
  readonly manifest: Manifest;
  /** Bytes of the packed stream. */
  readonly packedSize: number;
  /**
   * A gzipped tar with `tree/…` for the entries and, after them, the lists `entries`, `hashes`, `links`
   * (domain/artifact/listing.ts).
   * May be called many times; each server reads its own stream.
   */
  stream(): AsyncIterable<Uint8Array>;
}

export interface Commit {
  /** 40 or 64 hex digits. */
  readonly revision: string;
  /** Its committer date in seconds since 1970. */
  readonly committed: number;
}

export interface Artifacts {
  /** The commit that `words` names in the workspace. @throws Failure `REVISION_UNKNOWN` */
  resolve(words: string): Promise<Commit>;
  /**
   * Whether `older` is an ancestor of `newer`; `unknown` where the workspace does not hold enough history. Answers are
   * cached.
   */
  isAncestor(older: string, newer: string): Promise<'yes' | 'no' | 'unknown'>;
  /** @throws Failure `ARTIFACT_EMPTY`, `ARTIFACT_INVALID`, `REVISION_UNKNOWN`, `RUNNER_UNFIT` */
  pack(commit: Commit): Promise<Artifact>;
}
