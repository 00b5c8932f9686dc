// Reads secrets with Azure's own client: a JSON object on stdin says from where, one on stdout what came of it.
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

interface Wanted {
  readonly packages: string;
  readonly origin: string;
  readonly tenant: string;
  readonly client: string;
  readonly assertion: string;
  readonly names: readonly string[];
}

interface Sdk {
  ClientAssertionCredential: new (
    tenant: string,
    client: string,
    assertion: () => Promise<string>,
    choices: object,
  ) => object;
  SecretClient: new (origin: string, credential: object, choices: object) => Client;
}

interface Client {
  getSecret(name: string): Promise<{ readonly value: string; readonly properties: { readonly version: string } }>;
  listPropertiesOfSecretVersions(name: string): AsyncIterable<{ readonly version: string }>;
}

const wanted = JSON.parse(await text(process.stdin)) as Wanted;
const require = createRequire(`${wanted.packages}/package.json`);
const { ClientAssertionCredential, SecretClient } = {
  ...require('@azure/identity'),
  ...require('@azure/keyvault-secrets'),
} as Sdk;
const entra = { authorityHost: wanted.origin, disableInstanceDiscovery: true };
const credential = new ClientAssertionCredential(wanted.tenant, wanted.client, async () => wanted.assertion, entra);
const retryOptions = { maxRetries: 0 };
const client = new SecretClient(wanted.origin, credential, {
  disableChallengeResourceVerification: true,
  retryOptions,
});
const told: unknown[] = [];
for (const name of wanted.names) {
  try {
    const { value, properties } = await client.getSecret(name);
    let versions = 0;
    for await (const _ of client.listPropertiesOfSecretVersions(name)) versions += 1;
    told.push({ value, version: properties.version, versions });
  } catch (thrown) {
    const {
      code,
      name: kind,
      message,
    } = thrown as { readonly code?: string; readonly name: string; readonly message: string };
    told.push({ code: code ?? kind, aadsts: /AADSTS\d+/.exec(message)?.[0] });
  }
}
process.stdout.write(JSON.stringify(told));
