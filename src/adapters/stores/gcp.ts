import type { Reference } from '../../domain/secrets/reference.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import { StoreUnavailable } from '../../domain/secrets/unavailable.ts';
import type { SecretStore, StoreEntry, StoreLimits } from '../../ports/secret-store.ts';
import { answerEach } from './answers.ts';
import type { StorePorts } from './client/ports.ts';
import { openStoreClient, type StoreResponse, storeUrl } from './client/request.ts';
import { contentOf, invalid, type Json, objectIn, readJson } from './content.ts';
import { checkedPayload, corrupt, entryOf, refused } from './gcp-answers.ts';
import { loginToGoogle, type WorkloadIdentityConfig } from './gcp-login.ts';
import { openSession } from './session.ts';

export interface GcpConfig extends WorkloadIdentityConfig {
  readonly project: string;
  /** Of regional secrets. */
  readonly location?: string;
  /** Replaces `https://secretmanager[.LOCATION.rep].googleapis.com`. */
  readonly endpoint?: string;
  /** PEM of own authorities. */
  readonly ca?: string;
}

/** Secrets of one project in Google Secret Manager, by its REST API v1. Nothing is revoked at the end: Google's tokens end by themselves. */
export function openGcp(config: GcpConfig, ports: StorePorts): SecretStore {
  const secrets = openSecrets(config, ports);
  return {
    read: (references, limits) => answerEach(references, (reference) => read(secrets, reference, limits)),
    check: (references, limits) => answerEach(references, (reference) => look(secrets, reference, limits)),
    renew: async () => [],
    [Symbol.asyncDispose]: async () => secrets.close(),
  };
}

interface ProjectSecrets {
  readonly config: GcpConfig;
  readonly now: () => Date;
  get(path: string, limits: StoreLimits): Promise<StoreResponse>;
  close(): void;
}

function openSecrets(config: GcpConfig, ports: StorePorts): ProjectSecrets {
  const host = config.location === undefined ? 'secretmanager' : `secretmanager.${config.location}.rep`;
  const { origin } = storeUrl(ports.store, config.endpoint ?? `https://${host}.googleapis.com`);
  const client = openStoreClient({ ...ports, ...(config.ca === undefined ? {} : { ca: config.ca }) });
  const session = openSession(ports.clock, (limits) => loginToGoogle({ config, ports, client }, limits));
  return {
    config,
    now: () => ports.clock.now(),
    get: (path, limits) => {
      const ask = (token: Secret) =>
        client.ask({ method: 'GET', url: `${origin}/v1/${path}`, headers: bearer(token) }, limits);
      return session.ask(limits, ask, ({ status }) => status === 401);
    },
    close: () => client[Symbol.dispose](),
  };
}

/** The value with what can be known about it: age and rotation need a right that reading does not, and are left open without it. */
async function read(secrets: ProjectSecrets, reference: Reference, limits: StoreLimits): Promise<StoreEntry> {
  const { secret, version } = pathOf(secrets.config, reference);
  const facts = Promise.all([optional(secrets, version, limits), optional(secrets, secret, limits)]);
  const [bytes, [versionFacts, secretFacts]] = await Promise.all([access(secrets, reference, limits), facts]);
  const entry = entryOf({ name: bytes.name, version: versionFacts, secret: secretFacts, now: secrets.now() });
  return { ...entry, content: contentOf(reference, bytes.value) };
}

/** A value whose checksum is wrong is asked for once more. */
async function access(
  secrets: ProjectSecrets,
  reference: Reference,
  limits: StoreLimits,
): Promise<{ readonly name: unknown; readonly value: Uint8Array }> {
  const path = `${pathOf(secrets.config, reference).version}:access`;
  for (let attempts = 0; attempts < 2; attempts += 1) {
    const response = await secrets.get(path, limits);
    if (response.status !== 200) throw refused(reference, response);
    const { name, payload } = readJson(reference.store, response);
    const value = checkedPayload(payload);
    if (value !== undefined) return { name, value };
  }
  throw corrupt(reference);
}

/** Reads the version without its value; where the job may read values only, it reads and forgets the value. */
async function look(secrets: ProjectSecrets, reference: Reference, limits: StoreLimits): Promise<StoreEntry> {
  const { secret, version } = pathOf(secrets.config, reference);
  const response = await secrets.get(version, limits);
  if (response.status === 403) {
    const { name } = await access(secrets, reference, limits);
    return entryOf({ name, version: {}, secret: {}, now: secrets.now() });
  }
  if (response.status !== 200) throw refused(reference, response);
  const facts = readJson(reference.store, response);
  if (facts['state'] !== 'ENABLED') throw refused(reference, response);
  const secretFacts = await optional(secrets, secret, limits);
  return entryOf({ name: facts['name'], version: facts, secret: secretFacts, now: secrets.now() });
}

/** Facts that are good to have: a value is not refused because they cannot be read. */
async function optional(secrets: ProjectSecrets, path: string, limits: StoreLimits): Promise<Json> {
  try {
    const response = await secrets.get(path, limits);
    return response.status === 200 ? objectIn(response) : {};
  } catch (thrown) {
    if (thrown instanceof StoreUnavailable) return {};
    throw thrown;
  }
}

function bearer(token: Secret): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token.reveal()}` };
}

/** `NAME`, or `PROJECT/NAME` of this very project. A version is a number, an alias, or `latest`. */
function pathOf(
  { project, location }: GcpConfig,
  reference: Reference,
): { readonly secret: string; readonly version: string } {
  const [name = '', named = project, ...more] = reference.locator.split('/').reverse();
  if (more.length > 0 || named !== project) throw invalid(reference, `is not in the project ${project} of this store`);
  if (!/^[0-9A-Za-z_-]{1,255}$/.test(name))
    throw invalid(reference, 'is no name of a secret: Google takes letters, digits, hyphens and underscores');
  if (reference.stage !== undefined) throw invalid(reference, 'has a stage, which Secret Manager does not know');
  const version = reference.version ?? 'latest';
  if (!/^[0-9A-Za-z_-]{1,63}$/.test(version)) throw invalid(reference, 'has a version that is no number and no alias');
  const place = location === undefined ? `projects/${project}` : `projects/${project}/locations/${location}`;
  return { secret: `${place}/secrets/${name}`, version: `${place}/secrets/${name}/versions/${version}` };
}
