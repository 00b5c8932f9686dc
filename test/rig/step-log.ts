// The log of a step as the runner keeps it: line by line, with what has been masked by then as ***.

import type { Command } from './runner-files.ts';
import { readCommand } from './runner-files.ts';

export class StepLog {
  readonly masks: Set<string>;
  readonly commands: Command[] = [];
  readonly #raw: string[] = [];
  readonly #shown: string[] = [];
  readonly #partial = { stdout: '', stderr: '' };
  readonly #watch: (line: string, shown: string | undefined) => void;

  /**
   * `masks` grows with every `add-mask`; steps of one job share it. `watch` sees each line as it is and as it is shown,
   * if it is.
   */
  constructor(masks: Set<string>, watch: (line: string, shown: string | undefined) => void) {
    this.masks = masks;
    this.#watch = watch;
  }

  /** Everything that was written, as it was. */
  get raw(): string {
    return this.#raw.join('\n');
  }

  /** What a person sees. */
  get shown(): string {
    return this.#shown.join('\n');
  }

  take(stream: 'stdout' | 'stderr', text: string): void {
    const lines = (this.#partial[stream] + text).split('\n');
    this.#partial[stream] = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  /** Takes what came without a newline at the end. */
  close(): void {
    for (const rest of Object.values(this.#partial)) if (rest !== '') this.#line(rest);
  }

  #line(line: string): void {
    this.#raw.push(line);
    const command = readCommand(line);
    if (command !== undefined) this.commands.push(command);
    if (command?.name === 'add-mask') this.#mask(command.value);
    const shown = command?.name === 'add-mask' ? undefined : this.#masked(line);
    if (shown !== undefined) this.#shown.push(shown);
    this.#watch(line, shown);
  }

  /** The runner masks the whole value and each of its lines. */
  #mask(value: string): void {
    for (const part of [value, ...value.split(/[\r\n]+/)]) if (part.trim() !== '') this.masks.add(part.trim());
  }

  #masked(line: string): string {
    return [...this.masks]
      .sort((a, b) => b.length - a.length)
      .reduce((text, mask) => text.replaceAll(mask, '***'), line);
  }
}
