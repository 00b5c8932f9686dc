import { clashes } from '../../domain/artifact/entries.ts';
import type { Settings } from '../../domain/config/settings.ts';
import { together } from '../../domain/failure.ts';
import type { Artifact, Artifacts } from '../../ports/artifact.ts';

/** The commit that is deployed, and what is shipped of it. */
export interface Packed {
  readonly revision: string;
  /** Committer date, seconds since 1970. */
  readonly committed: number;
  readonly artifact: Artifact;
}

/** Packs while the servers are being connected. Disposing waits for the end of it and removes what was packed. */
export function pack(
  artifacts: Artifacts,
  words: string,
  settings: Settings,
): { readonly packed: Promise<Packed> } & AsyncDisposable {
  const packed = load(artifacts, words, settings);
  packed.catch(() => undefined);
  return {
    packed,
    [Symbol.asyncDispose]: () =>
      packed.then(
        ({ artifact }) => artifact[Symbol.asyncDispose](),
        () => undefined,
      ),
  };
}

async function load(artifacts: Artifacts, words: string, settings: Settings): Promise<Packed> {
  const commit = await artifacts.resolve(words);
  const artifact = await artifacts.pack(commit);
  const linked = [...settings.linkedFiles, ...settings.linkedDirs, 'REVISION'];
  const problems = clashes(artifact.manifest.entries, linked);
  if (problems.length === 0) return { ...commit, artifact };
  await artifact[Symbol.asyncDispose]();
  throw together('ARTIFACT_INVALID', 'the artefact leaves no place for what is linked into a release', problems);
}
