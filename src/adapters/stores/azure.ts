import { Failure } from '../../domain/failure.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import type { SecretStore, StoreEntry, StoreLimits } from '../../ports/secret-store.ts';
import { answerEach } from './answers.ts';
import { newest, refused, versionOf } from './azure-answers.ts';
import { type EntraConfig, loginToEntra } from './azure-login.ts';
import type { StorePorts } from './client/ports.ts';
import { openStoreClient, type StoreResponse, storeUrl } from './client/request.ts';
import { contentOf, invalid, readJson, shown, textOf } from './content.ts';
import { openSession } from './session.ts';

export interface AzureConfig extends EntraConfig {
  /** The name of the Key Vault. */
  readonly vault: string;
  /** Replaces `https://VAULT.SUFFIX`. */
  readonly endpoint?: string;
  /** PEM of own authorities. */
  readonly ca?: string;
}

const suffixes = { public: 'vault.azure.net', usgov: 'vault.usgovcloudapi.net', china: 'vault.azure.cn' } as const;
/** Pages of 25 versions: the service promises no order, so that all are looked through, up to here. */
const pageLimit = 40;

/** Secrets of one Azure Key Vault, by its REST API (data plane 7.4). Nothing is revoked at the end: tokens of Entra end by themselves. */
export function openAzure(config: AzureConfig, ports: StorePorts): SecretStore {
  const vault = openVault(config, ports);
  return {
    read: (references, limits) => answerEach(references, (reference) => read(vault, reference, limits)),
    check: (references, limits) => answerEach(references, (reference) => look(vault, reference, limits)),
    renew: async () => [],
    [Symbol.asyncDispose]: async () => vault.close(),
  };
}

interface Vault {
  readonly config: AzureConfig;
  get(path: string, limits: StoreLimits): Promise<StoreResponse>;
  close(): void;
}

function openVault(config: AzureConfig, ports: StorePorts): Vault {
  const suffix = suffixes[config.cloud ?? 'public'];
  const { origin } = storeUrl(ports.store, config.endpoint ?? `https://${config.vault}.${suffix}`);
  const client = openStoreClient({ ...ports, ...(config.ca === undefined ? {} : { ca: config.ca }) });
  const session = openSession(ports.clock, (limits) =>
    loginToEntra({ config, ports, client, resource: `https://${suffix}` }, limits),
  );
  return {
    config,
    get: (path, limits) => {
      const ask = (token: Secret) =>
        client.ask({ method: 'GET', url: `${origin}${path}`, headers: bearer(token) }, limits);
      return session.ask(limits, ask, ({ status }) => status === 401);
    },
    close: () => client[Symbol.dispose](),
  };
}

async function read(vault: Vault, reference: Reference, limits: StoreLimits): Promise<StoreEntry> {
  const name = nameOf(vault.config, reference);
  const response = await vault.get(`/secrets/${name}/${reference.version ?? ''}?api-version=7.4`, limits);
  if (response.status !== 200) throw refused(vault.config, reference, response);
  const bundle = readJson(reference.store, response);
  const value = textOf(bundle['value']);
  if (value === undefined) throw new Failure('SECRET_MISSING', `${shown(reference)} has no value.`);
  return { ...versionOf(bundle).entry, content: contentOf(reference, value) };
}

/** Lists the versions, which come without values. Where the job may read but not list, it reads and forgets the value. */
async function look(vault: Vault, reference: Reference, limits: StoreLimits): Promise<StoreEntry> {
  const found = [];
  let path: string | undefined = `/secrets/${nameOf(vault.config, reference)}/versions?api-version=7.4&maxresults=25`;
  for (let page = 0; path !== undefined && page < pageLimit; page += 1) {
    const response = await vault.get(path, limits);
    if (response.status === 403) return { ...(await read(vault, reference, limits)), content: { kind: 'not read' } };
    if (response.status !== 200) throw refused(vault.config, reference, response);
    const list = readJson(reference.store, response);
    found.push(...(Array.isArray(list['value']) ? list['value'] : []).map(versionOf));
    path = nextPath(textOf(list['nextLink']));
  }
  return newest(reference, found);
}

function bearer(token: Secret): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token.reveal()}` };
}

/** The next page, asked for at our own origin: the token goes nowhere else. */
function nextPath(link: string | undefined): string | undefined {
  const url = link === undefined ? null : URL.parse(link);
  return url === null ? undefined : `${url.pathname}${url.search}`;
}

/** `NAME`, or `VAULT/NAME` of this very vault. */
function nameOf({ vault }: AzureConfig, reference: Reference): string {
  const [name = '', named = vault, ...more] = reference.locator.split('/').reverse();
  if (more.length > 0 || named.toLowerCase() !== vault.toLowerCase())
    throw invalid(reference, `is not in the vault ${vault} of this store`);
  if (!/^[0-9A-Za-z-]{1,127}$/.test(name))
    throw invalid(reference, 'is no name of a secret: Key Vault takes letters, digits and hyphens');
  if (reference.stage !== undefined) throw invalid(reference, 'has a stage, which Key Vault does not know');
  if (reference.version !== undefined && !/^[0-9a-f]{32}$/i.test(reference.version))
    throw invalid(reference, 'has a version that is not 32 hexadecimal digits');
  return name;
}
