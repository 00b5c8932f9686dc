import type { Secret } from '../../../domain/secrets/secret.ts';
import type { StorePorts } from '../client/ports.ts';
import type { HandOver } from './hand-over.ts';

/** A store of type `vault`: Vault or OpenBao. Keys as in the configuration, placeholders filled, `env://` read. */
export interface VaultConfig {
  /** `https://host[:port][/prefix]`; `http://` is for loopback only. */
  readonly url: string;
  readonly namespace?: string | undefined;
  readonly auth: VaultAuth;
  /** Of the id token. Default: the origin of `url`. */
  readonly audience?: string | undefined;
  /** PEM of the authorities that the store's certificate may come from, instead of those that Node trusts. */
  readonly ca?: string | undefined;
  /** PEM of the certificate that we show, for a store that asks every client for one. */
  readonly cert?: string | undefined;
  readonly key?: Secret | undefined;
  /** Sent with each request, besides our own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** `mount` is without `auth/`. */
export type VaultAuth =
  | { readonly method: 'jwt'; readonly mount: string; readonly role: string }
  | { readonly method: 'token'; readonly token: Secret }
  | { readonly method: 'approle'; readonly mount: string; readonly roleId: string; readonly secretId: Secret }
  | {
      readonly method: 'cert';
      readonly mount: string;
      /** Of the role; the store takes the first that fits where it is left out. */
      readonly name?: string | undefined;
      readonly cert: string;
      readonly key: Secret;
    };

/** What other stores need too, without the name of the run: Vault logs the token of the job instead. */
export interface VaultPorts extends Omit<StorePorts, 'run'> {
  readonly handOver?: HandOver | undefined;
}
