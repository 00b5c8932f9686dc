import type { Failure } from '../../src/domain/failure.ts';
import type { Journal } from '../../src/ports/run-log.ts';

/** Writes what a person would read into `story`, between the lines of the other doors. */
export class StoryJournal implements Journal {
  readonly #story: string[];

  constructor(story: string[]) {
    this.#story = story;
  }

  chapter(name: string): void {
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
