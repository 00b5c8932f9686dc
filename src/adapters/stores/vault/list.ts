import { Failure } from '../../../domain/failure.ts';
import type { StoreLimits } from '../../../ports/secret-store.ts';
import { objectAt, textsOf } from './json.ts';
import { apiPath, requestFor } from './kv.ts';
import type { Place } from './place.ts';
import { failureOf, type Spot } from './refusals.ts';
import type { Session } from './session.ts';

/** Secrets that one `/**` may name, and folders that it may lead through. */
const most = 100;

/** The places of all secrets below a folder of a key-value store, folder by folder. */
export async function placesBelow(
  session: Session,
  spot: Spot,
  limits: StoreLimits,
): Promise<readonly Place[] | Failure> {
  const places: Place[] = [];
  const folders = [spot.place];
  for (const folder of folders) {
    const names = await namesIn(session, { ...spot, place: folder }, limits);
    if (names instanceof Failure) return names;
    for (const name of names) {
      if (name.endsWith('/')) folders.push(below(folder, name.slice(0, -1)));
      else places.push({ ...below(folder, name), reach: 'one' });
    }
    if (places.length > most || folders.length > most + 1) return tooMany(spot);
  }
  return places;
}

async function namesIn(session: Session, spot: Spot, limits: StoreLimits): Promise<readonly string[] | Failure> {
  const answer = await session.ask(requestFor(spot, 'names below'), limits);
  if (answer.kind === 'ok') return textsOf(objectAt(answer.body, 'data')['keys']).filter(isName);
  if (answer.status === 404) return [];
  if (answer.status === 403)
    return failureOf(spot, { kind: 'denied', capability: 'list', path: apiPath(spot, 'names below') });
  return failureOf(spot, { kind: 'not readable', status: answer.status });
}

/** A name that is `.` or `..`, or holds a slash elsewhere than at its end, would lead out of the folder. */
function isName(key: string): boolean {
  return /^[^/]+\/?$/.test(key) && !/^\.{1,2}\/?$/.test(key);
}

function below(folder: Place, name: string): Place {
  return { ...folder, segments: [...folder.segments, name], path: `${folder.path}/${name}` };
}

function tooMany({ store, place }: Spot): Failure {
  return new Failure('REFERENCE_INVALID', `${store}://${place.path}/** names more than ${most} secrets.`, {
    hint: 'Name a folder further down, or the secrets one by one.',
  });
}
