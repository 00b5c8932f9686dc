import { readFileSync, statSync } from 'node:fs';
import type { Job } from '../../ports/runner.ts';

/** GitHub's own payloads end at 25 MB. */
const payloadLimit = 32 * 1024 * 1024;

/** The facts of the run, from the variables that the runner sets (docs.github.com, "Variables reference"). */
export function readJob(variables: Readonly<Record<string, string | undefined>>): Job {
  const text = (name: string) => variables[name] ?? '';
  const payload = readPayload(text('GITHUB_EVENT_PATH'));
  return Object.freeze({
    repository: text('GITHUB_REPOSITORY'),
    repositoryVisibility: visibility(payload),
    serverUrl: text('GITHUB_SERVER_URL') || 'https://github.com',
    apiUrl: text('GITHUB_API_URL') || 'https://api.github.com',
    runId: text('GITHUB_RUN_ID'),
    runNumber: Number(text('GITHUB_RUN_NUMBER')) || 0,
    attempt: Number(text('GITHUB_RUN_ATTEMPT')) || 1,
    job: text('GITHUB_JOB'),
    workflow: text('GITHUB_WORKFLOW_REF').split('@', 1)[0] ?? '',
    actor: text('GITHUB_ACTOR'),
    event: text('GITHUB_EVENT_NAME'),
    sha: text('GITHUB_SHA'),
    refName: text('GITHUB_REF_NAME'),
    workspace: text('GITHUB_WORKSPACE'),
    temp: text('RUNNER_TEMP'),
    payload,
  });
}

function readPayload(path: string): unknown {
  try {
    return path === '' || statSync(path).size > payloadLimit ? undefined : JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** `public`, `private`, `internal`, or `unknown`; a payload has the older `private` always, `visibility` mostly. */
function visibility(payload: unknown): string {
  const repository = (
    payload as
      | { readonly repository?: { readonly visibility?: unknown; readonly private?: unknown } | null }
      | null
      | undefined
  )?.repository;
  if (typeof repository?.visibility === 'string' && /^[a-z]{1,20}$/.test(repository.visibility))
    return repository.visibility;
  if (typeof repository?.private === 'boolean') return repository.private ? 'private' : 'public';
  return 'unknown';
}
