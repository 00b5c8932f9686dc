import type { FailureCode } from './failure-codes.ts';
import { remedies } from './failure-codes.ts';

export type { FailureCode } from './failure-codes.ts';

interface FailureDetails {
  /** What to do about it, where that can be said more precisely than the code's general remedy. */
  readonly hint?: string;
  /** The name of the server that it happened on. */
  readonly server?: string;
  /** Everything of the same kind that is wrong, when it is more than one thing. */
  readonly problems?: readonly Failure[];
  /** The server whose failure caused this one: that one is reported first. */
  readonly follows?: string;
  /** Lines to be copied, shown below the failure in the log: a policy, a command. */
  readonly advice?: readonly string[];
  readonly cause?: unknown;
}

/** An expected kind of failure: a code from a closed list, one sentence, and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly hint: string;
  readonly server: string | undefined;
  readonly problems: readonly Failure[];
  readonly follows: string | undefined;
  readonly advice: readonly string[];

  constructor(code: FailureCode, sentence: string, details: FailureDetails = {}) {
    super(sentence, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.hint = details.hint ?? remedies[code];
    this.server = details.server;
    this.problems = details.problems ?? [];
    this.follows = details.follows;
    this.advice = details.advice ?? [];
  }
}

/** One failure for all of `problems`; a single one stays itself. */
export function together(code: FailureCode, sentence: string, problems: readonly Failure[]): Failure {
  const [only, ...more] = problems;
  if (only !== undefined && more.length === 0) return only;
  return new Failure(code, sentence, { problems });
}

/**
 * The failures that a collective one (made by `together`: it has the code of its first problem, or PREFLIGHT) consists
 * of; any other failure is a leaf.
 */
export function leafFailures(failure: Failure): readonly Failure[] {
  const [first] = failure.problems;
  return first !== undefined && (first.code === failure.code || failure.code === 'PREFLIGHT')
    ? failure.problems.flatMap(leafFailures)
    : [failure];
}

/** Any thrown value as a failure; anything but a `Failure` is a `BUG`. */
export function asFailure(thrown: unknown, server?: string): Failure {
  if (thrown instanceof Failure) return thrown;
  const sentence = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure('BUG', sentence, { cause: thrown, ...(server === undefined ? {} : { server }) });
}
