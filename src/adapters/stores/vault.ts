import nodeVault from 'node-vault';
import { Failure } from '../../domain/failure.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import type { SecretStore, StoreLimits } from '../../ports/secret-store.ts';
import { openStoreClient, type StoreClient, storeUrl } from './client/request.ts';
import { explained, isStandby, notVault, refused, type VaultApi, type VaultRequest } from './vault/api.ts';
import { checkAll } from './vault/check.ts';
import type { VaultConfig, VaultPorts } from './vault/config.ts';
import type { Revocable } from './vault/hand-over.ts';
import { isObject, parseExact } from './vault/json.ts';
import { openMounts } from './vault/mounts.ts';
import { readAll } from './vault/read.ts';
import { revoke } from './vault/revoke.ts';
import { openSession } from './vault/session.ts';

/** Milliseconds that revoking may take. */
const revoking = 5000;

/**
 * Vault or OpenBao. Nothing is asked before the first read; the login is made then, once.
 * @throws Failure `CONFIG_INVALID` for an address that no token may be sent to
 */
export function openVault(config: VaultConfig, ports: VaultPorts): SecretStore {
  const { cert, key } = config.auth.method === 'cert' ? config.auth : config;
  const client = openStoreClient({
    ...ports,
    ...(config.ca === undefined ? {} : { ca: config.ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
  const session = openSession({ config, ports, api: openApi(ports.store, config, client) });
  const store = { session, mounts: openMounts(session) };
  return {
    read: (references, limits) => readAll(store, references, limits),
    check: (references, limits) => checkAll(store, references, limits),
    renew: (until) => session.renew(until),
    [Symbol.asyncDispose]: async () => {
      await session.close();
      client[Symbol.dispose]();
    },
  };
}

/** Revokes what an earlier process has left at a store. */
export async function revokeLeft(
  revocable: Revocable,
  ports: Omit<VaultPorts, 'idToken' | 'mask'>,
): ReturnType<typeof revoke> {
  const { access } = revocable;
  const key = access.key === undefined ? undefined : new Secret('key', access.key);
  using client = openStoreClient({
    ...ports,
    ...(access.ca === undefined ? {} : { ca: access.ca }),
    ...(access.cert === undefined ? {} : { cert: access.cert }),
    ...(key === undefined ? {} : { key }),
  });
  const limits = { deadline: new Date(ports.clock.now().getTime() + revoking), signal: AbortSignal.timeout(revoking) };
  return await revoke(openApi(ports.store, access, client), revocable, limits);
}

type Addressed = Pick<VaultConfig, 'url' | 'namespace' | 'headers'>;

/** What node-vault hands to its transport, as far as it is read here. */
interface Sent {
  readonly method: string;
  readonly uri: string;
  readonly json?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: StoreLimits;
}

/**
 * node-vault over a transport of ours. It would otherwise take address, token, namespace and prefix from the environment, follow redirects
 * with the token, keep the first token in headers that requests share, and wait without end: so it gets everything with each request.
 */
function openApi(store: string, config: Addressed, client: StoreClient): VaultApi {
  const vault = nodeVault({
    endpoint: endpointOf(store, config),
    noCustomHTTPVerbs: true,
    debug: () => undefined,
    'request-promise': { defaults: () => (options: Sent) => send(store, client, options) },
  });
  Object.assign(vault, { token: '', namespace: '', pathPrefix: '' });
  return {
    ask: async (request, limits) => {
      const options = { headers: headersOf(config, request), limits };
      try {
        const body: unknown = await call(vault, request, options);
        return { kind: 'ok', body: isObject(body) ? body : {} };
      } catch (thrown) {
        const { response } = thrown as Partial<nodeVault.ApiResponseError>;
        if (response === undefined) throw thrown instanceof Failure ? thrown : notVault(store);
        return refused(response.statusCode, response.body);
      }
    },
  };
}

function call(
  vault: nodeVault.client,
  { verb, path, body }: VaultRequest,
  options: nodeVault.Option,
): Promise<unknown> {
  switch (verb) {
    case 'read':
      return vault.read(path, options);
    case 'list':
      return vault.list(path, options);
    case 'write':
      return vault.write(path, body ?? {}, options);
  }
}

function headersOf({ headers, namespace }: Addressed, { token }: VaultRequest): Record<string, string> {
  return {
    ...headers,
    'x-vault-request': 'true',
    ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
    ...(token === undefined ? {} : { 'x-vault-token': token.reveal() }),
  };
}

/** `path` in the answer is left empty: node-vault takes every answer whose path contains `sys/health` for a good one. */
async function send(store: string, client: StoreClient, { method, uri, headers, json, limits }: Sent) {
  const body = isObject(json) ? { body: JSON.stringify(json) } : {};
  const type = isObject(json) ? { 'content-type': 'application/json' } : {};
  const request = { method, url: uri, headers: { ...headers, ...type }, ...body, again: isStandby };
  const answer = await client.ask(request, limits).catch((thrown) => {
    throw explained(store, thrown);
  });
  const parsed = parseExact(answer.body);
  if (answer.status === 200 && !isObject(parsed)) throw notVault(store);
  return { statusCode: answer.status, body: parsed, request: { path: '' } };
}

function endpointOf(store: string, { url, headers }: Addressed): string {
  const { origin, pathname, search, hash } = storeUrl(store, url);
  if (search !== '' || hash !== '')
    throw new Failure('CONFIG_INVALID', `The address of the store ${store} has a query or a fragment.`);
  const ours = Object.keys(headers ?? {}).find((header) => /^x-vault-(token|namespace|request)$/i.test(header));
  if (ours !== undefined)
    throw new Failure('CONFIG_INVALID', `The store ${store} sets the header ${ours}, which is not for \`headers\`.`, {
      hint: 'Use `auth` for tokens and `namespace` for the namespace.',
    });
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}
