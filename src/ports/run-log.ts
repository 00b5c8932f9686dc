import type { Failure } from '../domain/failure.ts';
import type { ProgramEvent } from '../domain/remote/frames.ts';

/** The last lines of a step. */
export interface Printed {
  readonly step: string;
  readonly lines: readonly string[];
}

/** What a person reads while a run is under way. It only logs. Text from servers is made safe behind it. */
export interface RunLog {
  /** A phase of the run begins; the one before it ends. */
  phase(name: string): void;
  /** An event of a program on a server. */
  event(server: string, program: string, event: ProgramEvent): void;
  /** One plain line. */
  note(text: string): void;
  /** Something a person should know although nothing failed. */
  warn(text: string): void;
  /** A server failed: its code, its sentence and, in a group of its own, what the step printed last. */
  failed(server: string, failure: Failure, printed?: Printed): void;
}
