/** What is to be revoked at a store, and how it is reached: plain texts, to be kept in a file of this user alone. */
export interface Revocable {
  readonly access: {
    readonly url: string;
    readonly namespace?: string | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
  };
  readonly token: string;
  /** `token`: it is ours, and revoking it ends its leases. Else only these leases, by their ids. */
  readonly what: 'token' | readonly string[];
}

/** Where a store takes down what has to be revoked, so that a process that comes after this one can do it. */
export interface HandOver {
  /** The last note of a store counts. Written before the store goes on. */
  note(store: string, revocable: Revocable): void;
  /** Whether the store is left as it is when it is closed, because what it lent is still in use. */
  isKept(store: string): boolean;
  /** Nothing of the store is to be revoked any more. */
  forget(store: string): void;
}
