import { Failure } from '../../domain/failure.ts';
import type { Hook } from '../../domain/hooks/hook.ts';
import { type HookPoint, hookDirectory } from '../../domain/hooks/lifecycle.ts';
import { type HookTurn, isWanted, onceServer, runsOn, turnsOf } from '../../domain/hooks/order.ts';
import type { Step } from '../../domain/remote/program.ts';
import { duration } from '../../domain/text/duration.ts';
import type { Member } from '../context.ts';
import type { ServerTask, Task } from '../fleet/execute.ts';
import { withTree } from '../fleet/members.ts';
import type { HookContext } from './context.ts';
import { hookEnvironment, runEnvironment } from './environment.ts';

/** Which hooks of a point are meant: those of every server, those that run once, or all. */
export type Portion = 'all' | 'on each server' | 'once and on the runner';

/** The hooks of a point as tasks, in their order. */
export function hookTasks(
  point: HookPoint,
  members: readonly Member[],
  context: HookContext,
  portion: Portion = 'all',
): Task[] {
  return turnsOf(context.settings.hooks[point])
    .filter((turn) => belongs(turn, portion))
    .flatMap((turn) => toTasks(turn, point, members, context));
}

function belongs(turn: HookTurn, portion: Portion): boolean {
  if (portion === 'all') return true;
  const each = turn.kind === 'together' || turn.kind === 'limited';
  return each === (portion === 'on each server');
}

function toTasks(turn: HookTurn, point: HookPoint, members: readonly Member[], context: HookContext): Task[] {
  switch (turn.kind) {
    case 'runner':
      return [{ where: 'runner', run: () => runLocal(turn.hook, point, members, context) }];
    case 'once': {
      const member = onceServer(turn.hook, members);
      return member === undefined ? [] : [{ ...serverTask([turn.hook], point, [member], context), ...alone }];
    }
    case 'limited': {
      const own = members.filter((member) => runsOn(turn.hook, member.server));
      return [{ ...serverTask([turn.hook], point, own, context), ...alone, most: turn.most }];
    }
    case 'together': {
      const task = serverTask(turn.hooks, point, members, context);
      return [turn.hooks.some((hook) => hook.whenChanged.length > 0) ? { ...task, ...alone } : task];
    }
  }
}

/** Whether it runs at all may depend on what the program before it reports, and the others wait for it. */
const alone = { program: 'of its own' } as const;

function serverTask(
  hooks: readonly Hook[],
  point: HookPoint,
  members: readonly Member[],
  context: HookContext,
): ServerTask {
  const hookOf = new Map<Step, Hook>();
  const stepsOf = (hook: Hook, member: Member): Step[] => {
    if (!runsOn(hook, member.server) || context.once.isDone(hook, point, member)) return [];
    if (!isWanted(hook, context.changed(member))) return [];
    const step = hookStep(hook, point, member, context);
    hookOf.set(step, hook);
    return [step, ...(hook.times === 'once' ? context.once.remember(hook, point, member) : [])];
  };
  return {
    where: 'servers',
    members,
    steps: (member) => hooks.flatMap((hook) => stepsOf(hook, member)),
    began: (_member, step) => {
      const hook = hookOf.get(step);
      if (hook !== undefined && hook.whenChanged.length > 0) context.migrating(hook);
    },
  };
}

function hookStep(hook: Hook, point: HookPoint, member: Member, context: HookContext): Step {
  const { release } = context;
  const cwd = hookDirectory(point, member.layout, { release, previous: context.previous(member) });
  return {
    id: 'hook',
    name: `${point}: ${hook.name}`,
    effect: 'changes',
    run: ['sh', '-euc', hook.command],
    env: hookEnvironment(context, member),
    kind: 'hook',
    ...(member.server.release === 'release' && cwd !== undefined ? { cwd } : {}),
    timeout: timeoutOf(hook, context),
  };
}

/** Milliseconds. What our own steps may take does not bound a hook. */
function timeoutOf(hook: Hook, { settings }: HookContext): number {
  return hook.timeout ?? settings.limits.commandTimeout;
}

/**
 * Runs a `local` hook on the runner, in the workspace; one with `when.changed` when it is wanted on any server.
 * @throws Failure `LOCAL_HOOK_FAILED`, `HOOK_TIMEOUT`, `CANCELLED`
 */
async function runLocal(hook: Hook, point: HookPoint, members: readonly Member[], context: HookContext): Promise<void> {
  const { command, workspace, signal, log } = context.local;
  if (!withTree(members).some((member) => isWanted(hook, context.changed(member)))) return;
  if (hook.whenChanged.length > 0 && !signal.aborted) context.migrating(hook);
  const timeout = timeoutOf(hook, context);
  const { ended, status } = await command.run({
    words: ['sh', '-euc', hook.command],
    cwd: workspace,
    env: { ...runEnvironment(context), ...noServer },
    timeout,
    signal,
    onLine: log,
  });
  const name = `local hook ${point}: ${hook.name}`;
  if (ended === 'cancelled') throw new Failure('CANCELLED', `Cancelled during the ${name}`);
  if (ended === 'time limit')
    throw new Failure('HOOK_TIMEOUT', `The ${name} took longer than ${duration(timeout)} and was ended`);
  if (status !== 0) throw new Failure('LOCAL_HOOK_FAILED', `The ${name} failed: exit status ${status}`);
}

const noServer = {
  SLIPWAY_RELEASE_PATH: '',
  SLIPWAY_PREVIOUS_RELEASE: '',
  SLIPWAY_SERVER: '',
  SLIPWAY_ROLES: '',
  SLIPWAY_LABELS: '',
} as const;
