import { Failure } from '../../src/domain/failure.ts';
import { ownMasks } from '../../src/domain/secrets/own-masks.ts';
import { Secret } from '../../src/domain/secrets/secret.ts';
import type { Job, Runner } from '../../src/ports/runner.ts';

/** A job of `octo/shop`; `more` replaces some of its facts. */
export function fakeJob(more: Partial<Job> = {}): Job {
  return {
    repository: 'octo/shop',
    repositoryVisibility: 'private',
    serverUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
    runId: '1001',
    runNumber: 17,
    attempt: 1,
    job: 'deploy',
    workflow: 'octo/shop/.github/workflows/deploy.yml',
    actor: 'octocat',
    event: 'push',
    sha: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
    refName: 'main',
    workspace: '/workspace',
    temp: '/temp',
    payload: { repository: { id: 74, private: true } },
    ...more,
  };
}

export interface FakeRunnerFacts {
  readonly job?: Partial<Job>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly state?: Readonly<Record<string, string>>;
  /** Default: the job has no permission to ask for one. */
  readonly idToken?: (audience: string) => Promise<string>;
}

/** Remembers all that it is told. */
export class FakeRunner implements Runner {
  readonly job: Job;
  /** Everything in the log, in order: lines, `▸ title` of groups, `level: title: text` of annotations. */
  readonly log: string[] = [];
  readonly outputs: Record<string, string> = {};
  readonly saved: Record<string, string> = {};
  readonly masks: string[] = [];
  summary = '';
  colour: 'green' | 'red' = 'green';
  readonly #facts: FakeRunnerFacts;

  constructor(facts: FakeRunnerFacts = {}) {
    this.#facts = facts;
    this.job = fakeJob(facts.job);
  }

  input(name: string): string {
    return this.#facts.inputs?.[name]?.trim() ?? '';
  }

  output(name: string, value: string): void {
    this.outputs[name] = value;
  }

  saveState(name: string, value: string): void {
    this.saved[name] = value;
  }

  state(name: string): string {
    return this.#facts.state?.[name] ?? '';
  }

  secret(name: string): Secret | undefined {
    const value = this.#facts.inputs?.[name] ?? '';
    this.masks.push(...ownMasks(value));
    return value.trim() === '' ? undefined : new Secret(name, value);
  }

  mask(secret: Secret): void {
    this.masks.push(secret.reveal());
  }

  line(text: string): void {
    this.log.push(text);
  }

  group(title: string, lines: readonly string[]): void {
    this.log.push(`▸ ${title}`, ...lines);
  }

  annotate(level: 'error' | 'warning' | 'notice', text: string, title: string): void {
    this.log.push(`${level}: ${title}: ${text}`);
  }

  async summarize(markdown: string): Promise<void> {
    this.summary += markdown;
  }

  async idToken(audience: string): Promise<Secret> {
    if (this.#facts.idToken === undefined)
      throw new Failure('ID_TOKEN_UNAVAILABLE', 'The job may not ask GitHub for an identity token.');
    return new Secret('identity token', await this.#facts.idToken(audience));
  }

  fail(): void {
    this.colour = 'red';
  }
}
