import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Project } from '../test/rig/project.ts';
import { makeProject } from '../test/rig/project.ts';
import type { TestServer, TestServers } from '../test/rig/sshd.ts';
import type { Link } from './link.ts';
import { openLink } from './link.ts';
import { filesOf, type Workload } from './workload.ts';

/** Where one comparison takes place. */
export interface Cell {
  readonly workload: Workload;
  readonly servers: number;
  /** Milliseconds. */
  readonly roundTrip: number;
  /** Bytes per second, each way. */
  readonly rate?: number;
  /** The peers that take part. */
  readonly peers: readonly string[];
}

/** A server behind its link. */
export interface Place {
  readonly server: TestServer;
  readonly link: Link;
}

/** Servers behind links, and a project with its next version. */
export interface Field extends AsyncDisposable {
  readonly cell: Cell;
  readonly fixture: TestServers;
  readonly places: readonly Place[];
  readonly project: Project;
  /** Of the links, for `known_hosts`. */
  readonly knownHosts: string;
}

/**
 * What linked files and directories every peer has, how many releases it keeps, and its one command after the switch.
 */
export const tree = {
  linkedFiles: ['config/app.env', 'config/settings.yml'],
  linkedDirs: ['log', 'tmp'],
  keep: 5,
  restart: 'touch tmp/restart.txt',
} as const;

export async function openField(cell: Cell, fixture: TestServers): Promise<Field> {
  const places = await Promise.all(
    fixture.servers.slice(0, cell.servers).map(async (server) => ({
      server,
      link: await openLink({
        port: server.port,
        roundTrip: cell.roundTrip,
        ...(cell.rate === undefined ? {} : { rate: cell.rate }),
      }),
    })),
  );
  const project = makeProject();
  return {
    cell,
    fixture,
    places,
    project,
    knownHosts: places
      .flatMap(({ server, link }) => server.hostKeys.map((key) => `[127.0.0.1]:${link.port} ${key}\n`))
      .join(''),
    [Symbol.asyncDispose]: async () => {
      project[Symbol.dispose]();
      await Promise.all(places.map(({ link }) => link[Symbol.asyncDispose]()));
      for (const { server } of places) emptyFolder(server.root);
    },
  };
}

/** Writes and commits a version; its commit id. */
export function writeVersion({ project, cell }: Field, version: number): string {
  for (const { path, content } of filesOf(cell.workload, version)) {
    mkdirSync(dirname(join(project.path, path)), { recursive: true });
    writeFileSync(join(project.path, path), content);
  }
  project.git('add', '-A');
  project.git('commit', '-q', '-m', `version ${version}`);
  return project.git('rev-parse', 'HEAD');
}

/** The `deploy_to` of a peer, fresh, with what is shared. */
export function layOut(field: Field, peer: string): void {
  for (const { server } of field.places) {
    const root = rootOf(server, peer);
    rmSync(root, { recursive: true, force: true });
    for (const path of tree.linkedFiles) {
      mkdirSync(dirname(join(root, 'shared', path)), { recursive: true });
      writeFileSync(join(root, 'shared', path), 'KEY=value\n');
    }
    for (const path of tree.linkedDirs) mkdirSync(join(root, 'shared', path), { recursive: true });
    mkdirSync(join(root, 'releases'), { recursive: true });
  }
}

export function rootOf(server: TestServer, peer: string): string {
  return join(server.root, peer);
}

/**
 * What is wrong with the release that is live; `undefined`: on every server it is `version`, linked, and the command
 * ran.
 */
export function faultOf(field: Field, peer: string, version: number): string | undefined {
  const [changed] = filesOf(field.cell.workload, version);
  for (const { server } of field.places) {
    const current = join(rootOf(server, peer), 'current');
    try {
      if (changed === undefined || !readFileSync(join(current, changed.path)).equals(changed.content))
        return `${server.name} does not run version ${version}`;
      for (const path of ['tmp/restart.txt', ...tree.linkedFiles]) readFileSync(join(current, path));
      if (readdirSync(join(rootOf(server, peer), 'releases')).length > tree.keep)
        return `${server.name} keeps too many releases`;
    } catch (error) {
      return `${server.name}: ${String(error)}`;
    }
  }
  return undefined;
}

function emptyFolder(path: string): void {
  for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true, force: true });
}

/** The first line that a program says of its version. */
export function versionOf(program: string, ...words: string[]): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', program, ...words], { encoding: 'utf8' }).split('\n')[0];
  } catch {
    return undefined;
  }
}
