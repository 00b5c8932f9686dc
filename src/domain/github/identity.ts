import { Failure } from '../failure.ts';

/** What GitHub says about this job in a verified token. See docs.github.com, "OpenID Connect reference". */
export interface Claims {
  readonly repository: string;
  readonly repositoryId: string;
  readonly runId: string;
  readonly attempt: string;
  /** The environment of the job; `undefined`: it has none. */
  readonly environment: string | undefined;
  /** The id of the job's check run, which is the id of the job. */
  readonly checkRun: string | undefined;
  readonly event: string;
  readonly actor: string;
  readonly ref: string;
  readonly sha: string;
  readonly workflowRef: string;
  readonly workflowSha: string;
  readonly tokenId: string;
}

/** What the runner says about this job. */
export interface ClaimedJob {
  readonly repository: string;
  readonly runId: string;
  readonly attempt: number;
}

/**
 * The issuer of identity tokens for a GitHub server: github.com, a data-residency tenant (`SUB.ghe.com`), or GitHub
 * Enterprise Server.
 * Plain http only on loopback, where tests have their own GitHub.
 * @throws Failure `ID_TOKEN_INVALID`
 */
export function issuerOf(serverUrl: string): string {
  const server = URL.parse(serverUrl);
  const loopback = server?.hostname === '127.0.0.1' || server?.hostname === 'localhost';
  if (server === null || (server.protocol !== 'https:' && !(server.protocol === 'http:' && loopback))) {
    throw new Failure(
      'ID_TOKEN_INVALID',
      'The server URL of GitHub is not an https address, so no issuer of identity tokens is known.',
    );
  }
  if (server.hostname === 'github.com') return 'https://token.actions.githubusercontent.com';
  if (server.hostname.endsWith('.ghe.com')) return `https://token.actions.${server.hostname}`;
  return `${server.origin}/_services/token`;
}

/** Whether `issuer` belongs to the GitHub at `serverUrl`: its own issuer, or that of an enterprise on it (`…/SLUG`). */
export function acceptsIssuer(serverUrl: string, issuer: string): boolean {
  const own = issuerOf(serverUrl);
  return (
    issuer === own || (issuer.startsWith(`${own}/`) && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(issuer.slice(own.length + 1)))
  );
}

/** The claims of a verified payload. @throws Failure `ID_TOKEN_INVALID` naming the claim that is missing */
export function readClaims(payload: Readonly<Record<string, unknown>>): Claims {
  return {
    repository: needed(payload, 'repository'),
    repositoryId: needed(payload, 'repository_id'),
    runId: needed(payload, 'run_id'),
    attempt: needed(payload, 'run_attempt'),
    environment: optional(payload, 'environment'),
    checkRun: optional(payload, 'check_run_id'),
    event: optional(payload, 'event_name') ?? '',
    actor: optional(payload, 'actor') ?? '',
    ref: optional(payload, 'ref') ?? '',
    sha: optional(payload, 'sha') ?? '',
    workflowRef: optional(payload, 'workflow_ref') ?? '',
    workflowSha: optional(payload, 'workflow_sha') ?? '',
    tokenId: optional(payload, 'jti') ?? '',
  };
}

/**
 * Why the token does not belong to this job in the environment of the stage; `undefined`: it does.
 * Names are compared without case, as GitHub does.
 */
export function strangeClaims(claims: Claims, job: ClaimedJob, environment: string): Failure | undefined {
  const strange = [
    ...(same(claims.repository, job.repository) ? [] : ['repository']),
    ...(claims.runId === job.runId ? [] : ['run']),
    ...(claims.attempt === String(job.attempt) ? [] : ['attempt']),
  ];
  if (strange.length > 0)
    return new Failure('ID_TOKEN_INVALID', `The identity token belongs to another job: ${strange.join(', ')} differ.`);
  if (claims.environment !== undefined && same(claims.environment, environment)) return undefined;
  const found = claims.environment === undefined ? 'in no environment' : `in the environment \`${claims.environment}\``;
  return new Failure(
    'WRONG_ENVIRONMENT',
    `The stage belongs to the environment \`${environment}\`, but the job runs ${found}.`,
    {
      hint: `Put \`environment: ${environment}\` on the job.`,
    },
  );
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function needed(payload: Readonly<Record<string, unknown>>, name: string): string {
  const value = optional(payload, name);
  if (value === undefined) throw new Failure('ID_TOKEN_INVALID', `The identity token has no claim \`${name}\`.`);
  return value;
}

function optional(payload: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = payload[name];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' && value.length <= 1000 ? value : undefined;
}
