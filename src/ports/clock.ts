export interface Clock {
  now(): Date;
  /** Resolves after `ms`, or rejects with `CANCELLED` when `signal` aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** So many random hex digits. */
  hex(digits: number): string;
}
