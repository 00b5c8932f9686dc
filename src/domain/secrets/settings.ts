import type { Reference } from './reference.ts';

/** A store of `stores`, placeholders filled. Files are paths in the workspace; credentials are references, read when the store is opened. */
export type StoreSettings = VaultSettings | AwsSettings | AzureSettings | GcpSettings | SopsSettings | CommandSettings;

/** Vault or OpenBao. */
export interface VaultSettings {
  readonly type: 'vault';
  readonly url: string;
  readonly namespace: string | undefined;
  readonly auth: VaultAuthSettings;
  /** Of the id token; `undefined`: the origin of `url`. */
  readonly audience: string | undefined;
  /** PEM file of the authorities that its certificate may come from. */
  readonly ca: string | undefined;
  /** PEM file of the certificate that we show. */
  readonly cert: string | undefined;
  readonly key: Reference | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

export type VaultAuthSettings =
  | { readonly method: 'jwt'; readonly mount: string; readonly role: string }
  | { readonly method: 'token'; readonly token: Reference }
  | { readonly method: 'approle'; readonly mount: string; readonly roleId: string; readonly secretId: Reference }
  | {
      readonly method: 'cert';
      readonly mount: string;
      readonly name: string | undefined;
      readonly cert: string;
      readonly key: Reference;
    };

/** AWS Secrets Manager. */
export interface AwsSettings {
  readonly type: 'aws';
  readonly region: string;
  /** `undefined`: the credentials that the runner has. */
  readonly role: string | undefined;
  readonly audience: string | undefined;
  readonly endpoint: string | undefined;
  readonly stsEndpoint: string | undefined;
  readonly ca: string | undefined;
}

/** Azure Key Vault. */
export interface AzureSettings {
  readonly type: 'azure';
  readonly vault: string;
  readonly tenant: string;
  readonly client: string;
  readonly cloud: 'public' | 'usgov' | 'china';
  readonly audience: string | undefined;
  readonly endpoint: string | undefined;
  readonly authority: string | undefined;
  readonly ca: string | undefined;
}

/** Google Secret Manager. */
export interface GcpSettings {
  readonly type: 'gcp';
  readonly project: string;
  readonly provider: string;
  readonly serviceAccount: string | undefined;
  readonly location: string | undefined;
  readonly audience: string | undefined;
  readonly endpoint: string | undefined;
  readonly stsEndpoint: string | undefined;
  readonly iamEndpoint: string | undefined;
  readonly ca: string | undefined;
}

/** A file of SOPS in the workspace. */
export interface SopsSettings {
  readonly type: 'sops';
  readonly path: string;
  readonly identity: Reference;
}

/** A command on the runner; `{locator}` in its words stands for the locator of a reference. */
export interface CommandSettings {
  readonly type: 'command';
  readonly run: readonly [program: string, ...words: string[]];
  /** Variables that it gets besides the few that every command gets. */
  readonly env: readonly string[];
  readonly output: 'text' | 'json';
  /** Milliseconds. */
  readonly timeout: number;
}

/** One file that is made of secrets on the servers. */
export interface DeliverSettings {
  /** `shared/…` is one file for all releases; any other path is inside the release. */
  readonly to: string;
  readonly format: 'dotenv' | 'json' | 'docker' | 'systemd' | 'shell';
  /** Octal, such as `0600`. */
  readonly mode: string;
  /** One of the groups of the user that writes it. */
  readonly group: string | undefined;
  /** Names, in which `*` stands for any characters. */
  readonly secrets: readonly string[];
  /** Empty: every server that has a release. */
  readonly roles: readonly string[];
  /** Where a link at that place may lead besides `shared/`. */
  readonly allowTargets: readonly string[];
}

export type LeakGuard = 'off' | 'warn' | 'fail';

/** The credentials that a store needs before it can be opened. */
export function credentialsOf(store: StoreSettings): readonly Reference[] {
  switch (store.type) {
    case 'vault':
      return [...(store.key === undefined ? [] : [store.key]), ...authCredentials(store.auth)];
    case 'sops':
      return [store.identity];
    case 'aws':
    case 'azure':
    case 'gcp':
    case 'command':
      return [];
  }
}

function authCredentials(auth: VaultAuthSettings): readonly Reference[] {
  switch (auth.method) {
    case 'jwt':
      return [];
    case 'token':
      return [auth.token];
    case 'approle':
      return [auth.secretId];
    case 'cert':
      return [auth.key];
  }
}
