/** Shorter parts are not masked: they would hide words that have nothing to do with the secret. */
const shortest = 8;

/**
 * The lines of a key file that are not secret: BEGIN and END, and the headers of an encrypted PEM key (RFC 1421 §4.6).
 */
const publicParts = /-----(?:BEGIN|END) [^-\r\n]*-----|(?:Proc-Type|DEK-Info): *[^\s\\]+/g;

/** A line of a key file, also of one that has lost its BEGIN. */
const longBase64 = /[A-Za-z0-9+/]{60}/;

/**
 * What the runner has to hide of a credential of our own: a private key, its passphrase, a token.
 * It hides single lines, so each line of a key is given by itself, whatever became of the newlines between them (see
 * `normalizePrivateKey`).
 */
export function ownMasks(credential: string): readonly string[] {
  const secret = credential.replaceAll(publicParts, ' ');
  const isKeyFile = secret !== credential;
  const parts = [
    ...(isKeyFile ? [] : credential.split(/[\r\n]+/).map((line) => line.trim())),
    ...(isKeyFile || longBase64.test(secret) ? base64Parts(secret) : []),
  ];
  return [...new Set(parts)].filter((part) => part.length >= shortest);
}

function base64Parts(text: string): readonly string[] {
  return text.replaceAll(/\\[rn]/g, ' ').match(/[A-Za-z0-9+/=]+/g) ?? [];
}
