import type { Duplex } from 'node:stream';
import type { Answer } from '../domain/health/probe.ts';

/** One request to a service. */
export interface HttpQuestion {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  /** Opens the connection; default: directly from the runner. */
  readonly connect?: (host: string, port: number) => Promise<Duplex>;
  readonly signal?: AbortSignal;
}

export interface Http {
  /** Follows no redirect. Never rejects. */
  ask(question: HttpQuestion): Promise<Answer>;
}
