import type { ProcessGroup, ProgramEvent } from './frames.ts';
import type { Step } from './program.ts';

/** How one step went. `status` above 128 is a death by signal `status - 128`. */
export interface StepEnd {
  readonly step: Step;
  readonly status: number;
  /** The last lines that it printed, stdout and stderr in order. */
  readonly output: readonly string[];
}

/** All that a finished program has reported. */
export interface ProgramReport {
  readonly steps: readonly StepEnd[];
  readonly facts: ReadonlyMap<string, string>;
  /** Steps that left a process running which keeps our output open. */
  readonly leftRunning: readonly Step[];
  readonly group: ProcessGroup | undefined;
}

/**
 * How a program ended.
 * `succeeded` and `failed` are known effects; after `unknown` it is not known how far the program got, or whether it
 * still runs.
 */
export type ProgramEnd =
  | ({ readonly kind: 'succeeded' } & ProgramReport)
  | ({ readonly kind: 'failed'; readonly at: StepEnd } & ProgramReport)
  | ({ readonly kind: 'lock lost'; readonly before: Step } & ProgramReport)
  | ({
      readonly kind: 'unknown';
      /** After `cut` and `refused` it is known that nothing of it ran. */
      readonly why: 'cut' | 'refused' | 'connection lost' | 'killed' | 'unfinished';
      readonly during: Step | undefined;
      readonly detail: string;
    } & ProgramReport);

/** How the channel closed. `code` is `undefined` where no exit status came. */
export interface ChannelEnd {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** `lost`: the connection was lost. `closed by us`: the stream that we were sending failed. */
  readonly connection: 'open' | 'lost' | 'closed by us';
  /** What the login shell printed on stderr, or before the program began. */
  readonly noise: string;
}

/** Lines of output that are kept of one step. */
const tail = 200;
/**
 * Facts that are kept, and their characters together. Our programs send far fewer; forged frames could send any number.
 */
const most = { facts: 100, characters: 32 * 1024 * 1024 } as const;

/** Collects the events of one program and derives from them how it ended. */
export class ProgramCollector {
  readonly #ends: StepEnd[] = [];
  readonly #facts = new Map<string, string>();
  readonly #leftRunning: Step[] = [];
  #characters = 0;
  #output: string[] = [];
  #group: ProcessGroup | undefined;
  #during: Step | undefined;
  #lost: Step | undefined;
  #done: number | undefined;
  /** A frame has arrived. */
  #begun = false;

  /** The final frame has arrived. */
  get finished(): boolean {
    return this.#done !== undefined;
  }

  add(event: ProgramEvent): void {
    this.#begun ||= event.kind !== 'output';
    switch (event.kind) {
      case 'group':
        this.#group = event.group;
        return;
      case 'step':
        this.#during = event.step;
        this.#output = [];
        return;
      case 'output':
        this.#output.push(event.line);
        if (this.#output.length > tail) this.#output.shift();
        return;
      case 'fact':
        this.#keep(event.key, event.value);
        return;
      case 'left running':
        if (!this.#leftRunning.includes(event.step)) this.#leftRunning.push(event.step);
        return;
      case 'end':
        if (!this.#ends.some(({ step }) => step === event.step))
          this.#ends.push({ step: event.step, status: event.status, output: this.#output });
        this.#during = undefined;
        return;
      case 'lost':
        this.#lost = event.step;
        return;
      case 'done':
        this.#done = event.status;
        return;
    }
  }

  #keep(key: string, value: string): void {
    const before = this.#facts.get(key);
    const characters = this.#characters + value.length - (before?.length ?? 0);
    if (characters > most.characters || (before === undefined && this.#facts.size >= most.facts)) return;
    this.#characters = characters;
    this.#facts.set(key, value);
  }

  /** The verdict. Success needs the final frame *and* the exit status 0. */
  end(channel: ChannelEnd, cutStatus: number): ProgramEnd {
    const report = { steps: this.#ends, facts: this.#facts, leftRunning: this.#leftRunning, group: this.#group };
    const unknown = { ...report, kind: 'unknown', during: this.#during, detail: channel.noise } as const;
    if (this.#done === undefined || channel.code !== this.#done) {
      if (channel.connection === 'lost') return { ...unknown, why: 'connection lost' };
      if (channel.code === cutStatus && this.#group === undefined) return { ...unknown, why: 'cut' };
      if (channel.signal !== undefined) return { ...unknown, why: 'killed', detail: channel.signal };
      if (channel.code !== undefined && channel.code > 128 && this.#done === undefined)
        return { ...unknown, why: 'killed', detail: `signal ${channel.code - 128}` };
      if (channel.code === undefined && channel.connection === 'open') return { ...unknown, why: 'connection lost' };
      // A program reports its group before anything else. A login shell or a forced command that runs something else
      // does not.
      return { ...unknown, why: channel.code !== undefined && !this.#begun ? 'refused' : 'unfinished' };
    }
    if (this.#lost !== undefined) return { ...report, kind: 'lock lost', before: this.#lost };
    const at = this.#ends.find((end) => end.status !== 0 && end.step.policy !== 'note');
    if (at !== undefined) return { ...report, kind: 'failed', at };
    // A program that is ended between two steps still sends its final frame.
    if (this.#done !== 0) return { ...unknown, why: 'killed', detail: `signal ${this.#done - 128}` };
    return { ...report, kind: 'succeeded' };
  }
}
