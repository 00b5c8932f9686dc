import type { Runs } from '../../src/ports/runs.ts';

/** GitHub, as it says of every job that it has ended, still runs, or that nobody knows. */
export class FakeRuns implements Runs {
  says: 'ended' | 'running' | 'unknown' = 'running';

  async ended(): Promise<'ended' | 'running' | 'unknown'> {
    return this.says;
  }

  async deploymentStatus(): Promise<'missing'> {
    return 'missing';
  }
}
