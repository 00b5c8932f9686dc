import { masksOf } from '../../domain/secrets/masks.ts';
import { redaction } from '../../domain/secrets/redactor.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import type { Redaction } from '../../ports/secret-stores.ts';

/** The redaction of one job. */
export interface JobRedaction extends Redaction {
  /** Hides single lines, as those of a credential of ours, at once. */
  hideLines(lines: readonly string[]): void;
}

/** How the runner is told what it has to hide. */
export interface RunnerMasks {
  /** @param line a single line */
  readonly add: (line: string) => void;
  /** Resolves when all that was told has left this process. */
  readonly written: () => Promise<void>;
}

/** What is hidden here is told to the runner too, whose masks hold for the rest of the job. */
export function openRedaction(masks: RunnerMasks): JobRedaction {
  return new KnownValues(masks);
}

class KnownValues implements JobRedaction {
  readonly #masks: RunnerMasks;
  readonly #known = new Set<string>();
  readonly #told = new Set<string>();
  /** Made anew when it is needed after something was added: the search is built for all values together. */
  #search: ReturnType<typeof redaction> | undefined;

  constructor(masks: RunnerMasks) {
    this.#masks = masks;
  }

  async hide(secrets: readonly Secret[], shown: readonly Secret[]): Promise<void> {
    const readable = new Set(shown.flatMap((secret) => [secret.reveal(), secret.reveal().trim()]));
    for (const secret of secrets) {
      const masks = masksOf(secret, readable);
      if (masks.kind === 'masks') this.#add(masks.all, masks.forRunner);
    }
    await this.#masks.written();
  }

  hideLines(lines: readonly string[]): void {
    this.#add(lines, lines);
  }

  redact(text: string): string {
    return this.#known.size === 0 ? text : this.#searched().redact(text);
  }

  redactCut(text: string): string {
    return this.#known.size === 0 ? text : this.#searched().stream().feed(text);
  }

  #add(all: readonly string[], forRunner: readonly string[]): void {
    for (const text of all) this.#known.add(text);
    this.#search = undefined;
    for (const line of forRunner) if (!this.#told.has(line)) this.#masks.add(line);
    for (const line of forRunner) this.#told.add(line);
  }

  #searched(): ReturnType<typeof redaction> {
    this.#search ??= redaction([...this.#known]);
    return this.#search;
  }
}
