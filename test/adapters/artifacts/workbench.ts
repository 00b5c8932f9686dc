// A folder to work in with real programs: a repository, a packed artefact, and the server's side of it (tar, shells,
// the fragments).
import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openArtifacts } from '../../../src/adapters/artifacts/open.ts';
import type { ArtifactChoice } from '../../../src/domain/artifact/selection.ts';
import type { Failure } from '../../../src/domain/failure.ts';
import type { Artifact, Artifacts } from '../../../src/ports/artifact.ts';
import { spawnedCommand } from '../../fakes/spawned-command.ts';
import { find } from '../../rig/part.ts';

/** What stands for a server: its shell and its tools. */
export const servers = ['dash', 'bash', 'busybox'] as const;
export type ServerKind = (typeof servers)[number];

export class Workbench implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'workbench-'));
  readonly workspace = join(this.root, 'workspace');
  readonly temp = join(this.root, 'temp');
  readonly #applets = join(this.root, 'applets');

  constructor() {
    for (const directory of [this.workspace, this.temp]) mkdirSync(directory);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Runs git in the workspace and gives what it prints. */
  git(...words: string[]): string {
    const author = {
      GIT_AUTHOR_DATE: '1700000000 +0000',
      GIT_COMMITTER_DATE: '1700000000 +0000',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
    };
    const identity = [
      '-c',
      'user.name=Test',
      '-c',
      'user.email=test@example.com',
      '-c',
      'init.defaultBranch=main',
      '-c',
      'protocol.file.allow=always',
    ];
    return execFileSync('git', [...identity, ...words], {
      cwd: this.workspace,
      env: { PATH: process.env['PATH'], ...author },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  /** Commits everything that the workspace holds; gives the id. */
  commit(): string {
    this.git('init', '-q');
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', 'one');
    return this.git('rev-parse', 'HEAD');
  }

  artifacts(
    from: ArtifactChoice,
    rules: { readonly subdirectory?: string; readonly exclude?: readonly string[] } = {},
  ): Artifacts {
    const settings = { from, subdirectory: rules.subdirectory, exclude: rules.exclude ?? [] };
    return openArtifacts({ settings, workspace: this.workspace, temp: this.temp, command: spawnedCommand() });
  }

  /** What is left of spooled files. */
  spooled(): readonly string[] {
    return readdirSync(this.temp);
  }

  /** Unpacks the stream as a server does; gives the directory that holds `tree` and the lists. */
  async unpack(artifact: Artifact, kind: ServerKind, name = `incoming-${kind}`): Promise<string> {
    const file = join(this.root, 'sent.tar.gz');
    await pipeline(Readable.from(artifact.stream()), createWriteStream(file));
    const directory = join(this.root, name);
    mkdirSync(directory);
    const end = this.sh(kind, 'umask 0; cd "$1" && gzip -dc <"$2" | tar -xpof -', directory, file);
    if (end.status !== 0) throw new Error(end.output);
    return directory;
  }

  /** Runs shell text with positional parameters, on the tools of that kind of server. */
  sh(kind: ServerKind, text: string, ...words: string[]): { readonly status: number | null; readonly output: string } {
    const path = kind === 'busybox' ? this.#busybox() : process.env['PATH'];
    const end = spawnSync(kind === 'busybox' ? 'sh' : kind, ['-c', text, 'sh', ...words], {
      env: { PATH: path },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { status: end.status, output: end.stdout + end.stderr };
  }

  #busybox(): string {
    if (mkdirSync(this.#applets, { recursive: true }) === undefined) return this.#applets;
    const program = find('busybox') ?? 'busybox';
    const applets = execFileSync(program, ['--list'], { encoding: 'utf8' })
      .split('\n')
      .filter((name) => /^[\w[]+$/.test(name));
    for (const applet of applets) symlinkSync(program, join(this.#applets, applet));
    return this.#applets;
  }
}

/** The sentences of everything that is wrong, however many. */
export async function problemsOf(work: Promise<unknown>): Promise<readonly string[]> {
  const failure = await work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: Failure) => error,
  );
  const all = failure.problems.length === 0 ? [failure] : failure.problems;
  return all.map((problem) => `${problem.code}: ${problem.message}`);
}

/** All chunks of a stream. */
export function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  return Readable.from(stream).toArray();
}
