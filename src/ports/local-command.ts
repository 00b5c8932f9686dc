/** Runs commands on the runner with the given environment and an allow-list of the process's own, nothing else. */
export interface LocalCommand {
  /**
   * `onLine` is called for each line of stdout and stderr, and with a notice where a process that the command left
   * running was ended. `ended`: what ended the command.
   */
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
  /** Called with every byte of stdout, of which `onLine` is then told nothing. Lines are cut where they are very long, bytes never are. */
  readonly onStdout?: (bytes: Uint8Array) => void;
}
