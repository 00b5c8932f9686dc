import type { Duplex } from 'node:stream';

/** One question to a service. */
export interface HttpQuestion {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  /** Opens the way there; default: directly from the runner. */
  readonly way?: (host: string, port: number) => Promise<Duplex>;
  readonly signal?: AbortSignal;
}

/** What the service said: an answer, a refusal (nobody listens), silence, or that it could not be asked at all. */
export type HttpAnswer =
  | { readonly kind: 'answer'; readonly status: number; /** The first 64 KiB. */ readonly body: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'unasked'; readonly why: string };

export interface Http {
  /** Follows no redirect. Never rejects. */
  ask(question: HttpQuestion): Promise<HttpAnswer>;
}
