// Two servers whose programs can be stopped at every step, a run that is struck there, and what must hold afterwards.
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Grain, Stop } from './breakpoints.ts';
import { Breakpoints, commandOf } from './breakpoints.ts';
import type { JobRequest } from './job.ts';
import type { RunsApi } from './runs-api.ts';
import { startRunsApi } from './runs-api.ts';
import type { Deployed, Site, Tree } from './site.ts';
import { makeSite } from './site.ts';
import type { TestServer, TestServers } from './sshd.ts';
import { startServers } from './sshd.ts';

/** What happens to main while a program of its stands at a point. */
export type Blow =
  | 'cancel'
  | 'kill'
  | 'kill, post step lost'
  | 'kill the shell'
  | 'kill the program'
  | 'cut the connection';

export interface Strike {
  readonly blow: Blow;
  /**
   * The n-th point of the server's, counted from 1, a line of the log, or the moment at which a slow probe runs on both
   * servers.
   */
  readonly at:
    | { readonly point: number; readonly grain?: Grain; readonly server?: number }
    | { readonly line: string | RegExp }
    | { readonly during: 'probe' };
  /** What takes long in the commit that is struck. */
  readonly slow?: 'build' | 'restart' | 'probe';
}

/** How it went: `wrong` is empty where everything held. */
export interface Struck {
  readonly at: string;
  readonly struck: Deployed;
  readonly next: Deployed;
  readonly wrong: readonly string[];
}

const usual = {
  linked_dirs: ['log'],
  keep_releases: 3,
  hooks: {
    updated: [
      { name: 'build', run: 'echo built > built; if grep -q build slow; then echo "slow build"; sleep 50; fi' },
    ],
    published: [
      {
        name: 'restart',
        run: 'cat REVISION >> log/restarts; if grep -q restart slow; then echo "slow restart"; sleep 50; fi',
      },
    ],
    finishing: [{ name: 'tell', run: 'true' }],
  },
  health: [
    {
      name: 'up',
      run: 'test -f index.html; test -f built; if grep -q probe slow; then touch log/probed; sleep 50; fi',
      interval: '1s',
      deadline: '55s',
      timeout: '50s',
      healthy_after: 1,
    },
  ],
};

export class CrashSite implements AsyncDisposable {
  readonly fleet: TestServers;
  readonly site: Site;
  readonly api: RunsApi;
  readonly #points: readonly Breakpoints[];
  #run = 9000;
  #content = 0;
  /** What `index.html` of a revision says. */
  readonly #pages = new Map<string, string>();

  private constructor(fleet: TestServers, api: RunsApi, points: readonly Breakpoints[]) {
    this.fleet = fleet;
    this.api = api;
    this.#points = points;
    this.site = makeSite(fleet);
    this.site.configure(usual);
  }

