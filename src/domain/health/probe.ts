/** A health check. Durations in milliseconds. */
export interface Probe {
  readonly name: string;
  readonly roles: readonly string[];
  readonly required: 'required' | 'informs';
  readonly interval: number;
  readonly timeout: number;
  /** Successes in a row that make it healthy. */
  readonly healthyAfter: number;
  readonly deadline: number;
  readonly ask:
    | {
        readonly kind: 'http';
        readonly url: string;
        readonly from: 'server' | 'runner';
        readonly headers: Readonly<Record<string, string>>;
        readonly status: number;
        readonly bodyContains: string | undefined;
      }
    | { readonly kind: 'run'; readonly command: string };
}

/**
 * The outcome of one request: an answer, a refusal (nothing listens, or the connection was closed), silence, or that it
 * could not be made at all.
 */
export type Answer =
  | { readonly kind: 'answer'; readonly status: number /** The first 64 KiB. */; readonly body: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'unasked'; readonly why: string };

/**
 * One attempt of a probe: the service is healthy, unhealthy, or could not be asked. `detail` may hold text from
 * outside.
 */
export interface Sample {
  readonly kind: 'healthy' | 'unhealthy' | 'unasked';
  readonly detail: string;
}

export interface Evaluation {
  readonly verdict: 'healthy' | 'unhealthy' | 'unknown' | 'go on';
  readonly detail: string;
}

/**
 * What `answer` means where `expected` was asked for. A service that accepts the connection and never answers is
 * unhealthy.
 */
export function sampleOf(
  answer: Answer,
  expected: { readonly status: number; readonly bodyContains: string | undefined },
): Sample {
  switch (answer.kind) {
    case 'refused':
      return { kind: 'unhealthy', detail: answer.why };
    case 'silent':
      return { kind: 'unhealthy', detail: 'it accepted the connection but did not answer in time' };
    case 'unasked':
      return { kind: 'unasked', detail: answer.why };
    case 'answer':
      if (answer.status !== expected.status)
        return {
          kind: 'unhealthy',
          detail: `status ${answer.status} instead of ${expected.status}: ${excerpt(answer.body)}`,
        };
      if (expected.bodyContains === undefined || answer.body.includes(expected.bodyContains))
        return { kind: 'healthy', detail: `status ${answer.status}` };
      return {
        kind: 'unhealthy',
        detail: `status ${answer.status}, but the body does not contain what is expected: ${excerpt(answer.body)}`,
      };
  }
}

function excerpt(body: string): string {
  return body.trim().slice(0, 200) || '(nothing)';
}

/**
 * The verdict after `samples`, oldest first, `elapsed` milliseconds after the first was begun.
 * Healthy: enough successes in a row. At the deadline the newest attempt that did not succeed decides: unasked →
 * unknown, else unhealthy.
 * While every attempt succeeds the deadline does not end it, so that a slow `interval` never makes a healthy release
 * fail.
 */
export function evaluate(
  samples: readonly Sample[],
  rule: Pick<Probe, 'healthyAfter' | 'deadline'>,
  elapsed: number,
): Evaluation {
  const lastTrouble = samples.findLast((sample) => sample.kind !== 'healthy');
  const row = samples.length - 1 - (lastTrouble === undefined ? -1 : samples.lastIndexOf(lastTrouble));
  const last = samples.at(-1)?.detail ?? 'not asked yet';
  if (row >= rule.healthyAfter)
    return { verdict: 'healthy', detail: row === 1 ? last : `${last}, ${row} times in a row` };
  if (lastTrouble === undefined || elapsed < rule.deadline) return { verdict: 'go on', detail: last };
  const detail =
    row === 0
      ? lastTrouble.detail
      : `${lastTrouble.detail} (then healthy ${row} of ${rule.healthyAfter} times, until the deadline)`;
  return { verdict: lastTrouble.kind === 'unasked' ? 'unknown' : 'unhealthy', detail };
}

/** Where a service listens. */
export interface Place {
  /** A name or an address; one of IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Where an http address leads. */
export function placeOf(address: string): Place {
  const url = new URL(address);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
  };
}

/** `text` with `{name}` replaced by the value of that name. Placeholders inside of values are not replaced. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-z]+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? placeholder) : placeholder,
  );
}
