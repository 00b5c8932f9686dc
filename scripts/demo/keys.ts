import ssh2 from 'ssh2';

/** A key as OpenSSH writes it. */
export interface KeyText {
  readonly private: string;
  readonly public: string;
}

/**
 * A new ed25519 key. About one in 300 that ssh2 1.17 makes cannot be read back, by ssh2 itself neither ("Malformed OpenSSH
 * private key"), so each is read before it is used.
 */
export function newKey(comment: string): KeyText {
  for (;;) {
    const key = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    if (!(ssh2.utils.parseKey(key.private) instanceof Error)) return key;
  }
}
