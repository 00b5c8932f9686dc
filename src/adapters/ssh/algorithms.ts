// Which algorithms we offer to servers.
import type { Algorithms, ServerHostKeyAlgorithm } from './ssh2.ts';

/** No SHA-1, no CBC. AES-GCM with 128 bits first: it is the fastest in Node. */
const algorithms = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
    'chacha20-poly1305@openssh.com',
  ],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
} satisfies Algorithms;

const hostKeyNames: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** What we offer, for messages and docs about what a server must allow. */
export const offered: Readonly<Record<'kex' | 'cipher' | 'hmac' | 'serverHostKey', readonly string[]>> = {
  ...algorithms,
  serverHostKey: hostKeyNames,
};

/** What is offered to a host for which known_hosts has keys of these types. */
export function algorithmsFor(types: readonly string[]): Algorithms {
  return { ...algorithms, serverHostKey: hostKeyAlgorithms(types) };
}

/**
 * The known types first, as OpenSSH does. The others follow, so that a server with another key is reported as such and
 * not as having no common algorithm.
 */
function hostKeyAlgorithms(types: readonly string[]): ServerHostKeyAlgorithm[] {
  const known = (name: ServerHostKeyAlgorithm): boolean => types.includes(name.startsWith('rsa-') ? 'ssh-rsa' : name);
  return [...hostKeyNames.filter(known), ...hostKeyNames.filter((name) => !known(name))];
}
