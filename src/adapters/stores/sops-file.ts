import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { Failure } from '../../domain/failure.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import { readDotenv } from '../../domain/secrets/sops/dotenv.ts';
import type { Envelope } from '../../domain/secrets/sops/envelope.ts';
import { parseEnvelope } from '../../domain/secrets/sops/envelope.ts';
import type { Metadata } from '../../domain/secrets/sops/metadata.ts';
import { readMetadata } from '../../domain/secrets/sops/metadata.ts';
import { restore, revealed } from '../../domain/secrets/sops/reveal.ts';
import type { Tree, WrittenMap } from '../../domain/secrets/sops/tree.ts';
import { itemOf } from '../../domain/secrets/sops/tree.ts';
import { plain } from '../../domain/text/escape.ts';
import { openAge, unarmored } from './age.ts';

/** A file whose MAC was verified. */
export interface SopsFile {
  readonly documents: readonly Tree[];
  /** As the file has it. */
  readonly changed: string;
}

/**
 * Opens the SOPS file `path`, whose text this is.
 * @throws Failure `STORE_INVALID` where the file is none, or was changed without SOPS; `STORE_DENIED` where no identity fits
 */
export async function openSopsFile(path: string, text: string, identity: Secret): Promise<SopsFile> {
  const documents = await documentsOf(path, text);
  const [first] = documents;
  const metadata = readMetadata(path, first === undefined ? undefined : itemOf(first, 'sops'));
  const key = await dataKey(path, metadata, identity);
  const values = documents.map(
    ({ items }): WrittenMap => ({ kind: 'map', items: items.filter((item) => item.key !== 'sops') }),
  );
  const read = revealed({ path, metadata, documents: values }, (envelope, additional) =>
    decrypt(key, envelope, additional),
  );
  verify(path, metadata, key, read.proved);
  return { documents: read.documents, changed: metadata.lastModified };
}

/** By the end of its name; any other file is YAML or JSON, as a binary file of SOPS is. The parser is loaded apart: configurations need it too. */
async function documentsOf(path: string, text: string): Promise<readonly WrittenMap[]> {
  if (path.endsWith('.ini'))
    throw new Failure('STORE_INVALID', `\`${plain(path, 200)}\` is an INI file, which is not read here.`, {
      hint: 'Keep the secrets in YAML, JSON or dotenv.',
    });
  const dotenv = path.endsWith('.env') ? readDotenv(text) : undefined;
  if (typeof dotenv === 'number') throw unreadable(path, dotenv, 'is no line of a dotenv file');
  if (dotenv !== undefined) return [dotenv];
  const { readSopsYaml } = await import('../yaml.ts');
  const documents = readSopsYaml(text);
  if ('line' in documents) throw unreadable(path, documents.line, documents.what);
  return documents;
}

function unreadable(path: string, line: number, what: string): Failure {
  return new Failure('STORE_INVALID', `\`${plain(path, 200)}\`, line ${line}: this ${what}.`, { hint: restore });
}

/** Each recipient has the same data key, encrypted in an age file of its own. */
async function dataKey(path: string, { recipients }: Metadata, identity: Secret): Promise<Uint8Array> {
  const age = openAge(identity);
  for (const { name, file } of recipients) {
    const bytes = unarmored(file.replaceAll('\\n', '\n').trim());
    const opened = bytes === undefined ? { kind: 'broken' as const } : await age.open(bytes);
    if (opened.kind === 'for others') continue;
    if (opened.kind === 'opened' && opened.bytes.length === 32) return opened.bytes;
    throw new Failure('STORE_INVALID', `The data key for ${plain(name, 80)} in \`${plain(path, 200)}\` is damaged.`, {
      hint: restore,
    });
  }
  const names = recipients.map(({ name }) => plain(name, 80)).join(', ');
  throw new Failure(
    'STORE_DENIED',
    `No identity in ${identity.name} fits \`${plain(path, 200)}\`, encrypted for ${names}.`,
    {
      hint: 'Add the recipient of this identity to the file (`sops updatekeys`), or name the secret that holds the right identity.',
    },
  );
}

/** AES-256-GCM with the additional data of the place. `undefined` where it does not verify. */
function decrypt(key: Uint8Array, { iv, tag, data }: Envelope, additional: string): Uint8Array | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
    decipher.setAuthTag(Buffer.from(tag, 'base64')).setAAD(Buffer.from(additional));
    return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** @throws Failure `STORE_INVALID` where a value was changed, added, removed or moved since the file was encrypted */
function verify(path: string, { mac, lastModified }: Metadata, key: Uint8Array, proved: readonly Uint8Array[]): void {
  const envelope = parseEnvelope(mac);
  const written = envelope === undefined ? undefined : decrypt(key, envelope, lastModified);
  const hash = createHash('sha512');
  for (const bytes of proved) hash.update(bytes);
  const computed = Buffer.from(hash.digest('hex').toUpperCase());
  if (written !== undefined && written.length === computed.length && timingSafeEqual(written, computed)) return;
  throw new Failure(
    'STORE_INVALID',
    `The MAC of \`${plain(path, 200)}\` does not fit its values: the file was changed without SOPS.`,
    {
      hint: restore,
    },
  );
}
