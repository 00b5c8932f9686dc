import { Failure } from '../failure.ts';

/**
 * How a store was found to be of no use, from which `fallback_when` decides.
 * `answered`: it said so itself, over a verified connection. `unreachable`: no connection came about, or none lasted.
 * `not trusted`: the name, the certificate or the TLS is wrong, it redirects, or what answers is not this store. Never a reason for a fallback.
 */
export type Unavailability = 'answered' | 'unreachable' | 'not trusted';

/** A store cannot be used now. Its sentence never holds what the store said. */
export class StoreUnavailable extends Failure {
  readonly how: Unavailability;
  /** Of the last answer, if there was one. */
  readonly status: number | undefined;
  /** Milliseconds that the store asked to wait. */
  readonly retryAfter: number;

  constructor(how: Unavailability, sentence: string, details: UnavailableDetails = {}) {
    super('STORE_UNAVAILABLE', sentence, details);
    this.how = how;
    this.status = details.status;
    this.retryAfter = details.retryAfter ?? 0;
  }
}

interface UnavailableDetails {
  readonly hint?: string;
  readonly cause?: unknown;
  readonly status?: number;
  readonly retryAfter?: number;
}
