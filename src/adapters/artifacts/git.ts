import { realpath, writeFile } from 'node:fs/promises';
import type { Found } from '../../domain/artifact/entries.ts';
import { plainParts } from '../../domain/artifact/selection.ts';
import { Failure } from '../../domain/failure.ts';
import { plain } from '../../domain/text/escape.ts';
import type { Commit } from '../../ports/artifact.ts';
import type { LocalCommand } from '../../ports/local-command.ts';
import type { Source } from './source.ts';
import { openSpool, spooled } from './spool.ts';
import { openTar } from './tar.ts';

export interface Repository {
  readonly command: LocalCommand;
  readonly workspace: string;
}

const commitId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const submoduleHint =
  'An export of git holds no submodules. Check out with `submodules: true` and ship the directory with `artifact: {path: …}`, or the whole checkout with the input `artifact: .`; or leave it out with `export-ignore` or `artifact.exclude`.';

export function isCommitId(words: string): boolean {
  return commitId.test(words);
}

/**
 * The commit that `words` names, also where only the remote has such a branch, as after actions/checkout; and its
 * committer date. @throws Failure `REVISION_UNKNOWN`
 */
export async function resolveCommit(repository: Repository, words: string): Promise<Commit> {
  let output: readonly string[] = [];
  for (const name of [words, `refs/remotes/origin/${words}`]) {
    const answer = await git(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
    const revision = answer.status === 0 ? answer.lines.find(isCommitId) : undefined;
    if (revision !== undefined) return { revision, committed: await committed(repository, revision) };
    output = answer.lines;
  }
  throw new Failure('REVISION_UNKNOWN', `The workspace holds no commit that ${JSON.stringify(words)} names.`, {
    cause: new Error(output.join('\n')),
  });
}

async function committed(repository: Repository, revision: string): Promise<number> {
  const { lines } = await git(repository, ['rev-list', '--max-count=1', '--timestamp', '--end-of-options', revision]);
  const [, seconds] = lines.map((line) => /^(\d{1,15}) [0-9a-f]+$/.exec(line)).find((match) => match !== null) ?? [];
  if (seconds === undefined)
    throw new Failure('REVISION_UNKNOWN', `git does not report the date of ${revision}.`, {
      cause: new Error(lines.join('\n')),
    });
  return Number(seconds);
}

/** Only full ids are accepted, because they may come from a server. A shallow history can only prove a yes. */
export async function isAncestor(
  repository: Repository,
  older: string,
  newer: string,
): Promise<'yes' | 'no' | 'unknown'> {
  if (!isCommitId(older) || !isCommitId(newer)) return 'unknown';
  const [ancestor, shallow] = await Promise.all([
    git(repository, ['merge-base', '--is-ancestor', older, newer]),
    git(repository, ['rev-parse', '--is-shallow-repository']),
  ]);
  if (ancestor.status === 0) return 'yes';
  return ancestor.status === 1 && shallow.lines.includes('false') ? 'no' : 'unknown';
}

export interface Export {
  readonly revision: string;
  readonly subdirectory: string | undefined;
  readonly temp: string;
}

/**
 * The export of `git archive` as a source, with the attributes of the commit. Submodules, which it exports as empty
 * directories, are reported as such.
 */
export async function openExport(repository: Repository, wanted: Export): Promise<Source> {
  if (!isCommitId(wanted.revision))
    throw new Failure('REVISION_UNKNOWN', `${JSON.stringify(wanted.revision)} is no commit id.`);
  const only = wanted.subdirectory === undefined ? [] : ['--', plainParts(wanted.subdirectory).join('/')];
  const submodules = await listSubmodules(repository, wanted, only);
  await using opened = new AsyncDisposableStack();
  const spool = opened.use(await openSpool(wanted.temp));
  const file = spool.path('export.tar');
  await writeFile(file, '', { flag: spooled.flags, mode: spooled.mode });
  const answer = await git(repository, ['archive', '--format=tar', `--output=${file}`, wanted.revision, ...only]);
  if (answer.status !== 0)
    throw new Failure(
      'ARTIFACT_INVALID',
      `git cannot export ${wanted.revision}: ${plain(answer.lines.at(-1) ?? 'it printed nothing', 400)}`,
      {
        cause: new Error(answer.lines.join('\n')),
      },
    );
  const tar = opened.use(await openTar(file, `export of ${wanted.revision}`, 'git'));
  const kept = opened.move();
  return {
    ...tar,
    found: tar.found.map((entry) => unmaskSubmodule(entry, submodules)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function unmaskSubmodule(entry: Found, submodules: ReadonlySet<string>): Found {
  const path = plainParts(entry.path).join('/');
  return entry.kind === 'directory' && submodules.has(path)
    ? { kind: 'other', path, what: 'a submodule', hint: submoduleHint }
    : entry;
}

async function listSubmodules(
  repository: Repository,
  wanted: Export,
  only: readonly string[],
): Promise<ReadonlySet<string>> {
  const { status, lines } = await git(repository, [
    '-c',
    'core.quotePath=false',
    'ls-tree',
    '-r',
    wanted.revision,
    ...only,
  ]);
  if (status !== 0)
    throw new Failure('REVISION_UNKNOWN', `The workspace does not hold the tree of ${wanted.revision}.`, {
      cause: new Error(lines.join('\n')),
    });
  if (lines.length === 0)
    throw new Failure(
      'ARTIFACT_EMPTY',
      `The commit ${wanted.revision} holds nothing${wanted.subdirectory === undefined ? '' : ` below ${JSON.stringify(wanted.subdirectory)}`}.`,
    );
  return new Set(lines.flatMap((line) => /^160000 commit [0-9a-f]+\t(.+)$/.exec(line)?.slice(1) ?? []).map(unquote));
}

/**
 * `"a\"b"` as git writes a path with special characters. Control characters are left escaped: such a name is refused
 * anyway.
 */
function unquote(path: string): string {
  return path.startsWith('"') ? path.slice(1, -1).replace(/\\(["\\])/g, '$1') : path;
}

interface Answer {
  readonly status: number;
  readonly lines: readonly string[];
}

/**
 * Runs git in the workspace, whichever user owns it. Replacement objects are ignored, so that exactly the named commit
 * is shipped.
 */
async function git(repository: Repository, words: readonly string[]): Promise<Answer> {
  const { command, workspace } = repository;
  const real = await realpath(workspace).catch(() => workspace);
  const lines: string[] = [];
  const trusted = [...new Set([workspace, real])].flatMap((directory) => ['-c', `safe.directory=${directory}`]);
  const program = ['git', '--no-replace-objects', '--literal-pathspecs', ...trusted, ...words] as const;
  const end = await command
    .run({
      words: program,
      cwd: real,
      env: { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' },
      onLine: (line) => lines.push(line),
    })
    .catch((cause: unknown) => Promise.reject(cause instanceof Failure ? cause : withoutGit(cause)));
  if (end.ended === 'cancelled') throw new Failure('CANCELLED', 'The run was cancelled while git was at work.');
  if (end.status === 127) throw withoutGit(undefined);
  return { status: end.status, lines };
}

function withoutGit(cause: unknown): Failure {
  return new Failure('RUNNER_UNFIT', 'git cannot be started on this runner.', {
    hint: 'Run the job on a runner that has git.',
    cause,
  });
}
