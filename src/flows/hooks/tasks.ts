import type { Hook, HookPoint, Settings } from '../../domain/config/settings.ts';
import { Failure } from '../../domain/failure.ts';
import { type HookTurn, isWanted, onceServer, runsOn, turnsOf } from '../../domain/hooks/order.ts';
import type { Step } from '../../domain/remote/program.ts';
import { duration } from '../../domain/text/duration.ts';
import type { LocalCommand } from '../../ports/local-command.ts';
import type { Turn } from '../fleet/execute.ts';
import { holders, type Member } from '../fleet/members.ts';

/** What hooks are told about the run, as environment variables. */
export interface HookScene {
  readonly settings: Settings;
  /** Empty before it is chosen. */
  readonly release: string;
  readonly revision: string;
  readonly previous: (member: Member) => string | undefined;
  /** The directory that commands run in; `undefined`: the login directory. */
  readonly directory: (member: Member) => string | undefined;
  /** Paths that differ from the live release; `undefined`: unknown. */
  readonly changed: (member: Member) => readonly string[] | undefined;
  readonly local: LocalRun;
  /** Ran the hook already in an earlier attempt of this job? */
  readonly isDone: (hook: Hook, point: HookPoint, member: Member) => boolean;
  /** The steps by which a server remembers that a hook that runs once is done. */
  readonly remember: (hook: Hook, point: HookPoint, member: Member) => readonly Step[];
  /** Told of each hook with `when.changed` that is about to run on the runner, and of each step that will run one on a server if the program comes to it. */
  readonly migrating: (hook: Hook, by: 'runner' | { readonly server: string; readonly step: Step }) => void;
}

/** Which hooks of a point are meant: those of every server, those that run once, or all. */
export type Portion = 'all' | 'on each server' | 'once and on the runner';

/** Where and with what `local` hooks run. */
export interface LocalRun {
  readonly command: LocalCommand;
  readonly workspace: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** The hooks of a point as turns, in their order. */
export function hookTurns(
  point: HookPoint,
  members: readonly Member[],
  scene: HookScene,
  portion: Portion = 'all',
): Turn[] {
  return turnsOf(scene.settings.hooks[point])
    .filter((turn) => belongs(turn, portion))
    .flatMap((turn) => toTurns(turn, point, members, scene));
}

function belongs(turn: HookTurn, portion: Portion): boolean {
  if (portion === 'all') return true;
  const each = turn.kind === 'together' || turn.kind === 'limited';
  return each === (portion === 'on each server');
}

function toTurns(turn: HookTurn, point: HookPoint, members: readonly Member[], scene: HookScene): Turn[] {
  const steps = (hooks: readonly Hook[]) => (member: Member) =>
    hooks.filter((hook) => runsOn(hook, member.server)).flatMap((hook) => hookSteps(hook, point, member, scene));
  switch (turn.kind) {
    case 'runner':
      return [{ kind: 'runner', run: () => runLocal(turn.hook, point, members, scene) }];
    case 'once': {
      const member = onceServer(turn.hook, members);
      return member === undefined
        ? []
        : [{ kind: 'servers', act: { members: [member], most: 1, steps: steps([turn.hook]), begins: 'afresh' } }];
    }
    case 'limited':
      return [
        {
          kind: 'servers',
          act: {
            members: members.filter((member) => runsOn(turn.hook, member.server)),
            most: turn.most,
            steps: steps([turn.hook]),
            begins: 'afresh',
          },
        },
      ];
    case 'together': {
      const fresh = turn.hooks.some((hook) => hook.whenChanged.length > 0);
      return [
        {
          kind: 'servers',
          act: {
            members,
            most: scene.settings.strategy.maxParallel,
            steps: steps(turn.hooks),
            ...(fresh ? { begins: 'afresh' } : {}),
          },
        },
      ];
    }
  }
}

function hookSteps(hook: Hook, point: HookPoint, member: Member, scene: HookScene): Step[] {
  if (scene.isDone(hook, point, member) || !isWanted(hook, scene.changed(member))) return [];
  const step = hookStep(hook, point, member, scene);
  if (hook.whenChanged.length > 0) scene.migrating(hook, { server: member.server.name, step });
  return [step, ...(hook.times === 'once' ? scene.remember(hook, point, member) : [])];
}

function hookStep(hook: Hook, point: HookPoint, member: Member, scene: HookScene): Step {
  const cwd = scene.directory(member);
  return {
    name: `${point}: ${hook.name}`,
    effect: 'changes',
    run: ['sh', '-euc', hook.command],
    env: hookEnvironment(scene, member),
    kind: 'hook',
    ...(member.server.release === 'release' && cwd !== undefined ? { cwd } : {}),
    timeout: timeoutOf(hook, scene),
  };
}

/** What hooks and `run` probes find in their environment on a server. */
export function hookEnvironment(scene: HookScene, member: Member): Record<string, string> {
  return {
    ...runEnvironment(scene),
    SLIPWAY_RELEASE_PATH:
      scene.release === '' || member.server.release !== 'release' ? '' : member.layout.release(scene.release),
    SLIPWAY_PREVIOUS_RELEASE: scene.previous(member) ?? '',
    SLIPWAY_SERVER: member.server.name,
    SLIPWAY_ROLES: member.server.roles.join(','),
    SLIPWAY_LABELS: Object.entries(member.server.labels)
      .map(([name, text]) => `${name}=${text}`)
      .join('\n'),
  };
}

function runEnvironment(scene: HookScene): Record<string, string> {
  return {
    ...scene.settings.defaultEnv,
    SLIPWAY_STAGE: scene.settings.stage,
    SLIPWAY_RELEASE: scene.release,
    SLIPWAY_REVISION: scene.revision,
  };
}

/** Milliseconds. What our own steps may take does not bound a hook. */
function timeoutOf(hook: Hook, { settings }: HookScene): number {
  return hook.timeout ?? settings.limits.commandTimeout;
}

/** Runs a `local` hook on the runner, in the workspace; one with `when.changed` when it is wanted on any server. @throws Failure `LOCAL_HOOK_FAILED`, `HOOK_TIMEOUT`, `CANCELLED` */
async function runLocal(hook: Hook, point: HookPoint, members: readonly Member[], scene: HookScene): Promise<void> {
  const run = scene.local;
  if (!holders(members).some((member) => isWanted(hook, scene.changed(member)))) return;
  if (hook.whenChanged.length > 0 && !run.signal.aborted) scene.migrating(hook, 'runner');
  const ended = await run.command.run({
    words: ['sh', '-euc', hook.command],
    cwd: run.workspace,
    env: {
      ...runEnvironment(scene),
      SLIPWAY_RELEASE_PATH: '',
      SLIPWAY_PREVIOUS_RELEASE: '',
      SLIPWAY_SERVER: '',
      SLIPWAY_ROLES: '',
      SLIPWAY_LABELS: '',
    },
    timeout: timeoutOf(hook, scene),
    signal: run.signal,
    onLine: run.say,
  });
  if (ended.ended === 'cancelled')
    throw new Failure('CANCELLED', `Cancelled during the local hook ${point}: ${hook.name}`);
  if (ended.ended === 'time limit')
    throw new Failure(
      'HOOK_TIMEOUT',
      `The local hook ${point}: ${hook.name} took longer than ${duration(timeoutOf(hook, scene))} and was ended`,
    );
  if (ended.status !== 0)
    throw new Failure('LOCAL_HOOK_FAILED', `The local hook ${point}: ${hook.name} failed: exit status ${ended.status}`);
}
