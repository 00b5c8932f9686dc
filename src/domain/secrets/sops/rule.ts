import { Failure } from '../../failure.ts';
import { plain } from '../../text/escape.ts';
import { goPattern } from './go-pattern.ts';

/** Which values of a file are encrypted. A key that fits decides for everything below it. */
export type Rule =
  | { readonly kind: 'keys'; readonly fits: (key: string) => boolean; readonly then: 'encrypted' | 'plain' }
  /**
   * Comments decide. Which comment belongs to which value is a matter of the library that sops reads YAML with; the form of a value says the same:
   * whoever replaces an encrypted one by a plain one takes it out of the MAC, and whoever adds a plain one could have done so under any other key.
   */
  | { readonly kind: 'comments' };

const defaultSuffix = '_unencrypted';
const keys = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
] as const;

/**
 * The rule of a file, from its metadata: at most one; without one, what is below a key that ends in `_unencrypted` is plain.
 * @throws Failure `STORE_INVALID`
 */
export function readRule(path: string, text: (key: (typeof keys)[number]) => string): Rule {
  const [key = 'unencrypted_suffix', ...more] = keys.filter((one) => text(one) !== '');
  if (more.length > 0)
    throw new Failure(
      'STORE_INVALID',
      `\`${plain(path, 200)}\` has both \`${key}\` and \`${more[0]}\`; SOPS knows one of them.`,
    );
  if (key.includes('comment')) return { kind: 'comments' };
  const then = key.startsWith('unencrypted') ? 'plain' : 'encrypted';
  const written = text(key);
  if (key.endsWith('_suffix')) return { kind: 'keys', fits: (name) => name.endsWith(written || defaultSuffix), then };
  const pattern = goPattern(written);
  if (pattern === undefined)
    throw new Failure(
      'STORE_INVALID',
      `The \`${key}\` of \`${plain(path, 200)}\` is a pattern that cannot be read here.`,
      {
        hint: 'Use a simpler pattern, such as `^(data|stringData)$`, and encrypt the file again.',
      },
    );
  return { kind: 'keys', fits: (name) => pattern.test(name), then };
}

/** @param path the keys above a value and its own; places in lists have no part in it */
export function isEncrypted(rule: Rule, path: readonly string[], looksEncrypted: boolean): boolean {
  return rule.kind === 'comments' ? looksEncrypted : path.some(rule.fits) === (rule.then === 'encrypted');
}
