import { Failure } from '../../../domain/failure.ts';
import type { Reference } from '../../../domain/secrets/reference.ts';

/** Where a reference leads in Vault: mount and path as the vault CLI writes them, without `data/`. */
export interface Place {
  readonly segments: readonly string[];
  /** The path as one text, for people. */
  readonly path: string;
  /** `all below`: the locator ended in `/**`. */
  readonly reach: 'one' | 'all below';
  readonly version: number | undefined;
}

/** @returns the failure `REFERENCE_INVALID` where the locator is no path of Vault */
export function placeOf(reference: Reference): Place | Failure {
  const { locator, version } = reference;
  const all = locator.endsWith('/**');
  const path = (all ? locator.slice(0, -3) : locator).replace(/^\/+/, '');
  const segments = path.split('/');
  const problem = problemOf(reference, { path, segments, reach: all ? 'all below' : 'one' });
  if (problem !== undefined) return invalid(reference, problem);
  return {
    segments,
    path,
    reach: all ? 'all below' : 'one',
    version: version === undefined ? undefined : Number(version),
  };
}

type Written = Pick<Place, 'segments' | 'path' | 'reach'>;

function problemOf({ version, stage }: Reference, { path, segments, reach }: Written): string | undefined {
  if (path === '' || segments.includes('')) return 'is not a path like `mount/path`';
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'has a segment `.` or `..`';
  if (segments.some((segment) => segment.includes('*')))
    return 'has a `*` before its end; only `/**` at the end is one';
  if (/[\x00-\x1f\x7f]/.test(path)) return 'has a control character';
  if (segments.length < 2 && reach === 'one') return 'names a mount and no path in it';
  if (stage !== undefined) return 'asks for a stage; Vault has versions only';
  if (version !== undefined && reach === 'all below') return 'asks for one version of many secrets';
  if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version)) return `asks for the version ${version}, not a number`;
  return undefined;
}

export function invalid({ store, locator }: Reference, problem: string): Failure {
  return new Failure('REFERENCE_INVALID', `${store}://${locator} ${problem}.`);
}

/** For a request's path: each segment percent-encoded, so that none of it is taken for a query, a fragment or another path. */
export function encoded(segments: readonly string[]): string {
  return segments.map(encodeURIComponent).join('/');
}
