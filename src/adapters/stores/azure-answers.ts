import { Failure } from '../../domain/failure.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import type { StoreEntry } from '../../ports/secret-store.ts';
import type { StoreResponse } from './client/request.ts';
import { dateOf, invalid, objectIn, objectOf, reason, shown, textOf } from './content.ts';

interface Version {
  readonly state: 'enabled' | 'disabled';
  readonly entry: StoreEntry;
}

/** What Key Vault says about a version of a secret. It hands values out before `nbf` and after `exp`: judging these is left to the caller. */
export function versionOf(bundle: unknown): Version {
  const { id, attributes } = objectOf(bundle);
  const { enabled, created, exp, nbf } = objectOf(attributes);
  const entry: StoreEntry = {
    path: '',
    content: { kind: 'not read' },
    version: /\/secrets\/[^/]+\/([0-9a-f]{32})$/i.exec(textOf(id) ?? '')?.[1],
    created: dateOf(created),
    expires: dateOf(exp),
    notBefore: dateOf(nbf),
    rotation: { state: 'none', next: undefined },
    lease: undefined,
  };
  return { state: enabled === false ? 'disabled' : 'enabled', entry };
}

/** The version that is named, or the newest one. @throws Failure `SECRET_MISSING` where there is none or it is disabled */
export function newest(reference: Reference, found: readonly Version[]): StoreEntry {
  const wanted = reference.version?.toLowerCase();
  const named = found.filter(({ entry }) => wanted === undefined || entry.version?.toLowerCase() === wanted);
  const age = ({ entry }: Version) => entry.created?.getTime() ?? 0;
  const [first] = named.toSorted((one, other) => age(other) - age(one));
  if (first === undefined) throw new Failure('SECRET_MISSING', `${shown(reference)} is not in the vault.`);
  if (first.state === 'disabled') throw disabled(reference);
  return first.entry;
}

/** The failure behind an answer that is not 200. */
export function refused(entra: { readonly tenant: string }, reference: Reference, response: StoreResponse): Failure {
  const { code, innererror } = objectOf(objectIn(response)['error']);
  const inner = textOf(objectOf(innererror)['code']);
  const why = `status ${response.status}, ${reason(inner ?? textOf(code))}`;
  if (inner === 'SecretDisabled') return disabled(reference);
  if (response.status === 404)
    return new Failure('SECRET_MISSING', `${shown(reference)} is not in the vault (${why}).`);
  if (response.status === 400) return invalid(reference, `is refused by the vault (${why})`);
  const hint = hintFor(inner) ?? otherTenant(entra.tenant, response.headers['www-authenticate']);
  return new Failure(
    'STORE_DENIED',
    `The vault refuses ${shown(reference)} (${why}).`,
    hint === undefined ? {} : { hint },
  );
}

function hintFor(inner: string | undefined): string | undefined {
  return inner === 'ForbiddenByFirewall'
    ? 'Let the address of the runner through the firewall of the vault.'
    : undefined;
}

/** A vault names in its challenge the tenant that it belongs to. It is told, and not followed: the token goes nowhere else. */
function otherTenant(tenant: string, challenge: string | undefined): string | undefined {
  const url = URL.parse(/authorization="([^"]*)"/.exec(challenge ?? '')?.[1] ?? '');
  const named = /^\/([0-9A-Za-z.-]{1,64})$/.exec(url?.pathname ?? '')?.[1];
  if (named === undefined || named.toLowerCase() === tenant.toLowerCase()) return undefined;
  return `The vault belongs to the tenant ${named}, and \`tenant\` of the store is ${tenant}.`;
}

function disabled(reference: Reference): Failure {
  return new Failure('SECRET_MISSING', `${shown(reference)} is disabled in the vault.`, {
    hint: 'Enable that version in the vault, or name another one.',
  });
}
