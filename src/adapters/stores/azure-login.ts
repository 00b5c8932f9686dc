import { Failure } from '../../domain/failure.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import type { StoreLimits } from '../../ports/secret-store.ts';
import type { StorePorts } from './client/ports.ts';
import { type StoreClient, type StoreResponse, storeUrl } from './client/request.ts';
import { objectIn, readJson, reason, textOf } from './content.ts';
import type { Login } from './session.ts';

export interface EntraConfig {
  /** Id or domain of the tenant. */
  readonly tenant: string;
  /** Id of the application or managed identity that trusts the job. */
  readonly client: string;
  readonly cloud?: 'public' | 'usgov' | 'china';
  /** Replaces the origin of Entra. */
  readonly authority?: string;
  /** Replaces the audience of the cloud. */
  readonly audience?: string;
}

interface Entra {
  readonly config: EntraConfig;
  readonly ports: StorePorts;
  readonly client: StoreClient;
  /** What the token is to be good for, as `https://vault.azure.net`. */
  readonly resource: string;
}

const clouds = {
  public: { authority: 'https://login.microsoftonline.com', audience: 'api://AzureADTokenExchange' },
  usgov: { authority: 'https://login.microsoftonline.us', audience: 'api://AzureADTokenExchangeUSGov' },
  china: { authority: 'https://login.chinacloudapi.cn', audience: 'api://AzureADTokenExchangeChina' },
} as const;

/**
 * The client credentials flow with the job's identity token as assertion (Microsoft identity platform, workload identity federation).
 * @throws Failure `TRUST_REFUSED`, `ID_TOKEN_UNAVAILABLE`, `STORE_UNAVAILABLE`, `CANCELLED`
 */
export async function loginToEntra(entra: Entra, limits: StoreLimits): Promise<Login<Secret>> {
  const { config, ports, client, resource } = entra;
  const cloud = clouds[config.cloud ?? 'public'];
  const { origin } = storeUrl(ports.store, config.authority ?? cloud.authority);
  const assertion = await ports.idToken(config.audience ?? cloud.audience);
  ports.mask(assertion);
  const form = new URLSearchParams({
    client_id: config.client,
    scope: `${resource}/.default`,
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion.reveal(),
  });
  const url = `${origin}/${encodeURIComponent(config.tenant)}/oauth2/v2.0/token`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await client.ask({ method: 'POST', url, headers, body: form.toString() }, limits);
  if (response.status !== 200) throw refused(ports.store, response, assertion);
  const body = readJson(ports.store, response);
  const token = textOf(body['access_token']);
  if (token === undefined) throw refused(ports.store, response, assertion);
  const credentials = new Secret(`access token of ${ports.store}`, token);
  ports.mask(credentials);
  const seconds = Number(body['expires_in'] ?? 0);
  return { credentials, ends: new Date(ports.clock.now().getTime() + seconds * 1000) };
}

/** Entra's text says which of issuer, subject and audience it does not know; its ids and times after that help nobody here. */
function refused(store: string, response: StoreResponse, assertion: Secret): Failure {
  const said = textOf(objectIn(response)['error_description'])?.split(/ Trace ID:|\r?\n/)[0];
  return new Failure('TRUST_REFUSED', `Entra refuses the job for the store ${store}: ${reason(said, assertion)}`);
}
