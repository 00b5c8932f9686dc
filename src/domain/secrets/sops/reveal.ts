import { Failure } from '../../failure.ts';
import { plain } from '../../text/escape.ts';
import type { Envelope } from './envelope.ts';
import { parseEnvelope } from './envelope.ts';
import type { Metadata } from './metadata.ts';
import { isEncrypted } from './rule.ts';
import type { Tree, Value, Written, WrittenMap, WrittenScalar } from './tree.ts';
import { decryptedValue, plainValue } from './values.ts';

/** Decrypts an envelope whose additional data is given; `undefined` where it was not made with this key for this place. */
export type Decrypt = (envelope: Envelope, additional: string) => Uint8Array | undefined;

export interface Revealed {
  readonly documents: readonly Tree[];
  /** What the MAC goes over, in order. */
  readonly proved: readonly Uint8Array[];
}

/** `echo -n sops | sha256sum`, put in front where the MAC covers encrypted values only, so that the two kinds of MAC never agree. */
const onlyEncrypted = Uint8Array.of(
  ...[0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52, 0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0x0b],
  ...[0x0b, 0x97, 0x5b, 0x3b, 0xf4, 0x4f, 0x72, 0xc6, 0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69],
);

interface Walk {
  readonly path: string;
  readonly metadata: Metadata;
  readonly decrypt: Decrypt;
  readonly proved: Uint8Array[];
}

/**
 * Decrypts the values of all documents in the order of the file. Nothing of it may be used before its MAC is compared.
 * github.com/getsops/sops: `Tree.Decrypt`, `ToBytes`.
 * @throws Failure `STORE_INVALID` with the line of what does not decrypt
 */
export function revealed(
  file: { readonly path: string; readonly metadata: Metadata; readonly documents: readonly WrittenMap[] },
  decrypt: Decrypt,
): Revealed {
  const { path, metadata } = file;
  const proved = metadata.macCovers === 'all values' ? [] : [onlyEncrypted];
  const walk = { path, metadata, decrypt, proved };
  return { documents: file.documents.map((document) => branch(walk, document, [])), proved };
}

function branch(walk: Walk, node: Written, keys: readonly string[]): Tree {
  switch (node.kind) {
    case 'map':
      return {
        kind: 'map',
        items: node.items.map(({ key, value }) => ({ key, value: branch(walk, value, [...keys, key]) })),
      };
    case 'list':
      return {
        kind: 'list',
        items: node.items.map((item) => branch(walk, item, keys)).filter((item) => !isComment(item)),
      };
    case 'scalar':
      return { kind: 'leaf', value: leaf(walk, node, keys) };
  }
}

/** A comment in a list becomes an entry of the list when it is encrypted. */
function isComment(tree: Tree): boolean {
  return tree.kind === 'leaf' && tree.value.type === 'comment';
}

function leaf({ path, metadata, decrypt, proved }: Walk, scalar: WrittenScalar, keys: readonly string[]): Value {
  const envelope = typeof scalar.text === 'string' ? parseEnvelope(scalar.text) : undefined;
  const encrypted = isEncrypted(metadata.rule, keys, envelope !== undefined);
  const value = encrypted
    ? decrypted(scalar, envelope, (one) => decrypt(one, `${keys.join(':')}:`))
    : plainValue(scalar);
  if (value === undefined)
    throw new Failure(
      'STORE_INVALID',
      `\`${plain(path, 200)}\`, line ${scalar.line}: ${plain(keys.join('.'), 200)} ${envelope === undefined ? 'is not encrypted, though the rule of the file says so' : 'does not decrypt: it was changed, or moved from another place'}.`,
      { hint: restore },
    );
  const covered =
    value.type !== 'comment' && value.type !== 'null' && (encrypted || metadata.macCovers === 'all values');
  if (covered) proved.push(value.bytes);
  return value;
}

/** Empty text and null are written as they are. */
function decrypted(
  scalar: WrittenScalar,
  envelope: Envelope | undefined,
  decrypt: (envelope: Envelope) => Uint8Array | undefined,
): Value | undefined {
  if (envelope === undefined) {
    const value = plainValue(scalar);
    return value.type === 'null' || (value.type === 'str' && value.bytes.length === 0) ? value : undefined;
  }
  const bytes = decrypt(envelope);
  return bytes === undefined ? undefined : decryptedValue(envelope.type, bytes);
}

export const restore =
  'Find out who changed the file and when (`git log`), restore it, and edit it with `sops edit`, which writes a new MAC.';
