import { Failure } from '../../failure.ts';
import { plain } from '../../text/escape.ts';
import type { Rule } from './rule.ts';
import { readRule } from './rule.ts';
import type { Written, WrittenMap } from './tree.ts';
import { itemOf } from './tree.ts';

/** What stands under `sops` in a file: who can open it, what is encrypted, and what proves it. */
export interface Metadata {
  readonly recipients: readonly Recipient[];
  /** RFC 3339, to the second; it is authenticated together with the MAC. */
  readonly lastModified: string;
  /** An envelope. */
  readonly mac: string;
  readonly macCovers: 'all values' | 'encrypted values';
  readonly rule: Rule;
}

/** An age recipient, and the data key encrypted to it as an armoured age file. */
export interface Recipient {
  readonly name: string;
  readonly file: string;
}

/** Ways to hold the data key that need a program or a cloud of their own. */
const foreignKeys: Readonly<Record<string, string>> = {
  pgp: 'PGP',
  kms: 'AWS KMS',
  gcp_kms: 'Google Cloud KMS',
  azure_kv: 'Azure Key Vault',
  hc_vault: 'Vault’s transit engine',
  hckms: 'Huawei Cloud KMS',
};

/**
 * The metadata of the file `path`.
 * @throws Failure `STORE_INVALID`, a sentence of its own for each kind of file that cannot be opened with an age identity
 */
export function readMetadata(path: string, sops: Written | undefined): Metadata {
  if (sops?.kind !== 'map')
    throw invalid(`\`${plain(path, 200)}\` is not encrypted by SOPS: it has no \`sops\` part`, {
      hint: 'Encrypt it with `sops encrypt`. Where it was committed as it is, rotate what stands in it.',
    });
  const lastModified = textIn(sops, 'lastmodified').replace(/\.\d+(?=Z|[+-])/, '');
  const mac = textIn(sops, 'mac');
  if (mac === '' || Number.isNaN(Date.parse(lastModified)))
    throw invalid(
      `\`${plain(path, 200)}\` has no \`${mac === '' ? 'mac' : 'lastmodified'}\`, so nothing proves its values`,
    );
  return {
    recipients: recipientsOf(path, keysOf(path, sops)),
    lastModified,
    mac,
    macCovers: textIn(sops, 'mac_only_encrypted') === 'true' ? 'encrypted values' : 'all values',
    rule: readRule(path, (key) => textIn(sops, key)),
  };
}

/** Where the data key is whole: a file of several key groups holds only parts of it. */
function keysOf(path: string, sops: WrittenMap): WrittenMap {
  const groups = itemOf(sops, 'key_groups');
  const [group, ...others] = groups?.kind === 'list' ? groups.items : [];
  if (others.length > 0)
    throw invalid(`\`${plain(path, 200)}\` has ${others.length + 1} key groups, which share the data key (Shamir)`, {
      hint: 'Encrypt the file for one key group with an age recipient.',
    });
  return group?.kind === 'map' ? group : sops;
}

function recipientsOf(path: string, keys: WrittenMap): readonly Recipient[] {
  const age = itemOf(keys, 'age');
  const entries = age?.kind === 'list' ? age.items : [];
  const recipients = entries.flatMap((entry) =>
    entry.kind === 'map' ? [{ name: textIn(entry, 'recipient'), file: textIn(entry, 'enc') }] : [],
  );
  if (recipients.length === 0)
    throw invalid(`\`${plain(path, 200)}\` ${onlyFor(foreignIn(keys))}`, { hint: addRecipient });
  const native = recipients.filter(({ name }) => isNative(name));
  if (native.length > 0) return native;
  const kind = recipients.every(({ name }) => name.startsWith('ssh-')) ? 'SSH keys' : 'SSH keys or plugins of age';
  throw invalid(`\`${plain(path, 200)}\` is encrypted for ${kind} only, which cannot be used here`, {
    hint: addRecipient,
  });
}

const addRecipient =
  'Add an age recipient (`age1…` or `age1pq1…`) with `sops updatekeys` or `sops rotate --add-age`; its identity goes into the secret that `identity` names.';

function onlyFor(foreign: readonly string[]): string {
  return foreign.length === 0 ? 'names no key that could open it' : `is encrypted for ${foreign.join(' and ')} only`;
}

function foreignIn(keys: WrittenMap): readonly string[] {
  return Object.entries(foreignKeys).flatMap(([key, name]) => {
    const entries = itemOf(keys, key);
    return entries?.kind === 'list' && entries.items.length > 0 ? [name] : [];
  });
}

/** X25519 (`age1…`) and the post-quantum hybrid (`age1pq1…`); a plugin has its name between `age1` and another `1`. */
function isNative(recipient: string): boolean {
  return /^age1(?:pq1)?[02-9ac-hj-np-z]+$/.test(recipient);
}

/** The text of a scalar; empty where there is none. */
function textIn(map: WrittenMap, key: string): string {
  const value = itemOf(map, key);
  return value?.kind === 'scalar' && typeof value.text === 'string' ? value.text : '';
}

function invalid(sentence: string, details: { readonly hint?: string } = {}): Failure {
  return new Failure('STORE_INVALID', `${sentence}.`, details);
}
