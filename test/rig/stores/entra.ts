// Entra ID as far as workload identity federation needs it: a contract server that verifies every assertion.
import { randomUUID } from 'node:crypto';
import {
  createRemoteJWKSet,
  decodeJwt,
  errors,
  exportJWK,
  generateKeyPair,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { json, type Question, Refused, type Reply } from './service.ts';

/** What `az ad app federated-credential create` stores; all three must be equal to the token's, letter by letter. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

export interface Entra {
  readonly tenant: string;
  readonly client: string;
  /** The id tokens of these are taken. */
  readonly trusted: FederatedCredential[];
  /** Seconds that its access tokens live. */
  lifetime: number;
  /** Answers under `/TENANT/`; `undefined` for every other path. */
  answer(question: Question): Promise<Reply | undefined>;
  /** Rejects a bearer that Entra did not make for `resource`. */
  verify(bearer: string, resource: string): Promise<JWTPayload>;
}

export async function makeEntra(origin: () => string): Promise<Entra> {
  const tenant = '6f89cf12-978b-4d23-ac18-9ef0c127cf87';
  const client = '00d88624-f0d7-46f6-a641-6232c2608928';
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'entra-1', alg: 'RS256', use: 'sig' };
  const issuer = () => `${origin()}/${tenant}/v2.0`;
  const mint = (resource: string) =>
    new SignJWT({ appid: client, tid: tenant, ver: '1.0' })
      .setProtectedHeader({ alg: 'RS256', kid: 'entra-1', typ: 'JWT' })
      .setIssuer(issuer())
      .setAudience(resource)
      .setSubject('the-service-principal')
      .setIssuedAt()
      .setJti(randomUUID())
      .setExpirationTime('1h')
      .sign(privateKey);
  const entra: Entra = {
    tenant,
    client,
    trusted: [],
    lifetime: 3599,
    verify: async (bearer, resource) =>
      (await jwtVerify(bearer, publicKey, { issuer: issuer(), audience: resource })).payload,
    answer: async ({ method, url, body }) => {
      if (url.pathname === `/${tenant}/v2.0/.well-known/openid-configuration`)
        return json(200, discovery(origin(), tenant));
      if (url.pathname === `/${tenant}/discovery/v2.0/keys`) return json(200, { keys: [jwk] });
      if (method !== 'POST' || url.pathname !== `/${tenant}/oauth2/v2.0/token`) return undefined;
      const resource = await checked(entra, new URLSearchParams(body));
      const times = { expires_in: entra.lifetime, ext_expires_in: entra.lifetime };
      return json(200, { token_type: 'Bearer', ...times, access_token: await mint(resource) });
    },
  };
  return entra;
}

/** The resource that the form asks for, where its assertion is trusted. */
async function checked({ client, trusted }: Entra, form: URLSearchParams): Promise<string> {
  const assertion = form.get('client_assertion') ?? '';
  if (form.get('client_id') !== client)
    throw aadsts(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${form.get('client_id')}' was not found in the directory.`,
    );
  if (form.get('grant_type') !== 'client_credentials' || form.get('client_assertion_type') !== assertionType)
    throw aadsts(
      400,
      'invalid_request',
      900144,
      "The request body must contain the following parameter: 'client_assertion'.",
    );
  const claims = decoded(assertion);
  const match = trusted.filter(({ issuer }) => issuer === claims.iss);
  if (match.length === 0) throw unmatched(700211, 'issuer', claims.iss);
  const ofSubject = match.filter(({ subject }) => subject === claims.sub);
  if (ofSubject.length === 0) throw unmatched(700213, 'subject', claims.sub);
  const found = ofSubject.find(({ audience }) => audience === claims.aud);
  if (found === undefined) throw unmatched(700212, 'audience', claims.aud);
  await verifyAssertion(assertion, found);
  const resource = /^(.+)\/\.default$/.exec(form.get('scope') ?? '')?.[1];
  if (resource === undefined) throw aadsts(400, 'invalid_scope', 1002012, 'The provided value for scope is not valid.');
  return resource;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

async function verifyAssertion(assertion: string, { issuer, audience }: FederatedCredential): Promise<void> {
  const found = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as { jwks_uri: string };
  try {
    await jwtVerify(assertion, createRemoteJWKSet(new URL(found.jwks_uri)), { issuer, audience, clockTolerance: 300 });
  } catch (thrown) {
    throw thrown instanceof errors.JWTExpired
      ? aadsts(401, 'invalid_client', 700024, 'Client assertion is not within its valid time range.')
      : aadsts(401, 'invalid_client', 5002730, 'Invalid JWT token. Signature validation failed.');
  }
}

function decoded(assertion: string): JWTPayload {
  try {
    return decodeJwt(assertion);
  } catch {
    throw aadsts(401, 'invalid_client', 50027, 'JWT token is invalid or malformed.');
  }
}

function unmatched(code: number, what: string, value: unknown): Refused {
  const text = `No matching federated identity record found for presented assertion ${what} '${value}'.`;
  return aadsts(401, 'invalid_client', code, text);
}

function aadsts(status: number, error: string, code: number, text: string): Refused {
  const ids = { trace_id: randomUUID(), correlation_id: randomUUID(), timestamp: new Date().toISOString() };
  const description = `AADSTS${code}: ${text} Trace ID: ${ids.trace_id} Correlation ID: ${ids.correlation_id}`;
  return new Refused(json(status, { error, error_description: description, error_codes: [code], ...ids }));
}

function discovery(origin: string, tenant: string): unknown {
  return {
    issuer: `${origin}/${tenant}/v2.0`,
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    response_types_supported: ['code', 'id_token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}
