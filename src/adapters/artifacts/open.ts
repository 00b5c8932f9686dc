import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkEntries, refuse } from '../../domain/artifact/entries.ts';
import { digestText } from '../../domain/artifact/listing.ts';
import type { ArtifactSource, Selection } from '../../domain/artifact/selection.ts';
import { selection } from '../../domain/artifact/selection.ts';
import { Failure, together } from '../../domain/failure.ts';
import type { Artifact, Artifacts, Commit } from '../../ports/artifact.ts';
import type { LocalCommand } from '../../ports/local-command.ts';
import { inside } from '../runner/workspace.ts';
import { openArchive } from './archive.ts';
import { isAncestor, isCommitId, openExport, resolveCommit } from './git.ts';
import { writePacked } from './packed.ts';
import { openPath } from './path.ts';
import type { Source } from './source.ts';
import { openSpool } from './spool.ts';

export interface ArtifactOptions {
  readonly settings: ArtifactSource;
  /** Absolute paths of the checked-out repository, and of a directory for spooled files. */
  readonly workspace: string;
  readonly temp: string;
  /** Runs git. */
  readonly command: LocalCommand;
}

/** The artefact that the configuration asks for. Packing reads everything once, checks it, and packs it again. */
export function openArtifacts(options: ArtifactOptions): Artifacts {
  const asked = new Map<string, ReturnType<Artifacts['isAncestor']>>();
  return {
    resolve: (words) => findCommit(options, words),
    isAncestor: (older, newer) => {
      const pair = `${older} ${newer}`;
      const answer = asked.get(pair) ?? isAncestor(options, older, newer);
      asked.set(pair, answer);
      return answer;
    },
    pack: (commit) => pack(options, commit).catch(refuseSystemError),
  };
}

/**
 * An artefact that was built elsewhere does not need the commit in the workspace: then a full id is accepted as it is,
 * with the date 0.
 */
async function findCommit(options: ArtifactOptions, words: string): Promise<Commit> {
  try {
    return await resolveCommit(options, words);
  } catch (error) {
    const missing = error instanceof Failure && (error.code === 'REVISION_UNKNOWN' || error.code === 'RUNNER_UNFIT');
    if (missing && options.settings.from.kind !== 'git' && isCommitId(words)) return { revision: words, committed: 0 };
    throw error;
  }
}

async function pack(options: ArtifactOptions, { revision, committed }: Commit): Promise<Artifact> {
  const selected = selection(options.settings);
  await using source = await openSource(options, revision, selected);
  const checked = checkEntries(source.found, selected, source.modes);
  await using opened = new AsyncDisposableStack();
  const file = opened.use(await openSpool(options.temp)).path('packed.tar.gz');
  const { entries, problems } = await writePacked({ accepted: checked.accepted, source, time: committed, file });
  refuseProblems([...checked.problems, ...problems]);
  if (!entries.some((entry) => entry.kind === 'file'))
    throw new Failure('ARTIFACT_EMPTY', 'The artefact holds no file.');
  const digest = createHash('sha256').update(digestText(entries)).digest('hex');
  const { size } = await stat(file);
  const kept = opened.move();
  return {
    manifest: { entries, digest },
    packedSize: size,
    stream: () => createReadStream(file, { highWaterMark: 256 * 1024 }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function openSource(options: ArtifactOptions, revision: string, selected: Selection): Promise<Source> {
  const { settings, workspace, temp } = options;
  switch (settings.from.kind) {
    case 'git':
      return openExport(options, { revision, subdirectory: settings.subdirectory, temp });
    case 'path':
      return openPath(await placeOf(workspace, settings.from.path), settings.from.path, selected);
    case 'archive':
      return openArchive(await placeOf(workspace, settings.from.path), settings.from.path, temp);
  }
}

/**
 * Only the workflow may name a path outside of the workspace. A link inside of it may not lead out, since the
 * repository's authors choose its target.
 */
async function placeOf(workspace: string, path: string): Promise<string> {
  const place = resolve(workspace, path);
  const [base, real] = await Promise.all([workspace, place].map((one) => realpath(one).catch(() => one)));
  if (base === undefined || real === undefined || !inside(workspace, place) || inside(base, real)) return place;
  throw refuse(
    path,
    'leads out of the workspace through a link',
    'Build into the workspace itself, or name the other place in the input `artifact`.',
  );
}

/**
 * The most problems that are reported, to keep the log readable; an artefact with more usually has one cause for all.
 */
const mostProblems = 100;

function refuseProblems(problems: readonly Failure[]): void {
  if (problems.length === 0) return;
  const [shown, more] = [problems.slice(0, mostProblems), problems.length - mostProblems];
  const rest =
    more > 0 ? [new Failure('ARTIFACT_INVALID', `${more} more entries of the artefact cannot be shipped.`)] : [];
  throw together('ARTIFACT_INVALID', `${problems.length} entries of the artefact cannot be shipped.`, [
    ...shown,
    ...rest,
  ]);
}

/** A full disk, or a directory that we may not write to. Problems of the artefact itself are failures already. */
function refuseSystemError(error: unknown): never {
  if (!(error instanceof Error && 'syscall' in error)) throw error;
  const hint = 'Look at the free space and the permissions of the directory for temporary files on the runner.';
  throw new Failure('RUNNER_UNFIT', `The runner cannot keep the packed artefact: ${error.message}.`, {
    hint,
    cause: error,
  });
}
