import { Failure } from '../../src/domain/failure.ts';
import type { Artifact, Artifacts, Commit } from '../../src/ports/artifact.ts';

/**
 * A history of commits, oldest first, each with an artefact whose digest is the commit's id again, made long enough.
 */
export class FakeArtifacts implements Artifacts {
  readonly #history: readonly string[];

  constructor(...history: readonly string[]) {
    this.#history = history;
  }

  async resolve(words: string): Promise<Commit> {
    if (!this.#history.includes(words)) throw new Failure('REVISION_UNKNOWN', `there is no ${words}`);
    return { revision: words, committed: 1_795_000_000 };
  }

  async isAncestor(older: string, newer: string): Promise<'yes' | 'no' | 'unknown'> {
    const [first, second] = [this.#history.indexOf(older), this.#history.indexOf(newer)];
    if (first < 0 || second < 0) return 'unknown';
    return first <= second ? 'yes' : 'no';
  }

  async pack({ revision }: Commit): Promise<Artifact> {
    return {
      manifest: { entries: [], digest: digestOf(revision) },
      packedSize: revision.length,
      stream: async function* () {
        yield Buffer.from(revision);
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
}

/** The digest of the artefact of a commit. */
export function digestOf(revision: string): string {
  return revision.padEnd(64, '0');
}
