import { Failure } from '../../domain/failure.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import type { StoreLimits } from '../../ports/secret-store.ts';
import type { StorePorts } from './client/ports.ts';
import { type StoreClient, type StoreResponse, storeUrl } from './client/request.ts';
import { objectIn, objectOf, readJson, reason, textOf } from './content.ts';
import type { Login } from './session.ts';

export interface WorkloadIdentityConfig {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER`. */
  readonly provider: string;
  /** E-mail of the account to act as; without it the identity itself has the rights. */
  readonly serviceAccount?: string;
  /** Replaces the audience that the provider takes by default. */
  readonly audience?: string;
  readonly stsEndpoint?: string;
  readonly iamEndpoint?: string;
}

interface Google {
  readonly config: WorkloadIdentityConfig;
  readonly ports: StorePorts;
  readonly client: StoreClient;
}

const scope = 'https://www.googleapis.com/auth/cloud-platform';
/** Seconds: more than a run needs, and no more than an account grants without being asked. */
const lifetime = 900;

/**
 * Exchanges the job's identity token for one of Google (RFC 8693), and that for one of the service account where there is one.
 * @throws Failure `TRUST_REFUSED`, `ID_TOKEN_UNAVAILABLE`, `STORE_UNAVAILABLE`, `CANCELLED`
 */
export async function loginToGoogle(google: Google, limits: StoreLimits): Promise<Login<Secret>> {
  const federated = await exchange(google, limits);
  return google.config.serviceAccount === undefined
    ? federated
    : await impersonate(google, federated.credentials, limits);
}

async function exchange({ config, ports, client }: Google, limits: StoreLimits): Promise<Login<Secret>> {
  const resource = `//iam.googleapis.com/${config.provider.replace(/^(?:https:)?\/\/iam\.googleapis\.com\//, '')}`;
  const { origin } = storeUrl(ports.store, config.stsEndpoint ?? 'https://sts.googleapis.com');
  const subject = await ports.idToken(config.audience ?? `https:${resource}`);
  ports.mask(subject);
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience: resource,
    scope,
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token: subject.reveal(),
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await client.ask(
    { method: 'POST', url: `${origin}/v1/token`, headers, body: form.toString() },
    limits,
  );
  const said = objectIn(response);
  if (response.status !== 200) throw refused(ports.store, said['error_description'] ?? said['error'], subject);
  const { access_token: token, expires_in: seconds } = readJson(ports.store, response);
  return login(ports, token, new Date(ports.clock.now().getTime() + Number(seconds ?? 0) * 1000));
}

/** IAM Credentials, `generateAccessToken`. */
async function impersonate(
  { config, ports, client }: Google,
  federated: Secret,
  limits: StoreLimits,
): Promise<Login<Secret>> {
  const { origin } = storeUrl(ports.store, config.iamEndpoint ?? 'https://iamcredentials.googleapis.com');
  const account = encodeURIComponent(config.serviceAccount ?? '');
  const response: StoreResponse = await client.ask(
    {
      method: 'POST',
      url: `${origin}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
      headers: { authorization: `Bearer ${federated.reveal()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ scope: [scope], lifetime: `${lifetime}s` }),
    },
    limits,
  );
  if (response.status !== 200) throw refused(ports.store, objectOf(objectIn(response)['error'])['message'], federated);
  const { accessToken, expireTime } = readJson(ports.store, response);
  return login(ports, accessToken, new Date(textOf(expireTime) ?? Number.NaN));
}

function login({ store, mask }: StorePorts, token: unknown, ends: Date): Login<Secret> {
  if (typeof token !== 'string' || token === '' || Number.isNaN(ends.getTime()))
    throw new Failure('TRUST_REFUSED', `Google gives the job no token for the store ${store}.`);
  const credentials = new Secret(`access token of ${store}`, token);
  mask(credentials);
  return { credentials, ends };
}

function refused(store: string, said: unknown, sent: Secret): Failure {
  return new Failure('TRUST_REFUSED', `Google refuses the job for the store ${store}: ${reason(textOf(said), sent)}`);
}
