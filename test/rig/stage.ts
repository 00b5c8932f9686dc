// Everything that a flow needs, of fakes: two servers that remember, and one transcript that all ports write into.

import type { Settings } from '../../src/domain/config/settings.ts';
import type { Outcome } from '../../src/domain/fleet/outcome.ts';
import type { Answer } from '../../src/domain/health/probe.ts';
import { type Context, newObservations, type Ports, type Progress } from '../../src/flows/context.ts';
import { deploy } from '../../src/flows/deploy/deploy.ts';
import type { DeployRequest } from '../../src/flows/deploy/request.ts';
import { digestOf, FakeArtifacts } from '../fakes/fake-artifacts.ts';
import { FakeRandom } from '../fakes/fake-clock.ts';
import { FakeHttp } from '../fakes/fake-http.ts';
import { fakeJob } from '../fakes/fake-runner.ts';
import { FakeRuns } from '../fakes/fake-runs.ts';
import { FakeServers, type Fault } from '../fakes/fake-servers.ts';
import type { FakeTree } from '../fakes/fake-tree.ts';
import { PatientClock } from '../fakes/patient-clock.ts';
import { TranscriptLog } from '../fakes/transcript-log.ts';
import { read } from './reading.ts';

/**
 * The commits of the project, and the releases of its servers: the old one is live, the new one comes at the time of
 * the clock.
 */
export const oldRevision = 'a'.repeat(40);
export const newRevision = 'b'.repeat(40);
export const oldRelease = '20261120120000';
export const newRelease = '20261121193711';

export const twoServers = `application: shop
deploy_to: /srv/shop
ssh: {user: deploy}
stages: {production: {servers: [{host: s1, roles: [web]}, {host: s2, roles: [web]}]}}
`;

export interface Plan {
  /** In place of `twoServers`. */
  readonly servers?: string;
  /** Lines of the configuration behind `twoServers`. */
  readonly configuration?: string;
  readonly faults?: readonly Fault[];
  /** What the service answers to each probe, in turn; the last again and again. */
  readonly answers?: readonly Answer[];
  readonly job?: Parameters<typeof fakeJob>[0];
}

export class Stage {
  readonly story: string[] = [];
  readonly saved: Progress[] = [];
  readonly clock = new PatientClock();
  readonly runs = new FakeRuns();
  readonly servers: FakeServers;
  readonly ports: Ports;
  readonly #context: Omit<Context, 'observed'>;
  readonly request: DeployRequest = { revision: newRevision, refName: 'main', force: 'with care' };

  constructor(plan: Plan = {}) {
    const { story } = this;
    const cancel = new AbortController();
    const { canonical: _, ...settings } = read((plan.servers ?? twoServers) + (plan.configuration ?? ''));
    this.servers = new FakeServers(
      settings.servers.map(({ name }) => name),
      story,
      [...(plan.faults ?? [])],
      () => cancel.abort(),
    );
    const http = new FakeHttp(...(plan.answers ?? []));
    this.ports = {
      transports: this.servers,
      artifacts: new FakeArtifacts(oldRevision, newRevision),
      command: {
        run: async ({ words }) => {
          story.push(`runner: ${words.at(-1)}`);
          return { status: 0, ended: 'itself' };
        },
      },
      http: {
        ask: (question) => {
          story.push(`ask ${question.url}`);
          return http.ask(question);
        },
      },
      runs: this.runs,
      clock: this.clock,
      random: new FakeRandom(),
      log: new TranscriptLog(story),
    };
    this.#context = {
      settings: {
        ...settings,
        stageServers: settings.servers.map(({ name }) => name),
        digest: configurationDigest,
      } satisfies Settings,
      job: fakeJob(plan.job),
      checkRun: undefined,
      ports: this.ports,
      signal: cancel.signal,
      save: (progress) => void this.saved.push(progress),
    };
    for (const tree of this.servers.trees.values()) withOldRelease(tree);
  }

  /** A context for one run: each observes anew. */
  get context(): Context {
    return { ...this.#context, observed: newObservations() };
  }

  tree(server: string): FakeTree {
    return this.servers.trees.get(server) as FakeTree;
  }

  /** @param ports in place of the stage's own */
  async deploy(ports: Partial<Ports> = {}): Promise<Outcome> {
    return deploy({ ...this.context, ports: { ...this.ports, ...ports } }, this.request);
  }

  /** The story from the phase `name` on, to the end; empty where there is no such phase. */
  from(name: string): readonly string[] {
    const at = this.story.indexOf(`# ${name}`);
    return at < 0 ? [] : this.story.slice(at);
  }

  /** What the ledger of a server says beyond the release that was live before, as `RELEASE EVENT`. */
  told(server: string): readonly string[] {
    return this.tree(server).events.slice(4);
  }

  /** What is live on each server. */
  get live(): readonly (string | undefined)[] {
    return [...this.servers.trees.values()].map(({ current }) => current?.split('/').at(-1));
  }

  get locks(): readonly ('locked' | 'free')[] {
    return [...this.servers.trees.values()].map(({ lock }) => (lock === undefined ? 'free' : 'locked'));
  }
}

export const configurationDigest = 'c'.repeat(64);

/** The record of a release of `job`, as the deploy of `revision` writes it. */
export function recordOf(revision: string): Readonly<Record<string, unknown>> {
  const { runId, runNumber, attempt, ...job } = fakeJob();
  return {
    artifact: digestOf(revision),
    configuration: configurationDigest,
    stage: 'production',
    run: runId,
    runNumber,
    attempt,
    job: job.job,
    repository: job.repository,
    workflow: job.workflow,
  };
}

function withOldRelease(tree: FakeTree): void {
  tree.has(oldRelease, oldRevision, ['preparing', 'prepared', 'live', 'healthy'], {
    ...recordOf(oldRevision),
    runNumber: 16,
    run: '1000',
  });
}

/** Keeps the lines that a reader of one test needs: those of `server`, without their first word. */
export function linesOf(story: readonly string[], server: string): string[] {
  return story.filter((line) => line.startsWith(`${server} `)).map((line) => line.slice(server.length + 1));
}
