import { ledgerStep } from '../../domain/programs/ledger.ts';
import { isDone, resumablePoints } from '../../domain/release/resume.ts';
import { readCurrent } from '../../domain/tree/facts.ts';
import type { LedgerEvent, LedgerLine } from '../../domain/tree/ledger.ts';
import type { Doors, Order, Run } from '../context.ts';
import type { Telling } from '../fleet/execute.ts';
import type { Member } from '../fleet/members.ts';
import type { Performance, Watch } from '../fleet/supervise.ts';
import type { HookScene } from './tasks.ts';

/** How programs are attended to while the run goes forward: a cancelled run ends them. */
export function watchOf(order: Order, doors: Doors): Watch {
  const { limits } = order.settings;
  return {
    clock: doors.clock,
    journal: doors.journal,
    signal: order.signal,
    commandTimeout: limits.commandTimeout,
    idleTimeout: limits.idleTimeout,
  };
}

/** The same for programs after which `ahead` others follow, unless something fails or nothing is to do. */
export function onwardOf(order: Order, doors: Doors, ahead: number): Watch {
  return { ...watchOf(order, doors), ahead };
}

/** How programs are attended to on the way back, which nothing cancels. */
export function wayBackWatch(order: Order, doors: Doors): Watch {
  return { ...watchOf(order, doors), signal: new AbortController().signal };
}

/** Of what is told before the truth check: by default that and the finish come after it. */
export function telling(run: Run, name: string, ahead = 2): Telling {
  return { name, watch: onwardOf(run.order, run.doors, ahead), become: run.order.settings.become };
}

/** What hooks of this run are told. `directory` is where they run on a server. */
export function sceneOf(
  run: Run,
  directory: HookScene['directory'],
  signal: AbortSignal = run.order.signal,
): HookScene {
  const { order, doors } = run;
  return {
    settings: order.settings,
    release: run.release,
    revision: run.revision,
    previous: (member) => run.previous.get(member.server.name),
    directory,
    changed: (member) => run.seen.changed.get(member.server.name),
    local: { command: doors.command, workspace: order.job.workspace, signal, say: (line) => doors.journal.note(line) },
    isDone: (hook, point, { server }) => isDone(run.resumed, { server: server.name, point, name: hook.name }),
    remember: (hook, point, { layout }) =>
      resumablePoints.includes(point)
        ? [ledgerStep(layout, [ledgerLine(run, 'preparing', { once: `${point}: ${hook.name}` })])]
        : [],
    migrating: (hook, by) => {
      if (by === 'runner') run.seen.migrations.add(hook.name);
      else run.seen.awaited.set(by.step, { server: by.server, began: () => run.seen.migrations.add(hook.name) });
    },
  };
}

/** What hooks of an older release, which is live again, are told: of that one, and of none before it. */
export function sceneOfOlder(run: Run, release: string, signal?: AbortSignal): HookScene {
  return { ...sceneOf(run, currentOf, signal), release, revision: revisionOf(run, release), previous: () => undefined };
}

/** The commit of a release, as far as any server knew it under the lock. */
function revisionOf(run: Run, release: string): string {
  const told = [...run.facts.values()].map(({ current, ledger }) =>
    current.kind === 'release' && current.release === release
      ? current.revision
      : ledger.releases.get(release)?.revision,
  );
  return told.find((revision) => revision !== undefined) ?? '';
}

/** A line of the ledger about this run's release, or about another one that `more` names. */
export function ledgerLine(run: Run, event: LedgerEvent, more: Partial<LedgerLine> = {}): LedgerLine {
  const { order } = run;
  return {
    at: run.doors.clock.now().toISOString(),
    release: run.release,
    event,
    by: order.job.actor,
    run: `${order.job.runId}.${order.job.attempt}`,
    ...(more.release === undefined || more.release === run.release ? { revision: run.revision } : {}),
    stage: order.settings.stage,
    ...more,
  };
}

/** Keeps what a program reads back of `current`, also where another step of it fails. */
export function hearCurrent(run: Run, { server, layout }: Member): Required<Pick<Performance, 'heard'>> {
  return {
    heard: ({ facts }) => {
      if (facts.has('current')) run.seen.truth.set(server.name, readCurrent(facts, layout));
    },
  };
}

/** The live directory of a server, where hooks of a live release run. */
export function currentOf(member: Member): string {
  return member.layout.current;
}
