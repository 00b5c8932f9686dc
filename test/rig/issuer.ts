import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** What the issuer says and does; a test changes it between two requests. */
export interface IssuerBehaviour {
  /** Claims that differ from those of the job; `undefined` takes one away. */
  claims: Readonly<Record<string, unknown>>;
  /** Answers each path with this status so many times before it works. */
  failures: Map<string, { readonly status: number; times: number; readonly retryAfter?: string }>;
  /** Replaces the discovery document in part. */
  discovery: Readonly<Record<string, unknown>>;
  /** Signs with a key that the issuer does not show. */
  key: 'shown' | 'hidden';
}

export interface Issuer extends AsyncDisposable {
  /** What stands in GITHUB_SERVER_URL for this GitHub; its issuer is `…/_services/token`. */
  readonly serverUrl: string;
  readonly issuer: string;
  /** For ACTIONS_ID_TOKEN_REQUEST_URL and …_TOKEN. */
  readonly requestUrl: string;
  readonly requestToken: string;
  readonly behaviour: IssuerBehaviour;
  /** Behaves as at the beginning again: an issuer costs its keys, so that the tests of a suite share one. */
  reset(): void;
  /** A signed token, as the request endpoint gives it. */
  token(audience: string): Promise<string>;
}

/**
 * GitHub's claim set for the job of `fakeJob` in the environment `production`, with the newer, immutable form of `sub`.
 */
export const jobClaims = {
  sub: 'repo:octo@70/shop@74:environment:production',
  repository: 'octo/shop',
  repository_id: '74',
  repository_owner: 'octo',
  repository_owner_id: '70',
  repository_visibility: 'private',
  run_id: '1001',
  run_number: '17',
  run_attempt: '1',
  check_run_id: '5005',
  environment: 'production',
  event_name: 'push',
  actor: 'octocat',
  actor_id: '1',
  ref: 'refs/heads/main',
  ref_type: 'branch',
  ref_protected: 'true',
  sha: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
  base_ref: '',
  head_ref: '',
  workflow: 'deploy',
  workflow_ref: 'octo/shop/.github/workflows/deploy.yml@refs/heads/main',
  workflow_sha: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
  job_workflow_ref: 'octo/shop/.github/workflows/deploy.yml@refs/heads/main',
  job_workflow_sha: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
  runner_environment: 'github-hosted',
} as const;

function usualBehaviour(): IssuerBehaviour {
  return { claims: {}, failures: new Map(), discovery: {}, key: 'shown' };
}

/**
 * An issuer of identity tokens on loopback, with discovery, keys and the request endpoint of a job. `now` gives the
 * time of its tokens.
 */
export async function startIssuer(now: () => Date = () => new Date()): Promise<Issuer> {
  const shown = await generateKeyPair('RS256', { extractable: true });
  let hidden: Awaited<ReturnType<typeof generateKeyPair>> | undefined;
  const jwks = { keys: [{ ...(await exportJWK(shown.publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }] };
  const behaviour = usualBehaviour();
  const requestToken = 'request-token-of-this-job';

  const token = async (audience: string) => {
    const issued = Math.floor(now().getTime() / 1000);
    const times = {
      iss: issuer,
      aud: audience,
      iat: issued,
      nbf: issued - 600,
      exp: issued + 300,
      jti: `jti-${issued}`,
    };
    if (behaviour.key === 'hidden') hidden ??= await generateKeyPair('RS256');
    const key = behaviour.key === 'hidden' && hidden !== undefined ? hidden.privateKey : shown.privateKey;
    return await new SignJWT({ ...jobClaims, ...times, ...behaviour.claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })
      .sign(key);
  };

  const answer = async (
    url: URL,
    bearer: string | undefined,
  ): Promise<{ readonly status: number; readonly body: unknown; readonly retryAfter?: string }> => {
    const failure = behaviour.failures.get(url.pathname);
    if (failure !== undefined && failure.times > 0) {
      failure.times -= 1;
      const { status, retryAfter } = failure;
      return { status, body: { message: 'as the test asked' }, ...(retryAfter === undefined ? {} : { retryAfter }) };
    }
    switch (url.pathname) {
      case '/_services/token/.well-known/openid-configuration':
        return {
          status: 200,
          body: {
            issuer,
            jwks_uri: `${issuer}/.well-known/jwks`,
            id_token_signing_alg_values_supported: ['RS256'],
            ...behaviour.discovery,
          },
        };
      case '/_services/token/.well-known/jwks':
        return { status: 200, body: jwks };
      case '/request':
        if (bearer !== `Bearer ${requestToken}`) return { status: 401, body: { message: 'unauthorized' } };
        return {
          status: 200,
          body: { count: 1, value: await token(url.searchParams.get('audience') ?? 'https://github.com/octo') },
        };
    }
    return { status: 404, body: { message: 'not found' } };
  };

  const server = createServer((request, response) => {
    void answer(new URL(request.url ?? '/', serverUrl), request.headers.authorization).then(
      ({ status, body, retryAfter }) => {
        response
          .writeHead(status, {
            'content-type': 'application/json',
            ...(status === 302 ? { location: '/elsewhere' } : {}),
            ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
          })
          .end(JSON.stringify(body));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `${serverUrl}/_services/token`;
  return {
    serverUrl,
    issuer,
    requestUrl: `${serverUrl}/request?api-version=2.0`,
    requestToken,
    behaviour,
    reset: () => void Object.assign(behaviour, usualBehaviour()),
    token,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
