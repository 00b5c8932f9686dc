/** What GitHub knows about runs and deployments. No call takes longer than 5 s, and none rejects. */
export interface Runs {
  /** Whether the job that a lock names has ended. `unknown`: GitHub could not be asked or does not say. */
  ended(holder: {
    readonly repository: string;
    readonly run: string;
    readonly attempt: number;
    readonly checkRun: string | undefined;
  }): Promise<'ended' | 'running' | 'unknown'>;
  /**
   * Sets a status on the deployment that belongs to this very job. `missing`: the job has none, or none that can be
   * found.
   */
  deploymentStatus(status: {
    readonly state: 'success' | 'failure';
    readonly description: string;
  }): Promise<'written' | 'missing' | { readonly refused: string }>;
}
