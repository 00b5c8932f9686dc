import type { Found, FoundFile, Modes } from '../../domain/artifact/entries.ts';
import { refuse } from '../../domain/artifact/entries.ts';
import type { Failure } from '../../domain/failure.ts';

/**
 * What an artefact is made from: entries that are not checked yet, and the content of its files. Disposing removes what
 * was spooled for it.
 */
export interface Source extends AsyncDisposable {
  readonly found: readonly Found[];
  readonly modes: Modes;
  /**
   * The content of a file of `found`: exactly its size.
   * @throws Failure `ARTIFACT_INVALID` where the file has changed or gone since it was found
   */
  read(file: FoundFile): AsyncIterable<Uint8Array>;
}

/** The problem of an entry that changed after it was found. */
export function changed(path: string, cause?: unknown): Failure {
  return refuse(
    path,
    'changed or went away while it was read',
    'Let nothing write there while Slipway packs the artefact, then deploy again.',
    cause,
  );
}
