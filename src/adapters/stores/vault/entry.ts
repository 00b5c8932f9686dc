import { Secret } from '../../../domain/secrets/secret.ts';
import type { Rotation, StoreContent, StoreEntry } from '../../../ports/secret-store.ts';
import { isObject, type Json, objectAt } from './json.ts';
import { leaseOf } from './leases.ts';
import type { Spot } from './refusals.ts';
import { secondsAfter, timeOf } from './times.ts';

const unrotated: Rotation = { state: 'none', next: undefined };

/** What is known of a secret that was not read. */
export const unread: StoreEntry = {
  path: '',
  content: { kind: 'not read' },
  version: undefined,
  created: undefined,
  expires: undefined,
  notBefore: undefined,
  rotation: unrotated,
  lease: undefined,
};

/** The entry that an answer with a value makes; `undefined` where it holds no fields. */
export function entryOf(spot: Spot, body: Json, now: Date): StoreEntry | undefined {
  const data = spot.mount.kind === 'kv2' ? objectAt(body, 'data')['data'] : body['data'];
  if (!isObject(data)) return undefined;
  if (spot.mount.kind === 'kv2')
    return { ...versionFacts(objectAt(body, 'data', 'metadata'), now), content: fields(spot, data) };
  const lease = leaseOf(body, spot.place.path, now);
  if (lease !== undefined) return { ...unread, content: fields(spot, data), created: now, expires: lease.ends, lease };
  if (spot.mount.kind === 'other' && 'last_vault_rotation' in data) return staticCredentials(spot, data, now);
  return { ...unread, content: fields(spot, data) };
}

/** Facts of one version of KV 2. `rotate_after` in the custom metadata is when the owner means to write the next one. */
export function versionFacts(metadata: Json, now: Date): StoreEntry {
  const next = timeOf(objectAt(metadata, 'custom_metadata')['rotate_after']);
  const version = metadata['version'];
  return {
    ...unread,
    version: typeof version === 'number' ? String(version) : undefined,
    created: timeOf(metadata['created_time']),
    expires: timeOf(metadata['deletion_time']),
    rotation: next === undefined ? unrotated : scheduled(next, now),
  };
}

/** Vault changes the password of a database user by itself: https://developer.hashicorp.com/vault/api-docs/secret/databases#get-static-credentials */
function staticCredentials(spot: Spot, data: Json, now: Date): StoreEntry {
  const { last_vault_rotation: last, rotation_period, rotation_schedule, rotation_window, ttl, ...credentials } = data;
  const next = secondsAfter(now, ttl);
  return {
    ...unread,
    content: fields(spot, credentials),
    created: timeOf(last),
    expires: next,
    rotation: next === undefined ? unrotated : scheduled(next, now),
  };
}

function scheduled(next: Date, now: Date): Rotation {
  return { state: next.getTime() <= now.getTime() ? 'overdue' : 'scheduled', next };
}

/** Texts as they are, everything else as its JSON. */
function fields({ store, place }: Spot, data: Json): StoreContent {
  const secret = (field: string, value: unknown) =>
    new Secret(`${store}://${place.path}#${field}`, typeof value === 'string' ? value : JSON.stringify(value));
  return { kind: 'fields', fields: new Map(Object.entries(data).map(([name, value]) => [name, secret(name, value)])) };
}
