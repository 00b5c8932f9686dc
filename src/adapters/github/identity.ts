import { createLocalJWKSet, decodeJwt, errors, jwtVerify } from 'jose';
import { Failure } from '../../domain/failure.ts';
import type { Claims } from '../../domain/github/identity.ts';
import { acceptsIssuer, readClaims, strangeClaims } from '../../domain/github/identity.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { Runner } from '../../ports/runner.ts';
import { retry } from '../retry.ts';

export interface IdentityPorts {
  readonly runner: Pick<Runner, 'job' | 'idToken'>;
  readonly clock: Clock;
  readonly random: Random;
  /** The process's variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly fetch?: typeof fetch;
}

/** Seconds that the clocks of GitHub and the runner may differ. */
const skew = 60;

/**
 * Verifies that this very job runs in `environment`: requests a token with an audience of its own, verifies it against
 * GitHub's keys, compares it with the job.
 * @throws Failure `ID_TOKEN_UNAVAILABLE`, `ID_TOKEN_INVALID`, `WRONG_ENVIRONMENT`
 */
export async function proveIdentity(ports: IdentityPorts, environment: string): Promise<Claims> {
  const { job } = ports.runner;
  if (ports.variables['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    throw new Failure(
      'ID_TOKEN_INVALID',
      'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the verification of certificates off, so nothing can be proved.',
      {
        hint: 'Remove NODE_TLS_REJECT_UNAUTHORIZED from the environment of the job; name own authorities in NODE_EXTRA_CA_CERTS.',
      },
    );
  }
  const audience = `slipway:${job.repository}:${job.runId}:${job.attempt}:${ports.random.hex(32)}`;
  const claims = readClaims(await verify(ports, await ports.runner.idToken(audience), audience));
  const strange = strangeClaims(claims, job, environment);
  if (strange !== undefined) throw strange;
  return claims;
}

async function verify(
  ports: IdentityPorts,
  token: Secret,
  audience: string,
): Promise<Readonly<Record<string, unknown>>> {
  const issuer = claimedIssuer(token);
  if (!acceptsIssuer(ports.runner.job.serverUrl, issuer))
    throw new Failure(
      'ID_TOKEN_INVALID',
      'The identity token comes from an issuer that does not belong to this GitHub server.',
    );
  const keys = await readKeys(ports, issuer);
  const options = {
    issuer,
    audience,
    algorithms: ['RS256'],
    clockTolerance: skew,
    requiredClaims: ['exp', 'iat', 'nbf', 'jti'],
    currentDate: ports.clock.now(),
  };
  try {
    return (await jwtVerify(token.reveal(), keys, options)).payload;
  } catch (cause) {
    throw invalid(cause);
  }
}

/** Chooses among the accepted issuers; nothing in the token is trusted before its signature is verified. */
function claimedIssuer(token: Secret): string {
  try {
    return decodeJwt(token.reveal()).iss ?? '';
  } catch (cause) {
    throw invalid(cause);
  }
}

/** The errors of jose name the claim or the check that failed, never the token. */
function invalid(cause: unknown): Failure {
  return new Failure(
    'ID_TOKEN_INVALID',
    `The identity token does not verify (${cause instanceof errors.JOSEError ? cause.message : 'it is no token'}).`,
    {
      cause,
    },
  );
}

/** OpenID Connect Discovery 1.0, §4. The keys must come from the issuer's own origin. */
async function readKeys(ports: IdentityPorts, issuer: string): Promise<ReturnType<typeof createLocalJWKSet>> {
  const discovery = await readJson(ports, `${issuer}/.well-known/openid-configuration`);
  const place = URL.parse(String(discovery['jwks_uri'] ?? ''));
  if (discovery['issuer'] !== issuer || place?.origin !== new URL(issuer).origin) {
    throw new Failure(
      'ID_TOKEN_INVALID',
      'The issuer of identity tokens describes another one, or keys of another origin.',
    );
  }
  const keys = await readJson(ports, place.href);
  try {
    return createLocalJWKSet({ keys: keys['keys'] as [] });
  } catch (cause) {
    throw new Failure('ID_TOKEN_INVALID', 'The issuer of identity tokens serves no set of keys.', { cause });
  }
}

type Read = { readonly json: Readonly<Record<string, unknown>> } | { readonly cause: unknown };

/** Tried three times, 5 s each; no redirects. */
async function readJson(ports: IdentityPorts, url: string): Promise<Readonly<Record<string, unknown>>> {
  const { result } = await retry<Read>(
    {
      policy: { first: 400, most: 1000, attempts: 3 },
      clock: ports.clock,
      random: ports.random,
      again: (read) => ('json' in read ? 'no' : 'yes'),
    },
    () => readOnce(ports.fetch ?? fetch, url),
  );
  if ('json' in result) return result.json;
  throw unreadable(url, result.cause);
}

async function readOnce(fetchFrom: typeof fetch, url: string): Promise<Read> {
  try {
    const response = await fetchFrom(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(5000),
      headers: { accept: 'application/json' },
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null) throw new Error('not a JSON object');
    return { json: body as Readonly<Record<string, unknown>> };
  } catch (cause) {
    return { cause };
  }
}

function unreadable(url: string, cause: unknown): Failure {
  return new Failure(
    'ID_TOKEN_INVALID',
    `The keys of GitHub's identity tokens cannot be read from ${new URL(url).host}.`,
    {
      hint: 'Let the runner reach that host by https, then run the job again.',
      cause,
    },
  );
}
