// Starts a built action as the GitHub runner does: environment, inputs, files, masks, cancel signals, and the post
// step.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import type { Command } from './runner-files.ts';
import { readPairs } from './runner-files.ts';
import { StepLog } from './step-log.ts';
import { jobToken, usualJob } from './usual-job.ts';

export interface JobRequest {
  /** A folder below `actions/`, or an absolute path of a folder with an action.yml. */
  readonly action: string;
  readonly with?: Readonly<Record<string, string>>;
  /** The checked-out repository; a fresh empty folder by default. */
  readonly workspace?: string;
  /** The step's `env:`, and facts of the job that differ from the usual ones (`GITHUB_ACTOR`, `GITHUB_API_URL` …). */
  readonly env?: Readonly<Record<string, string>>;
  /** The payload of the event. */
  readonly event?: unknown;
  /** Values that the runner knows as secrets and masks from the start. */
  readonly secrets?: readonly string[];
  /** SIGINT, after 7.5 s SIGTERM, 2.5 s later SIGKILL: what a person's click on *Cancel* does to the main step. */
  readonly cancel?: Moment;
  /** SIGKILL to the main step. */
  readonly kill?: Moment;
  /** `lost`: the runner died together with the main step, so no post step runs. */
  readonly post?: 'runs' | 'lost';
  /**
   * Each line of the main step's log as it comes, unmasked, and as a person sees it; `undefined`: a person does not see
   * it at all.
   */
  readonly watch?: (line: string, shown: string | undefined) => void;
}

/** Milliseconds after the start, the first line that holds a text or matches, or when somebody says so. */
export type Moment = { readonly after: number } | { readonly onLine: string | RegExp } | { readonly when: AbortSignal };

export interface StepResult {
  /** The log as a person sees it, masked. */
  readonly log: string;
  readonly rawLog: string;
  /** The exit status; `undefined` after a death by signal. */
  readonly exitCode: number | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  /** What the step exported for later ones. */
  readonly env: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly annotations: readonly Command[];
  readonly milliseconds: number;
}

export interface JobResult extends StepResult {
  /** `undefined` where the action has no post step or it was lost. */
  readonly post: StepResult | undefined;
}

const root = join(import.meta.dirname, '..', '..');
const inherited = /^(PATH|HOME|LANG|LC_\w+|TMPDIR|TZ)$/;
const files = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY', 'GITHUB_ENV', 'GITHUB_PATH'] as const;
/** Milliseconds, of the runner. */
const grace = { interrupt: 7_500, terminate: 2_500 } as const;

interface Metadata {
  readonly inputs?: Readonly<Record<string, { readonly default?: unknown; readonly required?: boolean }>>;
  readonly runs: { readonly main: string; readonly post?: string };
}

