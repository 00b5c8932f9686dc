import type { StoreLimits } from '../../../ports/secret-store.ts';
import type { Refused, VaultRequest } from './api.ts';
import { objectAt } from './json.ts';
import { encoded } from './place.ts';
import { judged, type Refusal, type Spot, withdrawn } from './refusals.ts';
import type { Session } from './session.ts';

/** What is asked for at a spot: KV 2 keeps values, metadata and the names of fields at paths of their own. */
export type Aspect = 'value' | 'metadata' | 'subkeys' | 'names below' | 'names beside';

/** The path of the API, without percent-encoding: as a policy names it. */
export function apiPath({ mount, place }: Spot, aspect: Aspect): string {
  return segmentsOf({ mount, place }, aspect).join('/');
}

export function requestFor(spot: Spot, aspect: Aspect): VaultRequest {
  const path = encoded(segmentsOf(spot, aspect));
  if (aspect === 'names below' || aspect === 'names beside') return { verb: 'list', path };
  const { version } = spot.place;
  const query = version === undefined || aspect === 'metadata' ? '' : `?version=${version}`;
  return { verb: 'read', path: `${path}${query}` };
}

function segmentsOf({ mount, place }: Pick<Spot, 'mount' | 'place'>, aspect: Aspect): readonly string[] {
  const rest = place.segments.slice(mount.segments.length);
  const folder = aspect === 'names beside' ? rest.slice(0, -1) : rest;
  const lists = aspect === 'names below' || aspect === 'names beside';
  const room = { value: 'data', metadata: 'metadata', subkeys: 'subkeys' }[lists ? 'metadata' : aspect];
  return [...mount.segments, ...(mount.kind === 'kv2' ? [room] : []), ...folder, ...(lists ? [''] : [])];
}

/** Why a read was refused. Only the metadata tell a version that is not there from a path that is not. */
export async function refusalOf(session: Session, spot: Spot, refused: Refused, limits: StoreLimits): Promise<Refusal> {
  const { mount, place } = spot;
  if (refused.status === 403) return { kind: 'denied', capability: 'read', path: apiPath(spot, 'value') };
  if (refused.status !== 404) return { kind: 'not readable', status: refused.status };
  if (mount.kind !== 'kv2') return { kind: 'missing' };
  const metadata = objectAt(refused.body, 'data', 'metadata');
  const version = typeof metadata['version'] === 'number' ? metadata['version'] : place.version;
  const gone = withdrawn(metadata, version);
  if (gone !== undefined) return gone;
  if (place.version === undefined) return { kind: 'missing' };
  const answer = await session.ask(requestFor(spot, 'metadata'), limits);
  const now = session.ports.clock.now();
  if (answer.kind === 'ok') return judged(objectAt(answer.body, 'data'), place.version, now) ?? { kind: 'missing' };
  return answer.status === 404 ? { kind: 'missing' } : { kind: 'no such version', newest: undefined };
}
