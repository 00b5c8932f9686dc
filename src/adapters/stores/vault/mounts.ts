import type { StoreLimits } from '../../../ports/secret-store.ts';
import { notVault, type Refused } from './api.ts';
import { objectAt, textOf } from './json.ts';
import { encoded } from './place.ts';
import type { Session } from './session.ts';

/** A secrets engine and where it is mounted. */
export interface Mount {
  readonly segments: readonly string[];
  /** `other`: an engine that is no key-value store, or one that a Vault too old to say so has. */
  readonly kind: 'kv1' | 'kv2' | 'other';
}

export interface Mounts {
  /** The mount that a path belongs to, found as the vault CLI finds it (`kvPreflightVersionRequest`); asked once a mount. */
  of(segments: readonly string[], limits: StoreLimits): Promise<Mount | Refused>;
}

export function openMounts(session: Session): Mounts {
  const found: Mount[] = [];
  // Paths with the same first segment wait for each other, since the first answer is often good for the others.
  const before = new Map<string, Promise<unknown>>();
  const known = (segments: readonly string[]) => found.find((mount) => startsWith(segments, mount.segments));
  const find = async (segments: readonly string[], limits: StoreLimits): Promise<Mount | Refused> => {
    const mount = known(segments) ?? (await askMount(session, segments, limits));
    if (mount.kind !== 'refused' && !found.includes(mount)) found.push(mount);
    return mount;
  };
  return {
    of: (segments, limits) => {
      const [first = ''] = segments;
      const result = (before.get(first) ?? Promise.resolve()).then(() => find(segments, limits));
      before.set(
        first,
        result.catch(() => undefined),
      );
      return result;
    },
  };
}

async function askMount(session: Session, segments: readonly string[], limits: StoreLimits): Promise<Mount | Refused> {
  const path = `sys/internal/ui/mounts/${encoded(segments)}`;
  const answer = await session.ask({ verb: 'read', path }, limits);
  // A Vault before 0.10 has no such path, and no second version of KV.
  if (answer.kind === 'refused')
    return answer.status === 404 ? { segments: segments.slice(0, 1), kind: 'other' } : answer;
  const { type, path: mounted } = objectAt(answer.body, 'data');
  const place = (textOf(mounted) ?? `${segments[0]}`).replace(/\/$/, '').split('/');
  if (!startsWith(segments, place)) throw notVault(session.ports.store);
  if (type !== 'kv' && type !== 'generic') return { segments: place, kind: 'other' };
  return { segments: place, kind: objectAt(answer.body, 'data', 'options')['version'] === '2' ? 'kv2' : 'kv1' };
}

function startsWith(segments: readonly string[], start: readonly string[]): boolean {
  return start.every((segment, index) => segments[index] === segment);
}
