/** The paths of a tree on one server, all absolute: Capistrano's, and ours in `.slipway`. */
export interface Layout {
  readonly root: string;
  readonly current: string;
  readonly releases: string;
  readonly shared: string;
  readonly revisionsLog: string;
  readonly state: string;
  readonly lock: string;
  readonly ledger: string;
  readonly manifests: string;
  readonly release: (id: string) => string;
  readonly incoming: (id: string) => string;
  readonly failed: (id: string) => string;
  /** The directory in which the next `current` is made before it is moved into place. */
  readonly launch: (id: string) => string;
  readonly manifest: (id: string, part: 'json' | 'sha256' | 'files' | 'rollback') => string;
}

export function layoutOf(root: string): Layout {
  const state = `${root}/.slipway`;
  return {
    root,
    current: `${root}/current`,
    releases: `${root}/releases`,
    shared: `${root}/shared`,
    revisionsLog: `${root}/revisions.log`,
    state,
    lock: `${state}/lock`,
    ledger: `${state}/ledger.jsonl`,
    manifests: `${state}/manifests`,
    release: (id) => `${root}/releases/${id}`,
    incoming: (id) => `${state}/incoming/${id}`,
    failed: (id) => `${state}/failed/${id}`,
    launch: (id) => `${state}/switch.${id}`,
    manifest: (id, part) => `${state}/manifests/${id}.${part}`,
  };
}
