import { setTimeout } from 'node:timers/promises';
import { Failure } from '../../domain/failure.ts';

export interface IdTokenRequest {
  /** The process's variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Hides a value in every later line of the log. */
  readonly mask: (value: string) => void;
}

/**
 * Asks GitHub for an identity token of this job: one GET with the job's request token (docs.github.com, "OpenID Connect reference").
 * Tried four times; a refusal is not asked again. Both tokens are masked before they are used.
 * @throws Failure `ID_TOKEN_UNAVAILABLE`
 */
export async function requestIdToken({ variables, mask }: IdTokenRequest, audience: string): Promise<string> {
  const url = URL.parse(variables['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  const bearer = variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '';
  if (url === null || bearer === '')
    throw new Failure('ID_TOKEN_UNAVAILABLE', 'The job may not ask GitHub for an identity token.');
  mask(bearer);
  url.searchParams.set('audience', audience);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask(url, bearer);
    if ('token' in answer) {
      mask(answer.token);
      return answer.token;
    }
    if (answer.again === 'no' || attempt === 4)
      throw new Failure(
        'ID_TOKEN_UNAVAILABLE',
        `GitHub gave no identity token: ${answer.why}.`,
        unavailableHint(answer.why),
      );
    await setTimeout(2 ** attempt * 100 * (0.5 + Math.random()));
  }
}

type TokenAnswer = { readonly token: string } | { readonly why: string; readonly again: 'yes' | 'no' };

async function ask(url: URL, bearer: string): Promise<TokenAnswer> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(5000),
    });
    const text = await response.text();
    if (!response.ok)
      return {
        why: `status ${response.status}`,
        again: response.status >= 500 || response.status === 429 ? 'yes' : 'no',
      };
    return readToken(text);
  } catch (cause) {
    return { why: cause instanceof DOMException ? 'no answer within 5 s' : 'the request failed', again: 'yes' };
  }
}

/** Nothing of the body may get into an error: it can hold the token. */
function readToken(body: string): TokenAnswer {
  const token = /"value"\s*:\s*"([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)"/.exec(body)?.[1];
  return token === undefined ? { why: 'its answer holds none', again: 'yes' } : { token };
}

function unavailableHint(why: string): { readonly hint?: string } {
  return /^status 4/.test(why) ? {} : { hint: 'Run the job again; look at githubstatus.com if it happens again.' };
}
