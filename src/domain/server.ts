/** One server of a stage, with everything resolved. */
export interface Server {
  /**
   * The label in logs, outputs and filters: the configured `name`, else host, else host:port where a host comes twice.
   */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Absolute path, without a trailing slash. */
  readonly deployTo: string;
  readonly roles: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly primary: 'primary' | 'ordinary';
  /** `no release`: only hooks of its roles run there; it has no tree, no lock and no ledger. */
  readonly release: 'release' | 'no release';
}
