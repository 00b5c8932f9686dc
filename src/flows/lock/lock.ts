import { Failure, together } from '../../domain/failure.ts';
import { endProgram } from '../../domain/programs/end.ts';
import { breakLockProgram, fenceOf, releaseLockProgram, takeLockProgram } from '../../domain/programs/lock.ts';
import { failureFrom } from '../../domain/programs/verdict.ts';
import type { ProgramEnd } from '../../domain/remote/end.ts';
import { logFormat } from '../../domain/text/formatter.ts';
import { listServers } from '../../domain/text/phrases.ts';
import { type LockState, readLock, readTreeFacts, type TreeFacts } from '../../domain/tree/facts.ts';
import { describeOwner, isStale, type LockOwner } from '../../domain/tree/lock.ts';
import type { Journal } from '../../ports/run-log.ts';
import type { Doors, Order } from '../context.ts';
import { programFor } from '../fleet/execute.ts';
import { each, failuresOf, holders, type Member, valuesOf } from '../fleet/members.ts';
import { onSecondWay } from '../fleet/reconnect.ts';
import { attend, perform } from '../fleet/supervise.ts';
import { onwardOf, watchOf, wayBackWatch } from '../hooks/context.ts';

/** Milliseconds after which the log says again who is waited for. */
const sayAgain = 60_000;
/** Dead locks that are put aside on one server. One that always has another is not tried for ever. */
const mostTakeOvers = 3;

export interface Locking {
  readonly order: Order;
  readonly doors: Doors;
  readonly owner: LockOwner;
}

/** Every server of the run, fenced where it has a tree, and the facts that were seen under the lock. */
export interface Locked {
  readonly members: readonly Member[];
  readonly facts: ReadonlyMap<string, TreeFacts>;
}

type Taken = { readonly member: Member; readonly facts: TreeFacts };
type Attempt =
  | { readonly kind: 'taken'; readonly taken: Taken }
  | { readonly kind: 'held'; readonly member: Member; readonly lock: LockState };

/**
 * Takes the lock of every server: the first in order alone, then all others at once. Where one is held, all are given back,
 * and it begins again until `lock.wait` is over. A lock whose job has ended is taken over.
 * @throws Failure `LOCK_HELD`, `LOCK_REFUSED`, `SAME_TREE`, `CANCELLED`
 */
export async function takeLocks(locking: Locking, members: readonly Member[]): Promise<Locked> {
  const { order, doors } = locking;
  const { clock, journal } = doors;
  const until = clock.now().getTime() + order.settings.lock.wait;
  const takeOvers = new Map<string, number>();
  for (let told = Number.NEGATIVE_INFINITY; ; ) {
    order.save({ at: 'locking', token: locking.owner.token });
    const round = await tryAll(locking, inLockOrder(holders(members)));
    if (round.kind === 'all') return tellOf(join(members, round.taken), journal);
    const { name } = round.held.member.server;
    const tries = takeOvers.get(name) ?? 0;
    if (tries < mostTakeOvers && (await breakStale(locking, round.held)) === 'broken') {
      takeOvers.set(name, tries + 1);
      continue;
    }
    if (clock.now().getTime() >= until) throw heldFailure(round.held);
    if (clock.now().getTime() - told >= sayAgain) {
      journal.note(`waiting for the lock; ${round.held.member.server.name} is locked: ${holderText(round.held.lock)}`);
      told = clock.now().getTime();
    }
    await clock.sleep(1000 + (Number.parseInt(doors.random.hex(4), 16) % 4000), order.signal);
  }
}

/** Gives back the locks of all servers that we hold. */
export async function releaseLocks(
  run: { readonly order: Order; readonly doors: Doors },
  members: readonly Member[],
): Promise<Failure[]> {
  const { settings } = run.order;
  const fared = await each(members, settings.strategy.maxParallel, async (member) => {
    const { fence } = member;
    if (fence === undefined) return;
    const watch = wayBackWatch(run.order, run.doors);
    await onSecondWay(run, member, () =>
      perform(watch, member, programFor(member, releaseLockProgram(member.layout, fence), settings.become)),
    );
  });
  return failuresOf(fared);
}

/** The members with the fence of `owner` on every one that has a tree. */
export function fenced(members: readonly Member[], owner: LockOwner): Member[] {
  return members.map((member) =>
    member.server.release === 'release' ? { ...member, fence: fenceOf(member.layout, owner) } : member,
  );
}

/** Ends what still runs under a lock and puts the lock aside, if it is still the one that was seen. */
export async function breakLock(
  { order, doors }: Pick<Locking, 'order' | 'doors'>,
  member: Member,
  lock: LockState,
): Promise<'broken' | 'changed'> {
  const watch = watchOf(order, doors);
  const { settings } = order;
  if (lock.group.id !== '0') await perform(watch, member, programFor(member, endProgram(lock.group), settings.become));
  const report = await perform(
    watch,
    member,
    programFor(member, breakLockProgram(member.layout, lock.owner?.token ?? 'unreadable'), settings.become),
  );
  return report.facts.get('broken') === 'yes' ? 'broken' : 'changed';
}

