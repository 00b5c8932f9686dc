import { Failure } from '../../domain/failure.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import { StoreUnavailable } from '../../domain/secrets/unavailable.ts';
import { plain } from '../../domain/text/escape.ts';
import type { StoreContent } from '../../ports/secret-store.ts';
import type { StoreResponse } from './client/request.ts';

export type Json = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Seconds since 1970. */
export function dateOf(seconds: unknown): Date | undefined {
  return typeof seconds === 'number' ? new Date(seconds * 1000) : undefined;
}

/** The object of a good answer. What does not parse is not shown: it may hold a value. */
export function readJson(store: string, response: StoreResponse): Json {
  const body = parsed(response.body);
  if (body !== undefined) return body;
  throw new StoreUnavailable(
    'not trusted',
    `The store ${store} answered with status ${response.status} and something that is not its JSON.`,
    { status: response.status, hint: 'Something else answers at this address. Check it, and the proxy in between.' },
  );
}

/** The object of any answer; empty where it is none. */
export function objectIn(response: StoreResponse): Json {
  return parsed(response.body) ?? {};
}

/** What a store says about a refusal, as one safe line without the credentials that it was sent. */
export function reason(text: string | undefined, ...sent: readonly Secret[]): string {
  const clean = sent.reduce((rest, secret) => rest.replaceAll(secret.reveal(), secret.toString()), text ?? '');
  return clean === '' ? 'it gives no reason' : plain(clean, 300);
}

/** The value as text. Bytes are taken where they are UTF-8. @throws Failure `SECRET_MISSING` where they are not */
export function contentOf(reference: Reference, value: string | Uint8Array): StoreContent {
  const name = shown(reference);
  if (typeof value === 'string') return { kind: 'text', text: new Secret(name, value) };
  try {
    return {
      kind: 'text',
      text: new Secret(name, new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value)),
    };
  } catch {
    throw new Failure('SECRET_MISSING', `${name} holds bytes that are no text.`, {
      hint: 'Store the value as text, for example in base64.',
    });
  }
}

/** The reference without its selector, as people write it. */
export function shown({ store, locator, version, stage }: Reference): string {
  const choice = version !== undefined ? `?version=${version}` : stage !== undefined ? `?stage=${stage}` : '';
  return `${store}://${locator}${choice}`;
}

/** Why a reference cannot be one of this store; `why` follows on the reference. */
export function invalid(reference: Reference, why: string): Failure {
  return new Failure('REFERENCE_INVALID', `${shown(reference)} ${why}.`);
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
