import { Failure } from '../../domain/failure.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import { StoreUnavailable } from '../../domain/secrets/unavailable.ts';
import type { Rotation, StoreEntry } from '../../ports/secret-store.ts';
import type { StoreResponse } from './client/request.ts';
import { type Json, objectIn, objectOf, reason, shown, textOf } from './content.ts';
import { crc32c } from './crc32c.ts';

interface Facts {
  /** `projects/…/versions/NUMBER`, also where an alias was asked for. */
  readonly name: unknown;
  readonly version: Json;
  readonly secret: Json;
  readonly now: Date;
}

/** What Secret Manager says about a version and its secret; what it did not say is left open. */
export function entryOf({ name, version, secret, now }: Facts): StoreEntry {
  const next = instant(objectOf(secret['rotation'])['nextRotationTime']);
  return {
    path: '',
    content: { kind: 'not read' },
    version: /\/versions\/(\d+)$/.exec(textOf(name) ?? '')?.[1],
    created: instant(version['createTime']),
    expires: instant(secret['expireTime']),
    notBefore: undefined,
    rotation: rotationOf(next, now),
    lease: undefined,
  };
}

/** Google only sends a message when the time comes: a time in the past means that nobody set the next one. */
function rotationOf(next: Date | undefined, now: Date): Rotation {
  if (next === undefined) return { state: 'none', next };
  return { state: next.getTime() < now.getTime() ? 'overdue' : 'scheduled', next };
}

/** The bytes of the value, or `undefined` where they are not those that the checksum was made of. */
export function checkedPayload(payload: unknown): Uint8Array | undefined {
  const { data = '', dataCrc32c } = objectOf(payload);
  if (typeof data !== 'string') return undefined;
  const bytes = Buffer.from(data, 'base64');
  return String(crc32c(bytes)) === dataCrc32c ? bytes : undefined;
}

export function corrupt(reference: Reference): StoreUnavailable {
  return new StoreUnavailable(
    'not trusted',
    `${shown(reference)} does not arrive as it is stored: its checksum differs.`,
    {
      hint: 'Run again. If it stays so, something between Secret Manager and the runner changes what it says.',
    },
  );
}

/** The failure behind an answer that is not a readable version. */
export function refused(reference: Reference, response: StoreResponse): Failure {
  const { error, state } = objectIn(response);
  const { status, message } = objectOf(error);
  const why = `status ${response.status}, ${reason(textOf(status))}`;
  const off = /\b(DISABLED|DESTROYED)\b/.exec(textOf(state) ?? textOf(message) ?? '')?.[1];
  if (off !== undefined)
    return new Failure('SECRET_MISSING', `The version of ${shown(reference)} is ${off.toLowerCase()}.`);
  if (response.status === 404)
    return new Failure('SECRET_MISSING', `${shown(reference)} is not in Secret Manager (${why}).`);
  if (response.status === 400) return new Failure('SECRET_MISSING', `${shown(reference)} cannot be read (${why}).`);
  return new Failure('STORE_DENIED', `Secret Manager refuses ${shown(reference)} (${why}).`);
}

function instant(text: unknown): Date | undefined {
  const date = new Date(textOf(text) ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
