import type { Reference } from '../../../domain/secrets/reference.ts';
import type { StoreAnswer, StoreEntry, StoreLimits } from '../../../ports/secret-store.ts';
import { unread, versionFacts } from './entry.ts';
import { objectAt, textsOf } from './json.ts';
import { type Aspect, apiPath, refusalOf, requestFor } from './kv.ts';
import { answerAll, type Store } from './lookup.ts';
import { judged, type Refusal, type Spot } from './refusals.ts';

/**
 * Whether each may be read, by `sys/capabilities-self`, and whether it is there, by its metadata, its subkeys or the names beside it:
 * as far as the policies let us see one of them. No value is read, and no dynamic secret is made.
 */
export function checkAll(
  store: Store,
  references: readonly Reference[],
  limits: StoreLimits,
): Promise<readonly StoreAnswer[]> {
  return answerAll(store, references, { limits, entryAt: (spot, within) => checkAt(store, spot, within) });
}

type Allowed = (aspect: Aspect, capability: 'read' | 'list') => boolean;

async function checkAt(store: Store, spot: Spot, limits: StoreLimits): Promise<StoreEntry | Refusal> {
  const allowed = await capabilities(store, spot, limits);
  if (allowed === undefined) return { kind: 'capabilities unknown' };
  if (!allowed('value', 'read')) return { kind: 'denied', capability: 'read', path: apiPath(spot, 'value') };
  switch (spot.mount.kind) {
    case 'kv2':
      return await checkVersion(store, spot, { limits, allowed });
    case 'kv1':
      return allowed('names beside', 'list') ? await checkName(store, spot, limits) : unread;
    case 'other':
      return unread;
  }
}

async function capabilities({ session }: Store, spot: Spot, limits: StoreLimits): Promise<Allowed | undefined> {
  const aspects: readonly Aspect[] = ['value', 'metadata', 'subkeys', 'names beside'];
  const paths = [...new Set(aspects.map((aspect) => apiPath(spot, aspect)))];
  const answer = await session.ask({ verb: 'write', path: 'sys/capabilities-self', body: { paths } }, limits);
  if (answer.kind === 'refused') return undefined;
  return (aspect, capability) => {
    const given = textsOf(objectAt(answer.body, 'data')[apiPath(spot, aspect)]);
    return given.includes(capability) || given.includes('root');
  };
}

interface Check {
  readonly limits: StoreLimits;
  readonly allowed: Allowed;
}

async function checkVersion({ session }: Store, spot: Spot, { limits, allowed }: Check): Promise<StoreEntry | Refusal> {
  const now = () => session.ports.clock.now();
  if (allowed('metadata', 'read')) {
    const answer = await session.ask(requestFor(spot, 'metadata'), limits);
    if (answer.kind === 'refused') return await refusalOf(session, spot, answer, limits);
    const metadata = objectAt(answer.body, 'data');
    const version = spot.place.version ?? metadata['current_version'];
    const facts = { ...objectAt(metadata, 'versions', String(version)), version };
    const { custom_metadata } = metadata;
    return judged(metadata, spot.place.version, now()) ?? versionFacts({ ...facts, custom_metadata }, now());
  }
  if (!allowed('subkeys', 'read')) return unread;
  const answer = await session.ask(requestFor(spot, 'subkeys'), limits);
  if (answer.kind === 'refused') return await refusalOf(session, spot, answer, limits);
  return versionFacts(objectAt(answer.body, 'data', 'metadata'), now());
}

async function checkName({ session }: Store, spot: Spot, limits: StoreLimits): Promise<StoreEntry | Refusal> {
  const answer = await session.ask(requestFor(spot, 'names beside'), limits);
  const names = answer.kind === 'ok' ? textsOf(objectAt(answer.body, 'data')['keys']) : [];
  return names.includes(spot.place.segments.at(-1) ?? '') ? unread : { kind: 'missing' };
}
