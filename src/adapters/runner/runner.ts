import { readFileSync, statSync } from 'node:fs';
import * as http from 'node:http';
import { setTimeout } from 'node:timers/promises';
import * as core from '@actions/core';
import { Failure } from '../../domain/failure.ts';
import { breakCommands, plain } from '../../domain/text/escape.ts';
import type { Job, Runner } from '../../ports/runner.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** GitHub's own payloads end at 25 MB. */
const payloadLimit = 32 * 1024 * 1024;
/** GitHub drops a step's whole summary above 1 MiB. */
const summaryLimit = 1_000_000;
const annotationLimit = 4096;

/** The job that this process runs in, and the process's variables for the adapters that need some of them. */
export interface ActionsRunner extends Runner {
  readonly variables: Variables;
}

/** The only reader of the process's environment, and the only writer to its output. */
export function openRunner(): ActionsRunner {
  const variables = process.env;
  return {
    variables,
    job: readJob(variables),
    input: (name) => core.getInput(name),
    output: (name, value) => core.setOutput(name, value),
    saveState: (name, value) => core.saveState(name, value),
    state: (name) => core.getState(name),
    mask,
    line,
    group: (title, lines) => {
      core.startGroup(plain(title));
      lines.forEach(line);
      core.endGroup();
    },
    annotate: (level, text, title) => core[level](text.slice(0, annotationLimit), { title: plain(title, 200) }),
    summarize,
    idToken: (audience) => idToken(variables, audience),
    fail: () => {
      process.exitCode = 1;
    },
  };
}

const proxyNames = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'] as const;

/**
 * Lets `fetch` use the proxy that the runner's environment names, in a Node that can (24.14 and newer).
 * A variable that Node cannot read is told and left aside: a run may need no proxy at all.
 */
export function followProxy(): void {
  const named = proxyNames.flatMap((name) =>
    process.env[name] ? [[name, withScheme(process.env[name])] as const] : [],
  );
  const usable = named.filter(([name, address]) => isProxy(name, address));
  if (usable.length > 0) setProxies(Object.fromEntries(usable));
}

/** curl and git take `proxy.example.com:3128`, Node does not. */
function withScheme(address: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
}

/** Asks Node itself, and takes the setting back at once. Its error must not be told: it holds the address, and that may hold a password. */
function isProxy(name: string, address: string): boolean {
  try {
    setProxies({ [name]: address })?.();
    return true;
  } catch {
    line(`Warning: ${name} holds no address of a proxy that can be used; the run goes on without it.`);
    return false;
  }
}

/** Whichever proxy it is not given, Node looks for in the process's own variables; so the others are hidden from it meanwhile. */
function setProxies(proxies: Variables): (() => void) | undefined {
  const own = { ...process.env };
  for (const name of proxyNames) delete process.env[name];
  try {
    return http.setGlobalProxyFromEnv?.({ ...process.env, ...proxies });
  } finally {
    Object.assign(process.env, own);
  }
}

/**
 * Ends the process with the status that was set, once its output is written.
 * What a hook has left running outside its group holds pipes of ours, and would hold the step until it ends.
 */
export function exit(): void {
  process.stdout.write('', () => process.exit());
}

function line(text: string): void {
  core.info(breakCommands(text));
}

/** The runner masks line by line; a value of several lines is given as such. */
function mask(value: string): void {
  for (const part of value.split(/[\r\n]+/)) if (part.trim() !== '') core.setSecret(part.trim());
}

/** A summary that cannot be written never makes a deploy fail. */
async function summarize(markdown: string): Promise<void> {
  const bytes = Buffer.from(markdown);
  const whole = bytes.length <= summaryLimit;
  const text = whole
    ? markdown
    : `${bytes.subarray(0, summaryLimit).toString('utf8')}\n\n(The summary was too long and is cut here.)\n`;
  try {
    await core.summary.addRaw(text, true).write();
  } catch {
    core.summary.emptyBuffer();
    line('The job summary could not be written.');
  }
}

function readJob(variables: Variables): Job {
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

/** docs.github.com, "OpenID Connect reference": one GET with the request token. Tried four times; a refusal is not asked again. */
async function idToken(variables: Variables, audience: string): Promise<string> {
  const url = URL.parse(variables['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
  const bearer = variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '';
  if (url === null || bearer === '')
    throw new Failure('ID_TOKEN_UNAVAILABLE', 'The job may not ask GitHub for an identity token.');
  core.setSecret(bearer);
  url.searchParams.set('audience', audience);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await requestToken(url, bearer);
    if ('token' in answer) return answer.token;
    if (answer.again === 'no' || attempt === 4)
      throw new Failure(
        'ID_TOKEN_UNAVAILABLE',
        `GitHub gave no identity token: ${answer.why}.`,
        unavailableHint(answer.why),
      );
    await setTimeout(2 ** attempt * 100 * (0.5 + Math.random()));
  }
}

type TokenAnswer = { readonly token: string } | { readonly why: string; readonly again: 'yes' | 'no' };

async function requestToken(url: URL, bearer: string): Promise<TokenAnswer> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(5000),
    });
    const text = await response.text();
    if (!response.ok)
      return {
        why: `status ${response.status}`,
        again: response.status >= 500 || response.status === 429 ? 'yes' : 'no',
      };
    return readToken(text);
  } catch (cause) {
    return { why: cause instanceof DOMException ? 'no answer within 5 s' : 'the request failed', again: 'yes' };
  }
}

/** Nothing of the body may get into an error: it can hold the token. */
function readToken(body: string): TokenAnswer {
  const token = /"value"\s*:\s*"([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)"/.exec(body)?.[1];
  if (token === undefined) return { why: 'its answer holds none', again: 'yes' };
  core.setSecret(token);
  return { token };
}

function unavailableHint(why: string): { readonly hint?: string } {
  return /^status 4/.test(why) ? {} : { hint: 'Run the job again; look at githubstatus.com if it happens again.' };
}
