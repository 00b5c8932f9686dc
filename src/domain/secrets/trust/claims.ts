import { plain } from '../../text/escape.ts';

/** What GitHub says about a job, as far as stores decide by it. See docs.github.com, "OpenID Connect reference". */
export interface TrustClaims {
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
  /** OWNER/NAME. */
  readonly repository: string;
  readonly repositoryId: string;
  readonly ownerId: string;
  readonly environment: string | undefined;
  readonly ref: string;
}

const shownClaims = [
  ...['iss', 'aud', 'sub', 'repository', 'repository_id', 'repository_owner', 'repository_owner_id', 'environment'],
  ...['ref', 'ref_type', 'event_name', 'workflow_ref', 'job_workflow_ref', 'runner_environment', 'iat', 'exp'],
];

/** The claims of a payload that was not verified by us: it is what the store was shown. */
export function readTrustClaims(payload: Readonly<Record<string, unknown>>): TrustClaims {
  const text = (name: string): string => shown(payload[name]) ?? '';
  return {
    issuer: text('iss'),
    audience: text('aud'),
    subject: text('sub'),
    repository: text('repository'),
    repositoryId: text('repository_id'),
    ownerId: text('repository_owner_id'),
    environment: shown(payload['environment']),
    ref: text('ref'),
  };
}

/** `name: value` of every claim that a store may look at. None of them is secret. */
export function claimLines(payload: Readonly<Record<string, unknown>>): readonly string[] {
  return shownClaims.flatMap((name) => {
    const value = shown(payload[name]);
    return value === undefined ? [] : [`${name}: ${value}`];
  });
}

/** The subject that was sent, and what it is in the other form. */
export interface Subjects {
  readonly sent: string;
  /** With ids, where the one that was sent has none: GitHub may change to it. */
  readonly immutable: string | undefined;
  /** Without ids, where the one that was sent has them. Whoever takes over the repository's name would have it, too. */
  readonly named: string | undefined;
}

/**
 * GitHub writes `repo:OWNER/NAME:…`, and `repo:OWNER@ID/NAME@ID:…` for repositories that were made, renamed or transferred
 * after 15 July 2026 or opted in. A subject that an organisation made up has one form only.
 */
export function subjects({ repository, repositoryId, ownerId, subject }: TrustClaims): Subjects {
  const [owner = '', name = ''] = repository.split('/');
  const context = subject.slice(subject.indexOf(':', 'repo:'.length));
  const named = `repo:${repository}${context}`;
  const immutable = `repo:${owner}@${ownerId}/${name}@${repositoryId}${context}`;
  const complete = ownerId !== '' && repositoryId !== '';
  return {
    sent: subject,
    immutable: subject === named && complete ? immutable : undefined,
    named: subject === immutable ? named : undefined,
  };
}

/** Why the subject without ids is not among what is accepted. */
export function namedNote({ named }: Subjects): readonly string[] {
  return named === undefined
    ? []
    : [`# Without ids the subject was ${named}. Take it out: whoever takes over the name would be let in.`];
}

/** What a job is bound to besides its repository: its environment, or its branch where it has none. */
export function boundTo({ environment, ref }: TrustClaims): {
  readonly claim: 'environment' | 'ref';
  readonly value: string;
} {
  return environment === undefined ? { claim: 'ref', value: ref } : { claim: 'environment', value: environment };
}

function shown(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? plain(value, 500) : undefined;
}
