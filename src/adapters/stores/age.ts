import { armor, Decrypter } from 'age-encryption';
import { Failure } from '../../domain/failure.ts';
import type { Secret } from '../../domain/secrets/secret.ts';

/** Opens age files with the identities that it was made with. */
export interface Age {
  open(file: Uint8Array): Promise<Opened>;
}

export type Opened =
  | { readonly kind: 'opened'; readonly bytes: Uint8Array }
  | { readonly kind: 'for others' }
  | { readonly kind: 'broken' };

/**
 * Reads age identities, X25519 and post-quantum, separated by white space; lines that begin with `#` are comments, as `age-keygen` writes them.
 * @throws Failure `STORE_INVALID`; nothing of the text is in it
 */
export function openAge(identities: Secret): Age {
  const lines = identities.reveal().split(/[\r\n]+/);
  const text = lines
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .trim();
  const wrong = misfit(text);
  if (wrong !== undefined) throw refused(identities, wrong);
  const words = text.split(/\s+/);
  try {
    decrypterOf(words);
  } catch {
    // The library's error is not kept as the cause: it may quote the identity.
    throw refused(identities, 'holds something that is no age identity');
  }
  return { open: (file) => open(words, file) };
}

function decrypterOf(words: readonly string[]): Decrypter {
  const decrypter = new Decrypter();
  for (const word of words) decrypter.addIdentity(word);
  return decrypter;
}

/** The bytes of an armoured age file; `undefined` where it is none. */
export function unarmored(text: string): Uint8Array | undefined {
  try {
    return armor.decode(text);
  } catch {
    return undefined;
  }
}

/** What people put there by mistake. */
function misfit(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (/^-----BEGIN AGE ENCRYPTED FILE/.test(text)) return 'is protected by a passphrase: store the plain identity';
  if (/^-----BEGIN /.test(text)) return 'is an SSH key; only identities of age are taken';
  if (/(?:^|\s)AGE-PLUGIN-/.test(text)) return 'is for a plugin of age, and plugins are not run here';
  if (/^age1/.test(text))
    return 'is the public half (`age1…`); store the identity, which begins with `AGE-SECRET-KEY-`';
  return undefined;
}

function refused({ name }: Secret, what: string): Failure {
  return new Failure('STORE_INVALID', `The age identity ${name} ${what}.`, {
    hint: 'Store the line that `age-keygen` prints: `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…`; several are separated by spaces.',
  });
}

/** An identity behind the others is asked only where the header was read and none of them fits. */
async function open(words: readonly string[], file: Uint8Array): Promise<Opened> {
  const decrypter = decrypterOf(words);
  let fits = true;
  decrypter.addIdentity({
    unwrapFileKey: () => {
      fits = false;
      return null;
    },
  });
  try {
    return { kind: 'opened', bytes: await decrypter.decrypt(file) };
  } catch {
    return { kind: fits ? 'broken' : 'for others' };
  }
}
