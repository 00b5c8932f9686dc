/** What a deploy was asked to do. */
export interface DeployRequest {
  /** The revision as it was asked for: a commit, a branch, a tag. */
  readonly revision: string;
  /** What people call it. */
  readonly refName: string;
  /** `forced` lifts the refusals that only guard against mistakes. */
  readonly force: 'with care' | 'forced';
}
