// Google Secret Manager's resources: versions, aliases, states, checksums.
import type { Principal } from './google.ts';
import { json, Refused, type Reply } from './service.ts';

export interface SecretManager {
  /** Adds a version to `projects/P[/locations/L]/secrets/S`. @returns its number */
  put(secret: string, value: string | Uint8Array, choices?: VersionChoices): number;
  /** What else the secret says about itself. */
  describe(secret: string, facts: Readonly<Record<string, unknown>>): void;
  allows: (right: Right, secret: string, principal: Principal) => boolean;
  answer(principal: Principal, path: string): Reply;
}

interface VersionChoices {
  readonly state?: 'ENABLED' | 'DISABLED' | 'DESTROYED';
  /** How often the bytes leave here with one of them changed. */
  readonly corrupt?: number;
}

/** As in roles: `secretmanager.versions.access` and so on. */
type Right = 'versions.access' | 'versions.get' | 'secrets.get';

interface Version {
  readonly bytes: Uint8Array;
  readonly state: string;
  readonly createTime: string;
  corrupt: number;
}

export function makeSecretManager(): SecretManager {
  const secrets = new Map<string, { readonly versions: Version[]; facts: Readonly<Record<string, unknown>> }>();
  const secretOf = (name: string) => {
    const known = secrets.get(name) ?? { versions: [], facts: {} };
    secrets.set(name, known);
    return known;
  };
  const manager: SecretManager = {
    allows: () => true,
    put: (secret, value, { state = 'ENABLED', corrupt = 0 } = {}) => {
      const createTime = '2026-10-01T12:00:00.5Z';
      return secretOf(secret).versions.push({ bytes: Buffer.from(value), state, createTime, corrupt });
    },
    describe: (secret, facts) => {
      secretOf(secret).facts = facts;
    },
    answer: (principal, path) => {
      const parts =
        /^(projects\/[^/]+(?:\/locations\/[^/]+)?\/secrets\/[^/:]+)(?:\/versions\/([^/:]+))?(:access)?$/.exec(path);
      const [, name = '', version, access] = parts ?? [];
      const right = access !== undefined ? 'versions.access' : version !== undefined ? 'versions.get' : 'secrets.get';
      if (!manager.allows(right, name, principal))
        throw problem(403, 'PERMISSION_DENIED', `Permission 'secretmanager.${right}' denied for resource.`);
      const secret = secrets.get(name);
      if (secret === undefined) throw problem(404, 'NOT_FOUND', `Secret [${name}] not found or has no versions.`);
      if (version === undefined) return json(200, { name, createTime: '2026-01-01T00:00:00Z', ...secret.facts });
      const aliases = (secret.facts['versionAliases'] ?? {}) as Readonly<Record<string, string>>;
      const number = version === 'latest' ? secret.versions.length : Number(aliases[version] ?? version);
      const found = secret.versions[number - 1];
      if (found === undefined)
        throw problem(404, 'NOT_FOUND', `Secret Version [${name}/versions/${version}] not found.`);
      return access === undefined
        ? metadata(found, `${name}/versions/${number}`)
        : payload(found, `${name}/versions/${number}`);
    },
  };
  return manager;
}

function metadata({ state, createTime }: Version, name: string): Reply {
  return json(200, { name, state, createTime, etag: '"1"' });
}

function payload(version: Version, name: string): Reply {
  if (version.state !== 'ENABLED')
    throw problem(400, 'FAILED_PRECONDITION', `Secret Version [${name}] is in ${version.state} state.`);
  const bytes = Buffer.from(version.bytes);
  const dataCrc32c = String(checksum(bytes));
  if (version.corrupt > 0) {
    version.corrupt -= 1;
    bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  }
  return json(200, { name, payload: { data: bytes.toString('base64'), dataCrc32c } });
}

/** CRC-32C bit by bit, otherwise than the adapter reckons it. */
function checksum(bytes: Uint8Array): bigint {
  let rest = 0xffffffffn;
  for (const byte of bytes) {
    rest ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) rest = (rest & 1n) === 1n ? (rest >> 1n) ^ 0x82f63b78n : rest >> 1n;
  }
  return rest ^ 0xffffffffn;
}

function problem(code: number, status: string, message: string): Refused {
  return new Refused(json(code, { error: { code, message, status } }));
}
