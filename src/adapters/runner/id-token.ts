import { Failure } from '../../domain/failure.ts';
import { requestedPause } from '../../domain/retry.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { Again } from '../retry.ts';
import { retry } from '../retry.ts';

export interface IdTokenRequest {
  /** The process's variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly mask: (secret: Secret) => void;
  readonly clock: Clock;
  readonly random: Random;
}

const policy = { first: 400, most: 2000, attempts: 4 } as const;
/** Milliseconds after which no further attempt is begun, however long GitHub asks us to wait. */
const patience = 30_000;

/**
 * Asks GitHub for an identity token of this job: one GET with the job's request token (docs.github.com, "OpenID Connect
 * reference").
 * Both tokens are masked before they are used; a refusal is not asked again.
 * @throws Failure `ID_TOKEN_UNAVAILABLE`
 */
export async function requestIdToken(request: IdTokenRequest, audience: string): Promise<Secret> {
  const { variables, mask, clock, random } = request;
  const url = URL.parse(variables['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  const bearer = new Secret('ACTIONS_ID_TOKEN_REQUEST_TOKEN', variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '');
  if (url === null || bearer.reveal() === '')
    throw new Failure('ID_TOKEN_UNAVAILABLE', 'The job may not ask GitHub for an identity token.');
  mask(bearer);
  url.searchParams.set('audience', audience);
  const deadline = new Date(clock.now().getTime() + patience);
  const again = (answer: TokenAnswer): Again => ('token' in answer ? 'no' : answer.again);
  const { result } = await retry({ policy, clock, random, again, deadline }, () => ask(url, bearer, clock));
  if (!('token' in result)) throw unavailable(result.why);
  mask(result.token);
  return result.token;
}

type TokenAnswer = { readonly token: Secret } | { readonly why: string; readonly again: Again };

async function ask(url: URL, bearer: Secret, clock: Clock): Promise<TokenAnswer> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${bearer.reveal()}`, accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(5000),
    });
    const text = await response.text();
    return response.ok ? readToken(text) : { why: `status ${response.status}`, again: againAfter(response, clock) };
  } catch (cause) {
    return { why: cause instanceof DOMException ? 'no answer within 5 s' : 'the request failed', again: 'yes' };
  }
}

/** No part of the body may get into an error: it can contain the token. */
function readToken(body: string): TokenAnswer {
  const token = /"value"\s*:\s*"([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)"/.exec(body)?.[1];
  return token === undefined
    ? { why: 'its answer contains none', again: 'yes' }
    : { token: new Secret('identity token', token) };
}

function againAfter({ status, headers }: Response, clock: Clock): Again {
  if (status < 500 && status !== 429) return 'no';
  const after = requestedPause(headers.get('retry-after'), clock.now());
  return after === undefined ? 'yes' : { after };
}

function unavailable(why: string): Failure {
  const refused = /^status 4/.test(why);
  return new Failure('ID_TOKEN_UNAVAILABLE', `GitHub gave no identity token: ${why}.`, {
    ...(refused ? {} : { hint: 'Run the job again; look at githubstatus.com if it happens again.' }),
  });
}
