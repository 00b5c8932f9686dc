import type { Secret } from '../domain/secrets/secret.ts';

/** The job that we run in: its inputs, its facts, and everything that we report to it. */
export interface Runner {
  /** Facts of the run, from the runner's own variables. */
  readonly job: Job;
  /** The trimmed text of an input; empty where it is not given. */
  input(name: string): string;
  /**
   * What a secret input holds, exactly as it was given, masked before anybody has it; `undefined` where it is blank.
   */
  secret(name: string): Secret | undefined;
  output(name: string, value: string): void;
  /** Saved for the post step, immediately. */
  saveState(name: string, value: string): void;
  state(name: string): string;
  /** Every later log line hides it, line by line. */
  mask(secret: Secret): void;
  /** One line in the log. Text from outside must have gone through `domain/text/`. */
  line(text: string): void;
  group(title: string, lines: readonly string[]): void;
  /** At most one annotation per cause. */
  annotate(level: 'error' | 'warning' | 'notice', text: string, title: string): void;
  /** Adds Markdown to the job summary. */
  summarize(markdown: string): Promise<void>;
  /** An identity token of this job, masked. @throws Failure `ID_TOKEN_UNAVAILABLE` */
  idToken(audience: string): Promise<Secret>;
  /** Makes the step red. */
  fail(): void;
}

export interface Job {
  readonly repository: string;
  readonly repositoryVisibility: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
  readonly runId: string;
  readonly runNumber: number;
  readonly attempt: number;
  readonly job: string;
  /** The workflow's own path, OWNER/REPO/.github/workflows/NAME, without its ref: run numbers count per workflow. */
  readonly workflow: string;
  readonly actor: string;
  readonly event: string;
  readonly sha: string;
  /** The short name of the branch or tag. */
  readonly refName: string;
  readonly workspace: string;
  readonly temp: string;
  /** The event's own payload, unverified. */
  readonly payload: unknown;
}
