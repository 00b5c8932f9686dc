import { StoreUnavailable } from '../../../domain/secrets/unavailable.ts';
import type { Clock } from '../../../ports/clock.ts';
import { ProxyRefused } from './proxy.ts';

/** Connections that did not come about or did not last. Everything else that can go wrong below HTTP is a matter of trust. */
const lost = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
]);

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What becomes of an answer that means "try again", where no later one comes. */
export function notServed(
  { store, clock }: { readonly store: string; readonly clock: Clock },
  url: string,
  { status, headers }: Answered,
): StoreUnavailable {
  return new StoreUnavailable(
    'answered',
    `The store ${store} does not serve: ${new URL(url).host} answered with status ${status} until the deadline.`,
    { status, retryAfter: waitOf(headers['retry-after'], clock.now()) },
  );
}

/** Milliseconds that a `Retry-After` asks for: seconds, or a date (RFC 9110, §10.2.3). */
function waitOf(header: string | undefined, now: Date): number {
  if (header === undefined) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}

export function redirected(store: string, url: URL, status: number, location: string | undefined): StoreUnavailable {
  const to = URL.parse(location ?? '', url.href)?.host ?? 'an address that it does not name';
  return new StoreUnavailable('not trusted', `The store ${store} redirects from ${url.host} to ${to}.`, {
    status,
    hint: 'No redirect is followed, as it would take the credentials along. Write the final address into `stores`.',
  });
}

/** An answer of more bytes than any secret has. */
export class AnswerTooLarge extends Error {
  readonly code = 'the answer is too large';
}

/** Whether another attempt may help: not where trust is at stake, but names are sometimes not found for a moment. */
export function mayPass(failure: StoreUnavailable): boolean {
  return failure.how !== 'not trusted' || (failure.cause as NodeJS.ErrnoException | undefined)?.code === 'EAI_AGAIN';
}

/** What Node says of a connection, with nothing in it of what was sent. */
export function broken(store: string, url: URL, thrown: unknown): StoreUnavailable {
  const { name, code = '' } = thrown as NodeJS.ErrnoException;
  if (thrown instanceof ProxyRefused) return unreachable(store, `on the way to ${url.host} ${thrown.message}`, thrown);
  if (name === 'AbortError' || name === 'TimeoutError')
    return unreachable(store, `${url.host} gave no answer in time`, thrown);
  if (lost.has(code)) return unreachable(store, `no connection to ${url.host} lasted (${code})`, thrown);
  return new StoreUnavailable(
    'not trusted',
    `The connection to ${url.host} of the store ${store} is not the right one (${code || 'no reason given'}).`,
    { cause: thrown, hint: 'Check the address of the store, its certificate and `ca`.' },
  );
}

function unreachable(store: string, what: string, cause: unknown): StoreUnavailable {
  return new StoreUnavailable('unreachable', `The store ${store} cannot be reached: ${what}.`, { cause });
}
