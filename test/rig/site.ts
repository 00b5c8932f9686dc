// One application on the servers of the fixture: a tree of its own on each, a repository, and what a person would see
// on the servers.
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRequest, JobResult } from './job.ts';
import { runJob } from './job.ts';
import type { Project } from './project.ts';
import { makeProject } from './project.ts';
import type { TestServer, TestServers } from './sshd.ts';

/** What the output `hosts` says of one server. */
export interface HostOutput {
  readonly state: string;
  readonly live: string | null;
  readonly in_doubt: boolean;
  readonly failures: readonly { readonly code: string; readonly sentence: string }[];
}

export interface Deployed extends JobResult {
  readonly hosts: Readonly<Record<string, HostOutput>>;
  /** What sshd counted for this job, by server, its post step included. */
  readonly spent: Readonly<Record<string, { readonly connections: number; readonly execs: number }>>;
}

export interface Site extends Disposable {
  readonly project: Project;
  /** In the order of the fixture. */
  readonly trees: readonly Tree[];
  /** In the order in which locks are taken. */
  readonly ordered: readonly Tree[];
  tree(name: string): Tree;
  /** Writes the configuration again: the base of this site with `more` over it. */
  configure(more: Readonly<Record<string, unknown>>): void;
  /** Commits the files and gives the commit's id. */
  commit(files: Readonly<Record<string, string | undefined>>): string;
  /** Runs the built action for a revision. */
  deploy(revision: string, more?: Readonly<Record<string, string>>, request?: Partial<JobRequest>): Promise<Deployed>;
}

export interface SiteChoices {
  /** Servers of the fixture that take part; all by default. */
  readonly servers?: readonly TestServer[];
  /** Keys of a server in the configuration, over the usual ones. */
  readonly server?: (server: TestServer) => Readonly<Record<string, unknown>>;
  readonly knownHosts?: string;
}

let sites = 0;

/** A site below a fresh directory of each server. */
export function makeSite(fleet: TestServers, choices: SiteChoices = {}): Site {
  sites += 1;
  const servers = choices.servers ?? fleet.servers;
  const project = makeProject();
  const trees = servers.map((server) => new Tree(server.name, join(server.root, `site${sites}`), server));
  for (const { root } of trees) mkdirSync(root);
  const forms = trees.map(({ server, root }) => ({
    name: server.name,
    host: server.host,
    port: server.port,
    user: server.user,
    deploy_to: root,
    roles: ['web'],
    ...choices.server?.(server),
  }));
  const base = {
    application: 'shop',
    limits: { min_free_disk: '1MB', min_free_inodes: 10 },
    ssh: { connect_timeout: '5s', retries: 0 },
  };
  const configure = (more: Readonly<Record<string, unknown>>): void => {
    const { stage, ...rest } = more;
    project.configure({ ...base, stages: { test: { servers: forms, ...(stage as object | undefined) } }, ...rest });
  };
  configure({});
  const counts = (): Record<string, { connections: number; execs: number }> =>
    Object.fromEntries(servers.map((server) => [server.name, server.counts()]));
  return {
    project,
    trees,
    ordered: [...trees].sort((a, b) => (`${a.server.port}` < `${b.server.port}` ? -1 : 1)),
    tree: (name) => trees.find((tree) => tree.name === name) as Tree,
    configure,
    commit: (files) => project.commit(files),
    deploy: async (revision, more = {}, request = {}) => {
      const before = counts();
      const job = await runJob({
        action: 'deploy',
        workspace: project.path,
        with: {
          'ssh-private-key': fleet.privateKey,
          'known-hosts': choices.knownHosts ?? fleet.knownHosts,
          revision,
          ...more,
        },
        ...request,
      });
      const after = counts();
      const spent = Object.fromEntries(
        Object.entries(after).map(([name, now]) => [
          name,
          {
            connections: now.connections - (before[name]?.connections ?? 0),
            execs: now.execs - (before[name]?.execs ?? 0),
          },
        ]),
      );
      return { ...job, hosts: JSON.parse(job.outputs['hosts'] ?? '{}') as Deployed['hosts'], spent };
    },
    [Symbol.dispose]: () => project[Symbol.dispose](),
  };
}

/** The tree of a site on one server, as somebody finds it who logs in there. */
export class Tree {
  readonly name: string;
  readonly root: string;
  readonly server: TestServer;

  constructor(name: string, root: string, server: TestServer) {
    this.name = name;
    this.root = root;
    this.server = server;
  }

  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  /** What `readlink current` says; `undefined`: there is none. */
  link(): string | undefined {
    const current = this.path('current');
    return lstatSync(current, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(current) : undefined;
  }

  /** The release that `current` points at. */
  live(): string | undefined {
    const link = this.link();
    if (link === undefined) return undefined;
    return link.startsWith(this.path('releases/')) ? link.slice(this.path('releases/').length) : link;
  }

  text(...parts: readonly string[]): string {
    return readFileSync(this.path(...parts), 'utf8');
  }

  names(...parts: readonly string[]): string[] {
    return existsSync(this.path(...parts)) ? readdirSync(this.path(...parts)).sort() : [];
  }

  releases(): string[] {
    return this.names('releases');
  }

  ledger(): { readonly release: string; readonly event: string; readonly server?: string; readonly health?: string }[] {
    const path = this.path('.slipway/ledger.jsonl');
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { release: string; event: string });
  }

  /** The events of one release in order, `event` or `event server`. */
  events(release: string | undefined): string[] {
    return this.ledger()
      .filter((line) => line.release === release)
      .map(({ event, server }) => (server === undefined ? event : `${event} ${server}`));
  }

  locked(): boolean {
    return existsSync(this.path('.slipway/lock'));
  }
}

/** Waits until `met` is true. @throws Error after ten seconds */
export async function until(what: string, met: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (met()) return;
    await sleep(10);
  }
  throw new Error(`it never came about: ${what}`);
}
