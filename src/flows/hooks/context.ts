import type { Settings } from '../../domain/config/settings.ts';
import type { Hook } from '../../domain/hooks/hook.ts';
import type { HookPoint } from '../../domain/hooks/lifecycle.ts';
import type { Step } from '../../domain/remote/program.ts';
import { parseRevision } from '../../domain/tree/ids.ts';
import type { LocalCommand } from '../../ports/local-command.ts';
import type { Context, FleetRun, Member } from '../context.ts';

/** What hooks get to know about the run, as environment variables. */
export interface HookContext {
  readonly settings: Settings;
  /** Empty before it is chosen. */
  readonly release: string;
  readonly revision: string;
  readonly previous: (member: Member) => string | undefined;
  /** Paths that differ from the live release; `undefined`: unknown. */
  readonly changed: (member: Member) => readonly string[] | undefined;
  readonly local: LocalRun;
  /** Called for each hook with `when.changed` that began, on the runner or on a server, or that may have. */
  readonly migrating: (hook: Hook) => void;
  /** How hooks that run once are remembered over the attempts of a job. */
  readonly once: OnceMemory;
}

export interface OnceMemory {
  /** Did the hook run already in an earlier attempt of this job? */
  readonly isDone: (hook: Hook, point: HookPoint, member: Member) => boolean;
  /** The steps by which a server remembers that the hook is done. */
  readonly remember: (hook: Hook, point: HookPoint, member: Member) => readonly Step[];
}

/** Where and with what `local` hooks run. */
export interface LocalRun {
  readonly command: LocalCommand;
  readonly workspace: string;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

const forgetful: OnceMemory = { isDone: () => false, remember: () => [] };

/** What hooks know before the lock: no release is chosen yet. */
export function startingContext(context: Context, revision: string): HookContext {
  return {
    settings: context.settings,
    release: '',
    revision: parseRevision(revision) ?? '',
    previous: () => undefined,
    changed: () => undefined,
    local: localRun(context, context.signal),
    migrating: () => undefined,
    once: forgetful,
  };
}

/** What hooks of this run know. */
export function hookContext(run: FleetRun, once: OnceMemory = forgetful): HookContext {
  return {
    settings: run.settings,
    release: run.release,
    revision: run.revision,
    previous: ({ server }) => run.previous.get(server.name),
    changed: ({ server }) => run.observed.changed.get(server.name),
    local: localRun(run, run.signal),
    migrating: (hook) => void run.observed.migrations.add(hook.name),
    once,
  };
}

/** What hooks of an older release, which is live again, know: of that one, and of none before it. */
export function olderHookContext(run: FleetRun, release: string): HookContext {
  return {
    ...hookContext(run),
    release,
    revision: revisionOf(run, release),
    previous: () => undefined,
    migrating: () => undefined,
  };
}

/** The same where nothing cancels the hooks on the runner: in a revert, and when a run has failed. */
export function uncancelled(hooks: HookContext): HookContext {
  return { ...hooks, local: { ...hooks.local, signal: new AbortController().signal } };
}

function localRun({ ports, job }: Context, signal: AbortSignal): LocalRun {
  return { command: ports.command, workspace: job.workspace, signal, log: (line) => ports.log.note(line) };
}

/** The commit of a release, as far as any server knew it under the lock. */
function revisionOf(run: FleetRun, release: string): string {
  const known = [...run.facts.values()].map(({ current, ledger }) =>
    current.kind === 'release' && current.release === release
      ? current.revision
      : ledger.releases.get(release)?.revision,
  );
  return known.find((revision) => revision !== undefined) ?? '';
}
