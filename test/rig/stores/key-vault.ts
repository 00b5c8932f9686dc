// Azure Key Vault's secrets behind Entra ID, on one port of loopback: a contract server that verifies every token.
import { randomBytes } from 'node:crypto';
import type { Authority } from './authority.ts';
import { type Entra, makeEntra } from './entra.ts';
import { json, type Question, Refused, type Reply, type Service, startService } from './service.ts';

interface Attributes {
  readonly enabled?: boolean;
  /** Seconds since 1970. */
  readonly created?: number;
  readonly exp?: number;
  readonly nbf?: number;
}

export interface KeyVault extends AsyncDisposable {
  readonly service: Service;
  readonly entra: Entra;
  /** Adds a version. @returns its id */
  put(name: string, value: string, attributes?: Attributes): string;
  /** `get` for names that this role may read, `list` for those whose versions it may list. */
  allows: (action: 'get' | 'list', name: string) => boolean;
  /** Tokens that were made so far are not taken any more. */
  refuseTokens(): void;
}

interface Version {
  readonly id: string;
  readonly value: string;
  readonly attributes: Attributes;
}

export async function startKeyVault(authority: Authority): Promise<KeyVault> {
  const service = await startService(authority);
  const entra = await makeEntra(() => service.origin);
  const secrets = new Map<string, Version[]>();
  const refused = new Set<string>();
  const seen = new Set<string>();

  const authorize = async (bearer: string | undefined): Promise<void> => {
    const challenge = `Bearer authorization="${service.origin}/${entra.tenant}", resource="https://vault.azure.net"`;
    const unauthorized = (text: string) =>
      new Refused(json(401, { error: { code: 'Unauthorized', message: text } }, { 'www-authenticate': challenge }));
    if (bearer === undefined) throw unauthorized('AKV10000: Request is missing a Bearer or PoP token.');
    seen.add(bearer);
    if (refused.has(bearer)) throw unauthorized('AKV10046: The token is expired.');
    await entra.verify(bearer, 'https://vault.azure.net').catch(() => {
      throw unauthorized('AKV10022: Invalid audience or signature.');
    });
  };
  const bundle = (name: string, { id, attributes }: Version) => ({
    id: `${service.origin}/secrets/${name}/${id}`,
    attributes: { enabled: true, recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90, ...attributes },
  });
  const listVersions = (name: string, url: URL): Reply => {
    const all = secrets.get(name) ?? [];
    const [skip, most] = [
      Number(url.searchParams.get('$skiptoken') ?? 0),
      Number(url.searchParams.get('maxresults') ?? 25),
    ];
    const next = new URL(url);
    next.searchParams.set('$skiptoken', String(skip + most));
    const value = all.slice(skip, skip + most).map((version) => bundle(name, version));
    return json(200, { value, nextLink: skip + most < all.length ? next.href : null });
  };
  const answerSecret = ({ url }: Question): Reply => {
    if (!url.searchParams.has('api-version')) throw problem(400, 'BadParameter', 'api-version must be specified');
    const [, name = '', id] = url.pathname.split('/').filter((part) => part !== '');
    if (!/^[0-9A-Za-z-]{1,127}$/.test(name))
      throw problem(400, 'BadParameter', 'The request URI contains an invalid name');
    const action = id === 'versions' ? 'list' : 'get';
    if (!vault.allows(action, name)) throw problem(403, 'Forbidden', 'Caller is not authorized', 'ForbiddenByRbac');
    const versions = secrets.get(name);
    if (versions === undefined) throw problem(404, 'SecretNotFound', `A secret with (name/id) ${name} was not found`);
    if (action === 'list') return listVersions(name, url);
    const version = id === undefined ? versions.at(-1) : versions.find((candidate) => candidate.id === id);
    if (version === undefined)
      throw problem(404, 'SecretNotFound', `A secret with (name/id) ${name}/${id} was not found`);
    if (version.attributes.enabled === false)
      throw problem(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.', 'SecretDisabled');
    return json(200, { value: version.value, ...bundle(name, version) });
  };
  service.answer = async (question) => {
    const answer = await entra.answer(question);
    if (answer !== undefined) return answer;
    await authorize(/^Bearer (.+)$/.exec(question.headers['authorization'] ?? '')?.[1]);
    if (question.method === 'GET' && question.url.pathname.startsWith('/secrets/')) return answerSecret(question);
    throw problem(404, 'NotFound', question.url.pathname);
  };
  const vault: KeyVault = {
    service,
    entra,
    allows: () => true,
    put: (name, value, attributes = {}) => {
      const id = randomBytes(16).toString('hex');
      const now = Math.floor(Date.now() / 1000);
      secrets.set(name, [...(secrets.get(name) ?? []), { id, value, attributes: { created: now, ...attributes } }]);
      return id;
    },
    refuseTokens: () => {
      for (const token of seen) refused.add(token);
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
  return vault;
}

function problem(status: number, code: string, message: string, inner?: string): Refused {
  return new Refused(
    json(status, { error: { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) } }),
  );
}