/** Every run takes locks in the same order, whatever its stage calls the servers and in which order it names them. */
function inLockOrder(members: readonly Member[]): Member[] {
  const key = ({ server }: Member): string => `${server.host}\n${server.port}\n${server.deployTo}`;
  return [...members].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

type Round =
  | { readonly kind: 'all'; readonly taken: readonly Taken[] }
  | { readonly kind: 'some'; readonly held: Extract<Attempt, { kind: 'held' }> };

async function tryAll(locking: Locking, members: readonly Member[]): Promise<Round> {
  const most = locking.order.settings.strategy.maxParallel;
  const opening = await each(members.slice(0, 1), 1, (member) => tryOne(locking, member));
  const goOn = opening.every((one) => 'value' in one && one.value.kind === 'taken');
  const fared = [...opening, ...(goOn ? await each(members.slice(1), most, (member) => tryOne(locking, member)) : [])];
  const attempts = valuesOf(fared).map(({ value }) => value);
  const taken = attempts.flatMap((attempt) => (attempt.kind === 'taken' ? [attempt.taken] : []));
  const held = attempts.find((attempt) => attempt.kind === 'held');
  const failures = failuresOf(fared);
  if (held === undefined && failures.length === 0) return { kind: 'all', taken };
  await giveBack(locking, taken, failures);
  if (failures.length > 0)
    throw together(failures[0]?.code ?? 'BUG', `the lock could not be taken on ${failures.length} servers`, failures);
  if (held?.lock.owner?.token === locking.owner.token)
    throw new Failure('SAME_TREE', `${held.member.server.name} is the same directory as another server of this stage`, {
      server: held.member.server.name,
    });
  return { kind: 'some', held: held as Extract<Attempt, { kind: 'held' }> };
}

async function tryOne(locking: Locking, member: Member): Promise<Attempt> {
  const { order, doors, owner } = locking;
  const { settings } = order;
  const program = takeLockProgram(member.layout, owner);
  const { end, ended } = await attend(onwardOf(order, doors, 2), member, programFor(member, program, settings.become));
  if (end.facts.get('taken') === 'no')
    return {
      kind: 'held',
      member,
      lock: readLock(end.facts) ?? { owner: undefined, group: { id: '0', started: '0' }, age: 0 },
    };
  const { server } = member;
  if (end.facts.get('taken') === 'refused')
    throw new Failure('LOCK_REFUSED', `the lock of ${server.name} cannot be written: ${refusalText(end)}`, {
      server: server.name,
    });
  if (end.kind !== 'succeeded') {
    await attend(
      wayBackWatch(order, doors),
      member,
      programFor(member, releaseLockProgram(member.layout, fenceOf(member.layout, owner)), settings.become),
    );
    throw (
      failureFrom(end, { server: server.name, program: program.name, ended }) ??
      new Failure('BUG', 'a program that did not succeed has no verdict')
    );
  }
  return { kind: 'taken', taken: { member, facts: readTreeFacts(end.facts, member.layout) } };
}

function refusalText(end: ProgramEnd): string {
  const said = end.kind === 'failed' ? end.at.output.filter((line) => line !== '') : [];
  return said.at(-1) ?? 'no reason was given';
}

/** Where nothing of ours can be left on any server, the post step has nothing to do. */
async function giveBack(locking: Locking, taken: readonly Taken[], failures: readonly Failure[]): Promise<void> {
  const kept = await releaseLocks(
    locking,
    fenced(
      taken.map(({ member }) => member),
      locking.owner,
    ),
  );
  if (kept.length === 0 && failures.every(({ code }) => code === 'LOCK_REFUSED'))
    locking.order.save({ at: 'finished', token: locking.owner.token });
}

async function breakStale(locking: Locking, held: Extract<Attempt, { kind: 'held' }>): Promise<'broken' | 'kept'> {
  const { owner } = held.lock;
  if (owner === undefined || owner.token === locking.owner.token) return 'kept';
  const { stale, because } = isStale(
    owner,
    held.lock.age,
    await locking.doors.runs.ended({
      repository: owner.repository,
      run: owner.run,
      attempt: owner.attempt,
      checkRun: owner.checkRun,
    }),
  );
  if (stale === 'alive') return 'kept';
  locking.doors.journal.warn(
    `the lock of ${held.member.server.name} is taken over (${describeOwner(owner)}): ${because}`,
  );
  return (await breakLock(locking, held.member, held.lock)) === 'broken' ? 'broken' : 'kept';
}

function join(members: readonly Member[], taken: readonly Taken[]): Locked {
  const seen = new Map(taken.map(({ member, facts }) => [member.server.name, facts]));
  return {
    members,
    facts: new Map(
      members.flatMap(({ server }) =>
        seen.has(server.name) ? [[server.name, seen.get(server.name) as TreeFacts]] : [],
      ),
    ),
  };
}

function tellOf(locked: Locked, journal: Journal): Locked {
  journal.note(`locked ${listServers([...locked.facts.keys()], logFormat, 20)}`);
  return locked;
}

function holderText({ owner, age }: LockState): string {
  return owner === undefined ? 'its owner record cannot be read' : `${describeOwner(owner)}, last seen ${age} s ago`;
}

function heldFailure({ member, lock }: Extract<Attempt, { kind: 'held' }>): Failure {
  return new Failure('LOCK_HELD', `${member.server.name} is locked: ${holderText(lock)}`, {
    server: member.server.name,
  });
}
