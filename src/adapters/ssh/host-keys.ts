// Checks the key that a host shows against known_hosts, at once, and keeps the reason of a refusal.
import { createHmac } from 'node:crypto';
import { Failure } from '../../domain/failure.ts';
import type { HostKey, HostKeys, KnownHosts } from '../../domain/ssh/known-hosts.ts';
import { checkHostKey, hostKeyFrom, keysFor, knownHostsLine, knownName } from '../../domain/ssh/known-hosts.ts';
import { fingerprint } from './keys.ts';
import type { Target } from './target.ts';

export class HostKeyCheck {
  readonly #keys: HostKeys;
  readonly #target: Target;
  #failure: Failure | undefined;

  constructor(known: KnownHosts, target: Target) {
    this.#keys = keysFor(known, target, (salt, text) => createHmac('sha1', salt).update(text).digest());
    this.#target = target;
  }

  /** The types of keys that known_hosts has for the host. */
  get types(): readonly string[] {
    return this.#keys.trusted.map((key) => key.type);
  }

  /** Why `verify` refused. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** `blob`: the public key in its wire format. Never throws: `ssh2` would not take that for a refusal. */
  verify(blob: Uint8Array): 'trusted' | 'refused' {
    const shown = hostKeyFrom(blob);
    if (shown === undefined) {
      this.#failure = this.#fail('HOST_KEY_UNKNOWN', 'shows a host key that cannot be read');
      return 'refused';
    }
    const print = `${shown.type} ${fingerprint(blob)}`;
    this.#failure = this.#check(shown, print);
    return this.#failure === undefined ? 'trusted' : 'refused';
  }

  #check(shown: HostKey, print: string): Failure | undefined {
    const name = knownName(this.#target.host, this.#target.port);
    const hint = unknownHint(knownHostsLine(this.#target, shown));
    switch (checkHostKey(this.#keys, shown)) {
      case 'trusted':
        return undefined;
      case 'revoked':
        return this.#fail('HOST_KEY_REVOKED', `shows the key ${print}, which known_hosts marks as revoked`);
      case 'changed':
        return this.#fail(
          'HOST_KEY_CHANGED',
          `shows the key ${print}, but known_hosts has another one for ${name}: ${this.#prints()}`,
        );
      case 'authority only':
        return this.#fail(
          'HOST_CERTIFICATE',
          `shows the key ${print}, and known_hosts has only a @cert-authority line for ${name}`,
          `${noCertificates} ${hint}`,
        );
      case 'unknown':
        return this.#fail('HOST_KEY_UNKNOWN', `shows the key ${print}, and known_hosts has none for ${name}`, hint);
    }
  }

  #fail(
    code: 'HOST_KEY_UNKNOWN' | 'HOST_KEY_CHANGED' | 'HOST_KEY_REVOKED' | 'HOST_CERTIFICATE',
    what: string,
    hint?: string,
  ): Failure {
    return new Failure(code, `${this.#target.label} ${what}.`, {
      server: this.#target.server,
      ...(hint === undefined ? {} : { hint }),
    });
  }

  #prints(): string {
    return this.#keys.trusted.map((key) => `${key.type} ${fingerprint(Buffer.from(key.blob, 'base64'))}`).join(', ');
  }
}

const noCertificates = 'Certificates of hosts are not supported yet, so that known_hosts must have the plain key, too.';

function unknownHint(line: string): string {
  return `Compare this fingerprint with the one that the server itself shows (\`ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub\`). If they are the same, add to known_hosts: ${line}`;
}
