import { outputLineLimit } from '../text/output-line.ts';
import type { Step } from './program.ts';

/**
 * The process group of a running program on a server, and when its leader began (clock ticks since boot; `0` =
 * unknown).
 */
export interface ProcessGroup {
  readonly id: string;
  readonly started: string;
}

/** What a program reports while it runs, in order. */
export type ProgramEvent =
  | { readonly kind: 'group'; readonly group: ProcessGroup }
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'output'; readonly step: Step | undefined; readonly line: string }
  | { readonly kind: 'fact'; readonly key: string; readonly value: string }
  | { readonly kind: 'end'; readonly step: Step; readonly status: number }
  | { readonly kind: 'left running'; readonly step: Step }
  | { readonly kind: 'lost'; readonly step: Step }
  | { readonly kind: 'done'; readonly status: number };

/** Bytes of one fact that are kept; more is cut. */
const factLimit = 8 * 1024 * 1024;
/**
 * Characters of a frame. A process of the same user on the server can read the token from our memory, so even frames
 * are not trusted.
 */
const frameLimit = 1024;

/**
 * Turns the stdout of a program, in chunks of any size, into its events.
 * A frame is `\n 0x1e TOKEN SPACE verb…\n`; all other text is output of the step under way, or the value of a fact.
 */
export class FrameReader {
  readonly #mark: string;
  readonly #steps: readonly Step[];
  #pending = '';
  #step: Step | undefined;
  #fact: { readonly key: string; value: string } | undefined;
  #line = '';
  /**
   * The line before the pending newline was emitted already, so that the last line of output is not delayed until more
   * output comes.
   */
  #early = false;

  constructor(token: string, steps: readonly Step[]) {
    this.#mark = `\n\x1e${token} `;
    this.#steps = steps;
  }

  /** The events that `chunk` completes. The caller decodes UTF-8 across chunks. */
  feed(chunk: string): ProgramEvent[] {
    const events: ProgramEvent[] = [];
    this.#pending += chunk;
    for (;;) {
      const at = this.#pending.indexOf(this.#mark);
      const end = at < 0 ? -1 : this.#pending.indexOf('\n', at + this.#mark.length);
      if (at < 0 || (end < 0 && this.#pending.length - at < frameLimit)) break;
      this.#text(this.#pending.slice(0, at), events);
      if (end < 0) {
        this.#pending = this.#pending.slice(at + this.#mark.length);
        continue;
      }
      this.#frame(this.#pending.slice(at + this.#mark.length, Math.min(end, at + frameLimit)), events);
      this.#pending = this.#pending.slice(end + 1);
    }
    const safe = this.#beforeMark();
    this.#text(this.#pending.slice(0, safe), events);
    this.#pending = this.#pending.slice(safe);
    if (this.#pending === '\n' && this.#fact === undefined && this.#line !== '') {
      this.#flush(events);
      this.#early = true;
    }
    return events;
  }

  /** The output that was still waiting for its line to end, when the channel is closed. */
  rest(): ProgramEvent[] {
    const events: ProgramEvent[] = [];
    if (!this.#pending.includes(this.#mark)) this.#text(this.#pending, events);
    this.#pending = '';
    this.#flush(events);
    return events;
  }

  /** How much of what is pending cannot be the beginning of a frame. */
  #beforeMark(): number {
    const whole = this.#pending.indexOf(this.#mark);
    if (whole >= 0) return whole;
    for (let at = Math.max(0, this.#pending.length - this.#mark.length); at < this.#pending.length; at += 1) {
      if (this.#mark.startsWith(this.#pending.slice(at))) return at;
    }
    return this.#pending.length;
  }

  #text(text: string, events: ProgramEvent[]): void {
    if (text === '') return;
    if (this.#fact !== undefined) {
      const room = factLimit - this.#fact.value.length;
      this.#fact.value += text.slice(0, Math.max(0, room));
      return;
    }
    const lines = (this.#line + (this.#early ? text.slice(1) : text)).split('\n');
    this.#early = false;
    this.#line = (lines.pop() ?? '').slice(0, outputLineLimit);
    for (const line of lines) events.push({ kind: 'output', step: this.#step, line: line.slice(0, outputLineLimit) });
  }

  #flush(events: ProgramEvent[]): void {
    if (this.#line !== '') events.push({ kind: 'output', step: this.#step, line: this.#line });
    this.#line = '';
  }

  #frame(frame: string, events: ProgramEvent[]): void {
    const [verb = '', first = '', second = ''] = frame.split(' ');
    this.#early = false;
    // A step that died in the middle of a fact did not close it; what follows is not its value.
    if (verb !== 'close') this.#fact = undefined;
    this.#flush(events);
    const step = this.#steps[Number(first)];
    switch (verb) {
      case 'group':
        events.push({ kind: 'group', group: { id: first, started: second } });
        return;
      case 'text':
        this.#fact = { key: first, value: '' };
        return;
      case 'close':
        if (this.#fact !== undefined) events.push({ kind: 'fact', ...this.#fact });
        this.#fact = undefined;
        return;
      case 'done':
        events.push({ kind: 'done', status: Number(first) });
        return;
    }
    if (step === undefined) return;
    if (verb === 'step') events.push({ kind: 'step', step });
    if (verb === 'step') this.#step = step;
    if (verb === 'end') events.push({ kind: 'end', step, status: Number(second) });
    if (verb === 'left') events.push({ kind: 'left running', step });
    if (verb === 'lost') events.push({ kind: 'lost', step });
  }
}