  /** Starts the servers and makes a first release live on them. */
  static async open(count = 2): Promise<CrashSite> {
    const fleet = await startServers({ count });
    const api = await startRunsApi();
    const points = await Promise.all(fleet.servers.map((server: TestServer) => Breakpoints.install(server)));
    const site = new CrashSite(fleet, api, points);
    const wrong = wrongEnd(await site.#deploy(site.#commit()));
    if (wrong.length > 0) throw new Error(`the first deploy: ${wrong.join('; ')}`);
    return site;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const points of this.#points) points.endAll();
    this.site[Symbol.dispose]();
    await this.api[Symbol.asyncDispose]();
    await this.fleet[Symbol.asyncDispose]();
  }

  /** What a good deploy passes on a server, in order. */
  async passed(grain: Grain, server = 0): Promise<string[]> {
    for (const points of this.#points) points.clear(grain);
    const wrong = wrongEnd(await this.#deploy(this.#commit()));
    if (wrong.length > 0) throw new Error(`a good run: ${wrong.join('; ')}`);
    return this.#pointsOf(server).passed();
  }

  /** Deploys, strikes it, looks at what is left, deploys again, and looks again. */
  async strike(strike: Strike): Promise<Struck> {
    const over = new AbortController();
    for (const points of this.#points) points.clear('steps');
    const points = this.#pointsOf('point' in strike.at ? (strike.at.server ?? 0) : 0);
    if ('point' in strike.at) points.stopAt(strike.at.point, strike.at.grain);
    const now = new AbortController();
    if ('during' in strike.at) void this.#probed(over.signal).then(() => now.abort());
    const reached = points.stopped(over.signal);
    const harm = reached.then((stop) => {
      if (stop === undefined) return undefined;
      now.abort();
      return this.#harm(strike.blow, points, stop);
    });
    const job = await this.#deploy(this.#commit(strike.slow), this.#request(strike, now.signal));
    over.abort();
    const stop = await reached;
    await harm;
    const wrong = [...('point' in strike.at && stop === undefined ? ['the point was not reached'] : [])];
    const lost = strike.blow === 'kill, post step lost';
    if (!lost) wrong.push(...(await this.#unsettled()), ...falseWords(job, this.site.trees));
    const next = await this.#deploy(this.#commit());
    wrong.push(
      ...(await this.#unsettled()).map((text) => `after the next run: ${text}`),
      ...wrongEnd(next).map((text) => `the next run: ${text}`),
      ...falseWords(next, this.site.trees),
    );
    for (const one of this.#points) {
      if (one.expired) wrong.push('nobody ended the program that stood still');
      one.clear('steps');
    }
    return {
      at: stop?.at ?? JSON.stringify(strike.at),
      struck: job,
      next,
      wrong,
    };
  }

  /**
   * Kills main at a line of its log, does `harm` before the post step runs, and mends it before the next deploy.
   * Looks at nothing in between but at what is live.
   */
  async strikeWhile(
    strike: { readonly line: string; readonly slow: NonNullable<Strike['slow']> },
    harm: () => Promise<void>,
    mend: () => Promise<void>,
  ): Promise<{
    readonly struck: Deployed;
    readonly live: readonly (string | undefined)[];
    readonly next: Deployed;
    readonly wrong: readonly string[];
  }> {
    for (const points of this.#points) points.clear('steps');
    const kill = new AbortController();
    let harmed: Promise<void> | undefined;
    const watch = (line: string): void => {
      if (line.includes(strike.line)) harmed ??= harm().then(() => kill.abort());
    };
    const struck = await this.#deploy(this.#commit(strike.slow), { kill: { when: kill.signal }, watch });
    await harmed;
    const live = this.site.trees.map((tree) => tree.live());
    await mend();
    const next = await this.#deploy(this.#commit());
    return { struck, live, next, wrong: [...(await this.#unsettled()), ...wrongEnd(next)] };
  }

  /** Resolves once a slow probe runs on every server. */
  async #probed(over: AbortSignal): Promise<void> {
    const marks = this.site.trees.map((tree) => tree.path('shared/log/probed'));
    for (const mark of marks) rmSync(mark, { force: true });
    while (!over.aborted && !marks.every((mark) => existsSync(mark))) await sleep(10);
  }

  #request(strike: Strike, now: AbortSignal): Partial<JobRequest> {
    const moment = 'line' in strike.at ? { onLine: strike.at.line } : { when: now };
    switch (strike.blow) {
      case 'cancel':
        return { cancel: moment };
      case 'kill':
        return { kill: moment };
      case 'kill, post step lost':
        return { kill: moment, post: 'lost' };
      case 'kill the shell':
      case 'kill the program':
      case 'cut the connection':
        return {};
    }
  }

  /**
   * A program that the lock names must be ended by whoever comes next; nobody knows of another one, so it goes on by
   * itself.
   */
  async #harm(blow: Blow, points: Breakpoints, stop: Stop): Promise<void> {
    if (blow === 'kill the shell') process.kill(stop.shell, 'SIGKILL');
    if (blow === 'kill the program') process.kill(-stop.group, 'SIGKILL');
    if (blow === 'cut the connection') process.kill(stop.sshd, 'SIGKILL');
    if (blow.startsWith('kill the')) {
      // Before its beginning nobody can know of what the program has started: that is only what made it stand still.
      if (stop.kind === 'program') points.release();
      return;
    }
    await sleep(50);
    const known = this.site.trees.some(
      (tree) => tree.locked() && tree.text('.slipway/lock/owner.json').includes(`"group":"${stop.group}"`),
    );
    if (stop.kind === 'program' || (!known && blow !== 'cancel')) points.release();
  }

  async #deploy(revision: string, request: Partial<JobRequest> = {}): Promise<Deployed> {
    this.#run += 1;
    const run = String(this.#run);
    this.api.say(run, 'in_progress');
    const deployed = await this.site.deploy(
      revision,
      {},
      { ...request, env: { GITHUB_API_URL: this.api.url, GITHUB_RUN_ID: run, GITHUB_RUN_NUMBER: run } },
    );
    this.api.say(run, 'completed');
    return deployed;
  }

  #commit(slow: Strike['slow'] | 'nothing' = 'nothing'): string {
    this.#content += 1;
    const page = `page ${this.#content}\n`;
    const revision = this.site.commit({ 'index.html': page, slow });
    this.#pages.set(revision, page);
    return revision;
  }

  #pointsOf(server: number): Breakpoints {
    const points = this.#points[server];
    if (points === undefined) throw new RangeError(`there is no server ${server}`);
    return points;
  }

  /** Everything that must hold between two runs, and does not. */
  async #unsettled(): Promise<string[]> {
    const wrong: string[] = [];
    const live = new Set(this.site.trees.map((tree) => tree.live()));
    if (live.size > 1) wrong.push(`the servers run ${[...live].join(' and ')}`);
    for (const tree of this.site.trees) wrong.push(...this.#wrongTree(tree).map((text) => `${tree.name}: ${text}`));
    for (let tries = 0; tries < 200 && this.#programs().length > 0; tries += 1) await sleep(10);
    const left = this.#programs();
    if (left.length > 0) wrong.push(`still running: ${left.map((id) => `${id} (${commandOf(id)})`).join(', ')}`);
    return wrong;
  }

  #programs(): number[] {
    return this.#points.flatMap((points) => points.programs());
  }

  #wrongTree(tree: Tree): string[] {
    const wrong: string[] = [];
    const live = tree.live() ?? 'nothing';
    if (!/^\d{14}$/.test(live) || !tree.releases().includes(live)) return [`current is ${live}`];
    const revision = tree.text('current/REVISION').trim();
    if (tree.text('current/index.html') !== this.#pages.get(revision))
      wrong.push(`release ${live} does not hold what its revision holds`);
    if (!tree.names('current').includes('built')) wrong.push(`release ${live} is not built`);
    const restarts = tree.text('shared/log/restarts').trim().split('\n').at(-1);
    if (restarts !== revision)
      wrong.push(`the service was started last with ${restarts}, not with ${revision}, which is live`);
    if (tree.locked()) wrong.push('it is locked');
    const left = tree
      .names('.slipway')
      .filter((name) => /^(switch|lock|gone|broken)\./.test(name) && !name.endsWith('.was'));
    if (left.length > 0) wrong.push(`.slipway holds ${left.join(', ')}`);
    if (tree.names('.slipway/incoming').length > 0)
      wrong.push(`incoming holds ${tree.names('.slipway/incoming').join(', ')}`);
    const strange = tree.releases().filter((name) => !/^\d{14}$/.test(name));
    if (strange.length > 0) wrong.push(`releases holds ${strange.join(', ')}`);
    const sentences = tree.text('revisions.log').trim().split('\n');
    if (new Set(sentences).size < sentences.length) wrong.push('revisions.log says a thing twice');
    return wrong;
  }
}

function wrongEnd(job: Deployed): string[] {
  if (job.exitCode === 0 && job.outputs['result'] === 'deployed') return [];
  return [`exit ${job.exitCode}, ${job.outputs['result']}:\n${job.log}`];
}

/** What a run says to be live must be it; `null` says that it does not know. */
function falseWords(job: Deployed, trees: readonly Tree[]): string[] {
  if (job.exitCode === undefined) return [];
  const wrong = trees.filter(
    (tree) =>
      job.hosts[tree.name] !== undefined &&
      job.post?.log === '' &&
      ![null, tree.live()].includes(job.hosts[tree.name]?.live),
  );
  return wrong.map(
    (tree) => `the run says that ${tree.name} runs ${job.hosts[tree.name]?.live}, and it runs ${tree.live()}`,
  );
}
