/** Runs commands on the runner with the given environment and an allow-list of the process's own, nothing else. */
export interface LocalCommand {
  /** `lines` is called for each line of stdout and stderr, and told when something that the command left running was ended. `killed`: it was ended by the time limit or by `signal`. */
  run(
    request: LocalRequest,
  ): Promise<{ readonly status: number; readonly ended: 'itself' | 'time limit' | 'cancelled' }>;
}

export interface LocalRequest {
  readonly words: readonly [program: string, ...words: string[]];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}
