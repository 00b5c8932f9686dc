// Parses what a server sent before the connection broke: a plain sentence, its version, its algorithms.

/** What a server sent at the beginning of a connection. */
export type Banner =
  | { readonly kind: 'silence' }
  /** It speaks SSH. The lists are empty where they did not come. */
  | { readonly kind: 'ssh'; readonly software: string; readonly algorithms: ServerAlgorithms }
  /** sshd reports in clear text why it drops us: too many connections, or a penalty. */
  | { readonly kind: 'dropped'; readonly reason: string }
  | { readonly kind: 'foreign'; readonly text: string };

export interface ServerAlgorithms {
  readonly kex: readonly string[];
  readonly serverHostKey: readonly string[];
  readonly cipher: readonly string[];
  readonly hmac: readonly string[];
}

/** `bytes`: the first bytes from the server, unencrypted. */
export function readBanner(bytes: Buffer): Banner {
  if (bytes.length === 0) return { kind: 'silence' };
  const text = bytes.toString('latin1');
  const version = /^SSH-[\d.]+-([^\r\n]*)\r?\n/m.exec(text);
  if (version !== null)
    return {
      kind: 'ssh',
      software: printable(version[1] ?? ''),
      algorithms: readAlgorithms(bytes.subarray(version.index + version[0].length)),
    };
  const line = printable(text.split(/\r?\n/)[0] ?? '');
  return /^(Exceeded MaxStartups|Not allowed at this time)/.test(line)
    ? { kind: 'dropped', reason: line }
    : { kind: 'foreign', text: line };
}

/** Text from a server, cut and without anything but printable ASCII. */
export function printable(text: string): string {
  return text
    .replaceAll(/[^\x20-\x7e]/g, '')
    .slice(0, 120)
    .trim();
}

const none: ServerAlgorithms = { kex: [], serverHostKey: [], cipher: [], hmac: [] };

/** SSH_MSG_KEXINIT (RFC 4253 §7.1): length, padding length, 20, cookie of 16 bytes, then name-lists. */
function readAlgorithms(packet: Buffer): ServerAlgorithms {
  if (packet.length < 26 || packet[5] !== 20) return none;
  const lists: string[][] = [];
  for (let at = 22; lists.length < 6 && at + 4 <= packet.length; ) {
    const length = packet.readUInt32BE(at);
    if (at + 4 + length > packet.length) break;
    lists.push(printableNames(packet.toString('latin1', at + 4, at + 4 + length)));
    at += 4 + length;
  }
  const [kex = [], serverHostKey = [], , cipher = [], , hmac = []] = lists;
  return { kex, serverHostKey, cipher, hmac };
}

function printableNames(list: string): string[] {
  return list.split(',').filter((name) => /^[\w@.-]{1,64}$/.test(name) && !/^(ext-info|kex-strict)-/.test(name));
}
