import { asFailure, type Failure, leafFailures, together } from '../../domain/failure.ts';
import type { ProgramReport } from '../../domain/remote/end.ts';
import type { RemoteProgram, Step } from '../../domain/remote/program.ts';
import type { ProgramOptions } from '../../ports/transport.ts';
import { each, failuresOf, type Member, valuesOf } from './members.ts';
import { perform, type Watch } from './supervise.ts';

/**
 * A piece of the story that each of `members` tells for itself. Neighbouring acts with the same members are told in one program,
 * unless one `begins afresh` because its steps depend on what the one before reported.
 */
export interface Act {
  readonly members: readonly Member[];
  /** Most servers at the same time. */
  readonly most: number;
  readonly steps: (member: Member) => readonly Step[];
  readonly stream?: NonNullable<ProgramOptions['stream']>;
  readonly begins?: 'afresh';
  /** Called with what a server reported, before the next act. */
  readonly heard?: (member: Member, report: ProgramReport) => void;
}

/** One turn of the story: on servers, or on the runner. */
export type Turn =
  | { readonly kind: 'servers'; readonly act: Act }
  | { readonly kind: 'runner'; readonly run: () => Promise<void> };

export interface Telling {
  readonly name: string;
  readonly watch: Watch;
  readonly become: string | undefined;
}

/**
 * Tells turns in order; every server ends one before any begins the next.
 * @throws Failure with the problems of all servers, after the turn in which the first came up
 */
export async function tell(telling: Telling, turns: readonly Turn[]): Promise<void> {
  for (const scene of scenes(turns)) {
    if (scene.kind === 'runner') await scene.run();
    else await tellScene(telling, scene.acts);
  }
}

/**
 * Tells every turn, whatever becomes of the others; a server on which one failed is left out of those that follow.
 * Never throws. @returns what went wrong
 */
export async function tellRegardless(telling: Telling, turns: readonly Turn[]): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const turn of turns) {
    const failed = new Set(failures.map(({ server }) => server));
    try {
      await tell(telling, [withoutServers(turn, failed)]);
    } catch (thrown) {
      failures.push(...leafFailures(asFailure(thrown)));
    }
  }
  return failures;
}

function withoutServers(turn: Turn, names: ReadonlySet<string | undefined>): Turn {
  if (turn.kind === 'runner') return turn;
  return {
    kind: 'servers',
    act: { ...turn.act, members: turn.act.members.filter(({ server }) => !names.has(server.name)) },
  };
}

async function tellScene(telling: Telling, scene: readonly Act[]): Promise<void> {
  const [first] = scene;
  if (first === undefined) return;
  const fared = await each(first.members, first.most, (member) => play(telling, scene, member));
  for (const { member, value } of valuesOf(fared)) for (const act of scene) act.heard?.(member, value);
  const failures = failuresOf(fared);
  if (failures.length > 0)
    throw together(
      failures[0]?.code ?? 'BUG',
      `${telling.name} failed on ${failures.length} of ${first.members.length} servers`,
      failures,
    );
}

/** One program out of all steps, or nothing to do. */
async function play(telling: Telling, scene: readonly Act[], member: Member): Promise<ProgramReport> {
  const steps = scene.flatMap((act) => act.steps(member));
  const stream = steps.some(({ input }) => input === 'stream')
    ? scene.find((act) => act.stream !== undefined)?.stream
    : undefined;
  if (steps.length === 0) return { steps: [], facts: new Map(), leftRunning: [], group: undefined };
  return perform(
    telling.watch,
    member,
    programFor(member, { name: telling.name, steps }, telling.become),
    stream === undefined ? {} : { stream },
  );
}

/** The program as this member runs it: fenced while its lock is ours. */
export function programFor(member: Member, program: RemoteProgram, become: string | undefined): RemoteProgram {
  return {
    ...program,
    ...(member.fence === undefined ? {} : { fence: member.fence }),
    ...(become === undefined ? {} : { become }),
  };
}

type Scene =
  | { readonly kind: 'servers'; readonly acts: Act[] }
  | { readonly kind: 'runner'; readonly run: () => Promise<void> };

function scenes(turns: readonly Turn[]): Scene[] {
  const all: Scene[] = [];
  for (const turn of turns) {
    const last = all.at(-1);
    if (turn.kind === 'runner') all.push(turn);
    else if (last?.kind === 'servers' && joins(last.acts[0], turn.act)) last.acts.push(turn.act);
    else all.push({ kind: 'servers', acts: [turn.act] });
  }
  return all;
}

function joins(first: Act | undefined, act: Act): boolean {
  if (first === undefined || act.begins !== undefined || first.most !== act.most) return false;
  return (
    first.members.length === act.members.length && first.members.every((member, index) => member === act.members[index])
  );
}
