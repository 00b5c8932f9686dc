// Reads secrets with Google's own client: a JSON object on stdin says from where, one on stdout what came of it.
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

interface Wanted {
  readonly packages: string;
  readonly origin: string;
  readonly provider: string;
  readonly account: string;
  /** The job's request for identity tokens. */
  readonly request: { readonly url: string; readonly token: string };
  /** `projects/P/secrets/S/versions/V`. */
  readonly names: readonly string[];
}

interface Sdk {
  ExternalAccountClient: { fromJSON(choices: object): { scopes: readonly string[] } };
  SecretManagerServiceClient: new (choices: object) => Client;
}

interface Client {
  accessSecretVersion(wanted: {
    readonly name: string;
  }): Promise<readonly [{ readonly name: string; readonly payload: { readonly data: Uint8Array } }]>;
  close(): Promise<void>;
}

const wanted = JSON.parse(await text(process.stdin)) as Wanted;
const require = createRequire(`${wanted.packages}/package.json`);
const { ExternalAccountClient, SecretManagerServiceClient } = {
  ...require('google-auth-library'),
  ...require('@google-cloud/secret-manager'),
} as Sdk;
const audience = `https://iam.googleapis.com/${wanted.provider}`;
const authClient = ExternalAccountClient.fromJSON({
  type: 'external_account',
  audience: audience.replace('https:', ''),
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  token_url: `${wanted.origin}/v1/token`,
  service_account_impersonation_url: `${wanted.origin}/v1/projects/-/serviceAccounts/${wanted.account}:generateAccessToken`,
  credential_source: {
    url: `${wanted.request.url}&audience=${encodeURIComponent(audience)}`,
    headers: { Authorization: `Bearer ${wanted.request.token}` },
    format: { type: 'json', subject_token_field_name: 'value' },
  },
});
authClient.scopes = ['https://www.googleapis.com/auth/cloud-platform'];
const { hostname, port } = new URL(wanted.origin);
const place = { apiEndpoint: hostname, port: Number(port), protocol: 'https', fallback: true };
const client = new SecretManagerServiceClient({ ...place, authClient });
const told: unknown[] = [];
for (const name of wanted.names) {
  try {
    const [{ name: resolved, payload }] = await client.accessSecretVersion({ name });
    told.push({ value: Buffer.from(payload.data).toString('utf8'), version: resolved.split('/').at(-1) });
  } catch (thrown) {
    told.push({ code: (thrown as { readonly code?: number }).code, message: (thrown as Error).message });
  }
}
await client.close();
process.stdout.write(JSON.stringify(told));
