// Google's STS, IAM Credentials and Secret Manager on one port of loopback: a contract server that verifies every token.
import { randomBytes } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Authority } from './authority.ts';
import { makeSecretManager, type SecretManager } from './secret-manager.ts';
import { json, type Question, Refused, type Reply, type Service, startService } from './service.ts';

/** What `gcloud iam workload-identity-pools providers create-oidc` stores. */
interface Provider {
  readonly name: string;
  readonly issuer: string;
  /** CEL in truth. */
  condition: (claims: JWTPayload) => boolean;
}

/** Who a token is for: the identity of the job, or the account that it acts as. */
export interface Principal {
  readonly claims: JWTPayload;
  readonly account: string | undefined;
}

export interface Google extends AsyncDisposable {
  readonly service: Service;
  readonly provider: Provider;
  readonly account: string;
  readonly secrets: SecretManager;
  /** Tokens that were made so far are not taken any more. */
  refuseTokens(): void;
}

export async function startGoogle(authority: Authority, issuer: string): Promise<Google> {
  const service = await startService(authority);
  const provider: Provider = {
    name: 'projects/123/locations/global/workloadIdentityPools/github/providers/octo',
    issuer,
    condition: (claims) => claims['repository_owner_id'] === '70',
  };
  const account = 'deploy@shop.iam.gserviceaccount.com';
  const tokens = new Map<string, Principal & { readonly ends: number }>();
  const issue = (principal: Principal, seconds: number): string => {
    const token = `ya29.${randomBytes(24).toString('base64url')}`;
    tokens.set(token, { ...principal, ends: Date.now() + seconds * 1000 });
    return token;
  };
  const principal = ({ headers }: Question): Principal => {
    const known = tokens.get(headers['authorization']?.replace(/^Bearer /, '') ?? '');
    if (known !== undefined && known.ends > Date.now()) return known;
    throw problem(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
  };
  const secrets = makeSecretManager();

  const exchange = async (question: Question): Promise<Reply> => {
    if (question.headers['authorization'] !== undefined)
      throw oauth('invalid_client', 'No Authorization header is allowed.');
    const form = new URLSearchParams(question.body);
    const claims = await verified(provider, form);
    const seconds = Math.max(1, (claims.exp ?? 0) - Math.floor(Date.now() / 1000));
    return json(200, {
      access_token: issue({ claims, account: undefined }, seconds),
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: seconds,
    });
  };
  const impersonate = (question: Question, named: string): Reply => {
    const { claims } = principal(question);
    if (named !== account || claims['environment'] !== 'production')
      throw problem(403, 'PERMISSION_DENIED', "Permission 'iam.serviceAccounts.getAccessToken' denied on resource.");
    const seconds = Number.parseInt((JSON.parse(question.body) as { lifetime: string }).lifetime, 10);
    if (!(seconds <= 3600)) throw problem(400, 'INVALID_ARGUMENT', 'The Lifetime parameter is out of range.');
    const expireTime = new Date(Date.now() + seconds * 1000).toISOString();
    return json(200, { accessToken: issue({ claims, account }, seconds), expireTime });
  };
  service.answer = async (question) => {
    const path = decodeURIComponent(question.url.pathname);
    if (question.method === 'POST' && path === '/v1/token') return await exchange(question);
    const named = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(path)?.[1];
    if (question.method === 'POST' && named !== undefined) return impersonate(question, named);
    if (question.method === 'GET') return secrets.answer(principal(question), path.replace('/v1/', ''));
    throw problem(404, 'NOT_FOUND', 'Method not found.');
  };
  return {
    service,
    provider,
    account,
    secrets,
    refuseTokens: () => tokens.clear(),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

/** The claims of the form's token, where the provider takes it. */
async function verified({ name, issuer, condition }: Provider, form: URLSearchParams): Promise<JWTPayload> {
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:token-exchange')
    throw oauth('unsupported_grant_type', 'Unsupported grant type.');
  if (form.get('audience') !== `//iam.googleapis.com/${name}`)
    throw oauth('invalid_target', 'The target service indicated by the "audience" parameters is invalid.');
  const token = form.get('subject_token') ?? '';
  const claims = decoded(token);
  if (claims.iss !== issuer) throw oauth('invalid_grant', `The issuer in ID Token ${claims.iss} does not match.`);
  if (claims.aud !== `https://iam.googleapis.com/${name}`)
    throw oauth('invalid_grant', `The audience in ID Token [${claims.aud}] does not match the expected audience.`);
  const found = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as { jwks_uri: string };
  try {
    await jwtVerify(token, createRemoteJWKSet(new URL(found.jwks_uri)), { clockTolerance: 60 });
  } catch (thrown) {
    const stale = thrown instanceof errors.JWTExpired;
    throw oauth(
      'invalid_grant',
      stale ? `ID Token issued at ${claims.iat} is stale to sign-in.` : 'Invalid signature.',
    );
  }
  if (!condition(claims))
    throw oauth('unauthorized_client', 'The given credential is rejected by the attribute condition.');
  return claims;
}

function decoded(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw oauth('invalid_request', 'Unable to parse the subject token.');
  }
}

function oauth(error: string, text: string): Refused {
  return new Refused(json(400, { error, error_description: text }));
}

function problem(code: number, status: string, message: string): Refused {
  return new Refused(json(code, { error: { code, message, status } }));
}
