import type { Failure } from '../domain/failure.ts';
import type { ProgramEvent } from '../domain/remote/frames.ts';

/** The last lines of a step. */
export interface Printed {
  readonly step: string;
  readonly lines: readonly string[];
}

/** What a person reads while a run is under way. Text from servers is made safe behind this door. */
export interface Journal {
  /** A chapter of the story begins; the one before it ends. */
  chapter(name: string): void;
  /** Something a program does on a server. */
  event(server: string, program: string, event: ProgramEvent): void;
  /** One plain line. */
  note(text: string): void;
  /** Something a person should know although nothing failed; it comes back in the summary. */
  warn(text: string): void;
  /** A server failed: its code, its sentence and, in a group of its own, what the step printed last. */
  failed(server: string, failure: Failure, printed?: Printed): void;
}
