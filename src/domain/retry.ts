/** How often something is retried and after how long. One policy for every client: exponential backoff with jitter. */
export interface RetryPolicy {
  /** Milliseconds before the second attempt. */
  readonly first: number;
  /** The longest pause, in milliseconds. */
  readonly most: number;
  /** How many attempts there are; `undefined`: as many as a deadline leaves time for. */
  readonly attempts?: number;
}

/**
 * Milliseconds to wait after so many failed attempts, or `undefined` where there is no further one.
 * @param chance at least 0, less than 1: the pause is between half of its length and its length
 * @param retryAfter milliseconds that the other side asked for; the pause is never shorter
 */
export function pauseAfter(
  attempts: number,
  { first, most, attempts: limit }: RetryPolicy,
  chance: number,
  retryAfter = 0,
): number | undefined {
  if (limit !== undefined && attempts >= limit) return undefined;
  const length = Math.min(most, first * 2 ** (attempts - 1));
  return Math.max(retryAfter, Math.round(length * (0.5 + chance / 2)));
}

/**
 * Milliseconds that a `Retry-After` header asks for: whole seconds or a date (RFC 9110 §10.2.3).
 * `undefined` where there is none, or one that says something else.
 */
export function requestedPause(header: string | null | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
