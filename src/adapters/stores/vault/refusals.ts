import { Failure } from '../../../domain/failure.ts';
import { type Json, objectAt } from './json.ts';
import type { Mount } from './mounts.ts';
import type { Place } from './place.ts';
import { timeOf } from './times.ts';

/** A place and the engine that serves it. */
export interface Spot {
  readonly store: string;
  readonly place: Place;
  readonly mount: Mount;
}

/** Why there is no value at a spot. */
export type Refusal =
  | { readonly kind: 'missing' }
  | { readonly kind: 'no such version'; readonly newest: number | undefined }
  | { readonly kind: 'deleted'; readonly version: number | undefined; readonly at: Date }
  | { readonly kind: 'destroyed'; readonly version: number | undefined }
  /** `capability` on `path` is what a policy has to give. */
  | { readonly kind: 'denied'; readonly capability: 'read' | 'list'; readonly path: string }
  /** The policies do not let this job ask what they let it do. */
  | { readonly kind: 'capabilities unknown' }
  | { readonly kind: 'not readable'; readonly status: number };

/** What the metadata of a version of KV 2 say against it; a deletion may lie ahead of us. */
export function withdrawn(metadata: Json, version: number | undefined): Refusal | undefined {
  if (metadata['destroyed'] === true) return { kind: 'destroyed', version };
  const at = timeOf(metadata['deletion_time']);
  return at === undefined ? undefined : { kind: 'deleted', version, at };
}

/** Judges a version by the metadata of all: the one that is asked for, or the newest. */
export function judged(metadata: Json, asked: number | undefined, now: Date): Refusal | undefined {
  const newest = Number(metadata['current_version']) || undefined;
  const version = asked ?? newest;
  const versions = objectAt(metadata, 'versions');
  if (version === undefined) return { kind: 'missing' };
  if (!Object.hasOwn(versions, String(version))) return { kind: 'no such version', newest };
  const refusal = withdrawn(objectAt(versions, String(version)), version);
  return refusal?.kind === 'deleted' && refusal.at.getTime() > now.getTime() ? undefined : refusal;
}

/** One sentence each: who reads it knows which of them it is, and what to do. */
export function failureOf(spot: Spot, refusal: Refusal): Failure {
  const what = `${spot.place.path} of the store ${spot.store}`;
  switch (refusal.kind) {
    case 'missing':
      return new Failure('SECRET_MISSING', `There is nothing at ${what}.`, missingHint(spot));
    case 'no such version':
      return new Failure('SECRET_MISSING', `There is no version ${spot.place.version} of ${what}${newestOf(refusal)}.`);
    case 'deleted':
      return new Failure('SECRET_MISSING', `${versionOf(refusal)}${what} was deleted at ${refusal.at.toISOString()}.`, {
        hint: 'Write a new version, or bring it back with `vault kv undelete`.',
      });
    case 'destroyed':
      return new Failure('SECRET_MISSING', `${versionOf(refusal)}${what} was destroyed.`, {
        hint: 'Nothing brings a destroyed version back: write a new one, or ask for another one.',
      });
    case 'denied':
      return new Failure('STORE_DENIED', `The policies of this job do not let it ${refusal.capability} ${what}.`, {
        hint: `Add to a policy of the role: path "${refusal.path}" { capabilities = ["${refusal.capability}"] }`,
      });
    case 'capabilities unknown':
      return new Failure(
        'STORE_DENIED',
        `The store ${spot.store} does not say whether this job may read ${spot.place.path}.`,
        {
          hint: 'Let the role use `sys/capabilities-self`, as the policy `default` does; nothing can be checked without it.',
        },
      );
    case 'not readable':
      return new Failure('SECRET_MISSING', `${what} cannot be read: the store answers with status ${refusal.status}.`);
  }
}

function versionOf({ version }: { readonly version: number | undefined }): string {
  return version === undefined ? '' : `Version ${version} of `;
}

function newestOf({ newest }: { readonly newest: number | undefined }): string {
  return newest === undefined ? '' : `; the newest is ${newest}`;
}

/** The most frequent slip: the path of the API instead of that of the CLI. */
function missingHint({ mount, place }: Spot): { readonly hint?: string } {
  const [first, ...rest] = place.segments.slice(mount.segments.length);
  if (mount.kind !== 'kv2' || first !== 'data') return {};
  return { hint: `Write the path as the vault CLI does, without \`data/\`: ${[...mount.segments, ...rest].join('/')}` };
}
