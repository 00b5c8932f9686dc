import type { Failure } from '../../src/domain/failure.ts';
import type { RunLog } from '../../src/ports/run-log.ts';

/** Writes what a person would read into `story`, between the lines of the other ports. */
export class TranscriptLog implements RunLog {
  readonly #story: string[];

  constructor(story: string[]) {
    this.#story = story;
  }

  phase(name: string): void {
    this.#story.push(`# ${name}`);
  }

  event(): void {}

  note(text: string): void {
    this.#story.push(`note: ${text}`);
  }

  warn(text: string): void {
    this.#story.push(`warning: ${text}`);
  }

  failed(server: string, failure: Failure): void {
    this.#story.push(`${server} ${failure.code}`);
  }
}
