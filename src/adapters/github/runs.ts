import type { getOctokit } from '@actions/github';
import { writtenAs } from '../../domain/github/permissions.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import { plain } from '../../domain/text/escape.ts';
import type { Job } from '../../ports/runner.ts';
import type { Runs } from '../../ports/runs.ts';

type Octokit = ReturnType<typeof getOctokit>;
type Status = Parameters<Runs['deploymentStatus']>[0];

export interface GitHubAccess {
  /** `undefined`: none is given, so GitHub is not asked. */
  readonly token: Secret | undefined;
  readonly job: Job;
  /** The verified id of this job's check run. */
  readonly checkRun?: string;
  /** The GitHub environment of the stage. */
  readonly environment?: string;
  /** Milliseconds for all the requests of one question together; 5 seconds where nothing is said. */
  readonly limit?: number;
}

const usualLimit = 5000;
/** GitHub refuses a longer description. */
const descriptionLimit = 140;

/** What GitHub's REST API says about runs and deployments. */
export function openGitHub(access: GitHubAccess): Runs {
  return {
    ended: async (holder) => {
      if (access.token === undefined || !sameName(holder.repository, access.job.repository) || !isId(holder.run))
        return 'unknown';
      try {
        const github = await connect(access, access.token);
        return holder.checkRun !== undefined && isId(holder.checkRun)
          ? await jobEnded(github, holder.run, holder.checkRun)
          : await attemptEnded(github, holder.run, holder.attempt);
      } catch {
        return 'unknown';
      }
    },
    deploymentStatus: async (status) => {
      if (access.token === undefined) return { refused: 'the input `github-token` is empty' };
      try {
        const github = await connect(access, access.token);
        const deployment = await findDeployment(github, access);
        return deployment === undefined ? 'missing' : await writeStatus(github, access, { ...status, deployment });
      } catch (thrown) {
        return { refused: reason(thrown, access) };
      }
    },
  };
}

/** The client of one question, its repository and its time limit. */
interface Connection {
  readonly octokit: Octokit;
  readonly at: { readonly owner: string; readonly repo: string; readonly request: { readonly signal: AbortSignal } };
}

/**
 * The package parses the event's payload when it is loaded, which can fail, so it is loaded here, where the error is
 * caught.
 */
async function connect(access: GitHubAccess, token: Secret): Promise<Connection> {
  const signal = AbortSignal.timeout(access.limit ?? usualLimit);
  const { getOctokit } = await import('@actions/github');
  const [owner = '', repo = ''] = access.job.repository.split('/');
  return {
    octokit: getOctokit(token.reveal().trim(), { baseUrl: access.job.apiUrl, log: quiet }),
    at: { owner, repo, request: { signal } },
  };
}

/** The id of a job is the id of its check run. Its run must be the one in the lock's owner record. */
async function jobEnded(
  { octokit, at }: Connection,
  run: string,
  checkRun: string,
): Promise<'ended' | 'running' | 'unknown'> {
  const { data } = await octokit.rest.actions.getJobForWorkflowRun({ ...at, job_id: Number(checkRun) });
  return String(data.run_id) === run ? ended(data.status) : 'unknown';
}

async function attemptEnded(
  { octokit, at }: Connection,
  run: string,
  attempt: number,
): Promise<'ended' | 'running' | 'unknown'> {
  const { data } = await octokit.rest.actions.getWorkflowRunAttempt({
    ...at,
    run_id: Number(run),
    attempt_number: attempt,
  });
  return String(data.id) === run ? ended(data.status) : 'unknown';
}

function ended(status: unknown): 'ended' | 'running' | 'unknown' {
  if (typeof status !== 'string') return 'unknown';
  return status === 'completed' ? 'ended' : 'running';
}

/**
 * GitHub made the deployment when the job with `environment:` began. A token without `checks: read` finds it by its
 * statuses.
 */
async function findDeployment(github: Connection, access: GitHubAccess): Promise<number | undefined> {
  if (access.checkRun !== undefined && isId(access.checkRun)) {
    const found = await deploymentOfCheckRun(github, access.checkRun);
    if (found !== 'not readable') return found;
  }
  return access.environment === undefined ? undefined : await deploymentOfRun(github, access.job, access.environment);
}

async function deploymentOfCheckRun(
  { octokit, at }: Connection,
  checkRun: string,
): Promise<number | undefined | 'not readable'> {
  try {
    const { data } = await octokit.rest.checks.get({ ...at, check_run_id: Number(checkRun) });
    return data.deployment?.id;
  } catch (thrown) {
    const status = statusOf(thrown);
    if (status === 401 || status === 403 || status === 404) return 'not readable';
    throw thrown;
  }
}

async function deploymentOfRun(
  { octokit, at }: Connection,
  job: Job,
  environment: string,
): Promise<number | undefined> {
  const { data: deployments } = await octokit.rest.repos.listDeployments({
    ...at,
    environment,
    sha: job.sha,
    per_page: 5,
  });
  const ours = new RegExp(`/actions/runs/${job.runId}(?:/|$)`);
  for (const deployment of deployments) {
    const { data: statuses } = await octokit.rest.repos.listDeploymentStatuses({
      ...at,
      deployment_id: deployment.id,
      per_page: 30,
    });
    if (statuses.some((status) => ours.test(status.log_url || status.target_url || ''))) return deployment.id;
  }
  return undefined;
}

async function writeStatus(
  { octokit, at }: Connection,
  access: GitHubAccess,
  status: Status & { readonly deployment: number },
): Promise<'written'> {
  const { job, checkRun } = access;
  const place = checkRun === undefined ? `attempts/${job.attempt}` : `job/${checkRun}`;
  await octokit.rest.repos.createDeploymentStatus({
    ...at,
    deployment_id: status.deployment,
    state: status.state,
    description: plain(status.description, descriptionLimit - 1),
    log_url: `${job.serverUrl}/${job.repository}/actions/runs/${job.runId}/${place}`,
    auto_inactive: false,
  });
  return 'written';
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function statusOf(thrown: unknown): number | undefined {
  const status = (thrown as { readonly status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : undefined;
}

/** The package reports status 500 where there was no response at all. */
function reason(thrown: unknown, { limit = usualLimit }: GitHubAccess): string {
  const answered = (thrown as { readonly response?: unknown } | null)?.response !== undefined;
  const status = answered ? statusOf(thrown) : undefined;
  if (status === 403 || status === 404)
    return `status ${status}; the job needs the permission \`${writtenAs('deployments')}\``;
  return status === undefined ? `no answer from GitHub within ${limit / 1000} s` : `status ${status}`;
}

function isId(text: string): boolean {
  return /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text));
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
