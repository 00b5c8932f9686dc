/** How long the lines of `base64` are, and those of `openssl base64`; and how many are looked for, since each costs a mask. */
const wraps = [
  { length: 76, most: 64 },
  { length: 64, most: 16 },
];
const shortestLine = 4;

/**
 * The part of the base64 of `text` that is the same wherever the text stands: in front of it may be any number of bytes,
 * and anything behind it. One for each alignment, in the usual alphabet and that of URLs.
 */
export function base64Cores(text: string): readonly string[] {
  const cores = [0, 1, 2].map((ahead) => base64Core(text, ahead));
  return [...cores, ...cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** The lines of the base64 of `text` where a program cuts it into lines; none where it fits into one line or is very long. */
export function wrappedBase64(text: string): readonly string[] {
  const core = base64Core(text, 0);
  return wraps.flatMap(({ length, most }) => {
    const lines = core.match(new RegExp(`.{1,${length}}`, 'g')) ?? [];
    return lines.length < 2 || lines.length > most ? [] : lines.filter((line) => line.length >= shortestLine);
  });
}

/** Hex, lower and upper case. */
export function hexForms(text: string): readonly string[] {
  const hex = [...bytesOf(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex, hex.toUpperCase()];
}

/** Only characters of base64 whose six bits all come from the text, with `ahead` bytes in front of it. */
function base64Core(text: string, ahead: number): string {
  const bytes = bytesOf(text);
  const padded = new Uint8Array(ahead + bytes.length);
  padded.set(bytes, ahead);
  return base64(padded).slice(Math.ceil((ahead * 8) / 6), Math.floor((padded.length * 8) / 6));
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