/** Runs main and, whatever came of it, post. All folders but a given workspace are gone afterwards. */
export async function runJob(request: JobRequest): Promise<JobResult> {
  const folder = isAbsolute(request.action) ? request.action : join(root, 'actions', request.action);
  const metadata = parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as Metadata;
  const home = mkdtempSync(join(tmpdir(), 'job-'));
  try {
    const env = { ...jobEnvironment(request, home), ...inputs(metadata, request) };
    const masks = new Set([jobToken, ...(request.secrets ?? [])]);
    const main = await runStep({ name: 'main', entry: join(folder, metadata.runs.main), env, home, masks, request });
    if (metadata.runs.post === undefined || request.post === 'lost') return { ...main, post: undefined };
    const state = Object.fromEntries(Object.entries(main.state).map(([name, value]) => [`STATE_${name}`, value]));
    const post = await runStep({
      name: 'post',
      entry: join(folder, metadata.runs.post),
      env: { ...env, ...main.env, ...state },
      home,
      masks,
      request: { action: request.action },
    });
    return { ...main, post };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function jobEnvironment(request: JobRequest, home: string): Record<string, string> {
  const workspace = request.workspace ?? join(home, 'workspace');
  const temp = join(home, 'temp');
  for (const folder of [workspace, temp, join(home, 'home')]) mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(home, 'event.json'),
    JSON.stringify(request.event ?? { repository: { private: true, visibility: 'private' } }),
  );
  const ours = Object.entries(process.env).filter(
    (entry): entry is [string, string] => inherited.test(entry[0]) && entry[1] !== undefined,
  );
  const places = {
    HOME: join(home, 'home'),
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: join(home, 'tools'),
    GITHUB_EVENT_PATH: join(home, 'event.json'),
  };
  return { ...Object.fromEntries(ours), ...usualJob, ...places, ...request.env };
}

/** INPUT_* of every input: what is given, else the default with the two expressions that ours use filled in. */
function inputs(metadata: Metadata, request: JobRequest): Record<string, string> {
  const known = metadata.inputs ?? {};
  const given = request.with ?? {};
  const unknown = Object.keys(given).filter((name) => !(name in known));
  if (unknown.length > 0) throw new Error(`actions/${request.action}/action.yml has no input ${unknown.join(', ')}`);
  const sha = request.env?.['GITHUB_SHA'] ?? usualJob.GITHUB_SHA;
  const filled = (text: string) =>
    text.replaceAll('${{ github.token }}', jobToken).replaceAll('${{ github.sha }}', sha);
  return Object.fromEntries(
    Object.entries(known).map(([name, input]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      given[name] ?? filled(String(input.default ?? '')),
    ]),
  );
}

interface Step {
  readonly name: 'main' | 'post';
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly masks: Set<string>;
  readonly request: JobRequest;
}

async function runStep({ name: step, entry, env, home, masks, request }: Step): Promise<StepResult> {
  if (!existsSync(entry)) throw new Error(`${entry} is missing: run \`npm run build\``);
  const places = Object.fromEntries(files.map((name) => [name, join(home, `${name}-${step}`)]));
  for (const path of Object.values(places)) writeFileSync(path, '');
  const start = performance.now();
  const child = spawn(process.execPath, [entry], {
    cwd: env['GITHUB_WORKSPACE'],
    env: { ...env, ...places },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  using moments = moment(child, request);
  const log = new StepLog(masks, (line, shown) => {
    moments.see(line);
    request.watch?.(line, shown);
  });
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => log.take(stream, text));
  const exitCode = await new Promise<number | undefined>((resolve, reject) =>
    child.on('error', reject).on('close', (code) => resolve(code ?? undefined)),
  );
  log.close();
  const read = (name: (typeof files)[number]) => readFileSync(places[name] ?? '', 'utf8');
  return {
    log: log.shown,
    rawLog: log.raw,
    exitCode,
    outputs: readPairs(read('GITHUB_OUTPUT')),
    state: readPairs(read('GITHUB_STATE')),
    env: readPairs(read('GITHUB_ENV')),
    summary: read('GITHUB_STEP_SUMMARY'),
    annotations: log.commands.filter(({ name }) => ['error', 'warning', 'notice'].includes(name)),
    milliseconds: performance.now() - start,
  };
}

/** Sends the signals that `request` asks for when their moment comes; disposing it sends no more. */
function moment(child: { kill(signal: NodeJS.Signals): boolean }, request: JobRequest) {
  const timers: NodeJS.Timeout[] = [];
  const later = (ms: number, work: () => void) => timers.push(setTimeout(work, ms));
  const cancel = () => {
    child.kill('SIGINT');
    later(grace.interrupt, () => child.kill('SIGTERM'));
    later(grace.interrupt + grace.terminate, () => child.kill('SIGKILL'));
  };
  const waiting: { at: Moment; work: () => void }[] = [];
  if (request.cancel !== undefined) waiting.push({ at: request.cancel, work: cancel });
  if (request.kill !== undefined) waiting.push({ at: request.kill, work: () => child.kill('SIGKILL') });
  const over = new AbortController();
  for (const { at, work } of waiting) {
    if ('after' in at) later(at.after, work);
    if ('when' in at) at.when.addEventListener('abort', work, { signal: over.signal });
  }
  return {
    see(line: string): void {
      const due = waiting.findIndex(
        ({ at }) => 'onLine' in at && (typeof at.onLine === 'string' ? line.includes(at.onLine) : at.onLine.test(line)),
      );
      if (due >= 0) waiting.splice(due, 1)[0]?.work();
    },
    [Symbol.dispose](): void {
      over.abort();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
