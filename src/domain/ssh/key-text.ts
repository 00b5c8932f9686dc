/** The text of a private key, normalized; or what it is instead. */
export type PrivateKeyText =
  | { readonly kind: 'private'; readonly format: 'openssh' | 'pem'; readonly text: string }
  | { readonly kind: 'public' }
  | { readonly kind: 'putty' }
  | { readonly kind: 'invalid'; readonly why: string };

/**
 * Repairs what copying a key into a secret breaks: CRLF, a missing last newline, blanks around it, `\n` written as two
 * characters, and
 * newlines that became blanks. Other blocks, such as `EC PARAMETERS` of openssl, are dropped.
 * Only `text` of the result holds any part of the key.
 */
export function normalizePrivateKey(given: string): PrivateKeyText {
  const text = unfold(given.replaceAll('\r\n', '\n').replaceAll('\r', '\n')).trim();
  if (text === '') return { kind: 'invalid', why: 'it is empty' };
  if (/^PuTTY-User-Key-File-/.test(text)) return { kind: 'putty' };
  if (
    /^(ssh-(ed25519|rsa|dss)|ecdsa-sha2-\S+|sk-\S+) AAAA/.test(text) ||
    /^-+ ?BEGIN (SSH2 |RSA |)PUBLIC KEY/.test(text)
  )
    return { kind: 'public' };
  const [, label] =
    /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----/.exec(text) ?? /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text) ?? [];
  if (label === undefined) return { kind: 'invalid', why: 'the BEGIN line is missing' };
  const from = text.indexOf(`-----BEGIN ${label}-----`);
  const to = text.indexOf(`-----END ${label}-----`);
  if (to < 0) return { kind: 'invalid', why: 'the END line is missing, so it was cut' };
  if (!label.endsWith('PRIVATE KEY')) return { kind: 'invalid', why: 'it is something else than a key' };
  const first = `-----BEGIN ${label}-----`;
  const body = text.slice(from + first.length, to).trim();
  const lines = body.includes('\n') ? body.split('\n').map((line) => line.trim()) : unjoin(body);
  return {
    kind: 'private',
    format: label.startsWith('OPENSSH') ? 'openssh' : 'pem',
    text: [first, ...lines, `-----END ${label}-----`, ''].join('\n'),
  };
}

/**
 * The lines of what became one line. The headers of an encrypted PEM key hold blanks of their own, and an empty line
 * ends them (RFC 1421 §4.4).
 */
function unjoin(body: string): string[] {
  const lines = body.split(/(?<!:) +/);
  const headers = lines.filter((line) => line.includes(':'));
  return headers.length === 0 ? lines : [...headers, '', ...lines.slice(headers.length)];
}

/** Newlines that were written as `\n`. Base64 has no backslash, so this cannot be meant otherwise. */
function unfold(text: string): string {
  return text.includes('\\n') && !text.trim().includes('\n')
    ? text.replaceAll('\\r', '').replaceAll('\\n', '\n')
    : text;
}
