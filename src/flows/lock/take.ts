import { Failure, together } from '../../domain/failure.ts';
import { fenceOf, releaseLockProgram, takeLockProgram } from '../../domain/programs/lock.ts';
import { failureFrom } from '../../domain/programs/verdict.ts';
import type { ProgramEnd } from '../../domain/remote/end.ts';
import { logFormat } from '../../domain/text/formatter.ts';
import { listServers } from '../../domain/text/phrases.ts';
import { type LockState, readLock, readTreeFacts, type TreeFacts } from '../../domain/tree/facts.ts';
import { describeOwner, isStale, type LockOwner } from '../../domain/tree/lock.ts';
import { type Context, type Member, warn } from '../context.ts';
import { executor, uncancelledExecutor } from '../fleet/execute.ts';
import { failuresOf, onEach, valuesOf, withTree } from '../fleet/members.ts';
import { breakLock } from './break.ts';
import { giveLocksBack } from './give-back.ts';
import { fenced } from './owner.ts';

/** Milliseconds after which the log names again who is waited for. */
const noteInterval = 60_000;
/** Dead locks that are moved aside on one server. One that always has another is not tried for ever. */
const mostTakeOvers = 3;

/** A run that is about to take locks. */
export interface Locking extends Context {
  readonly owner: LockOwner;
}

type Taken = { readonly member: Member; readonly facts: TreeFacts };
type Held = { readonly kind: 'held'; readonly member: Member; readonly lock: LockState };
type Attempt = { readonly kind: 'taken'; readonly taken: Taken } | Held;

/**
 * Takes the lock of every server: the first in order alone, then all others at once. Where one is held, all are given
 * back,
 * and it begins again until `lock.wait` is over. A lock whose job has ended is taken over.
 * @returns by server, in the order of `members`, the facts that were seen under its lock
 * @throws Failure `LOCK_HELD`, `LOCK_REFUSED`, `SAME_TREE`, `CANCELLED`
 */
export async function takeLocks(locking: Locking, members: readonly Member[]): Promise<ReadonlyMap<string, TreeFacts>> {
  const { clock, log, random } = locking.ports;
  const until = clock.now().getTime() + locking.settings.lock.wait;
  const takeOvers = new Map<string, number>();
  for (let noted = Number.NEGATIVE_INFINITY; ; ) {
    locking.save({ at: 'locking', token: locking.owner.token });
    const round = await tryAll(locking, inLockOrder(withTree(members)));
    if (round.kind === 'all') return factsOf(locking, members, round.taken);
    const { name } = round.held.member.server;
    const tries = takeOvers.get(name) ?? 0;
    if (tries < mostTakeOvers && (await breakStale(locking, round.held)) === 'broken') {
      takeOvers.set(name, tries + 1);
      continue;
    }
    if (clock.now().getTime() >= until) throw heldFailure(round.held);
    if (clock.now().getTime() - noted >= noteInterval) {
      log.note(`waiting for the lock; ${name} is locked: ${holderText(round.held.lock)}`);
      noted = clock.now().getTime();
    }
    await clock.sleep(1000 + (Number.parseInt(random.hex(4), 16) % 4000), locking.signal);
  }
}

/** Every run takes locks in the same order, whatever its stage calls the servers and in which order it names them. */
function inLockOrder(members: readonly Member[]): Member[] {
  const key = ({ server }: Member): string => `${server.host}\n${server.port}\n${server.deployTo}`;
  return [...members].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

type Round =
  | { readonly kind: 'all'; readonly taken: readonly Taken[] }
  | { readonly kind: 'some'; readonly held: Held };

async function tryAll(locking: Locking, members: readonly Member[]): Promise<Round> {
  const first = await onEach(members.slice(0, 1), 1, (member) => tryOne(locking, member));
  const goOn = first.every((one) => 'value' in one && one.value.kind === 'taken');
  const rest = goOn ? await executor(locking).each(members.slice(1), (member) => tryOne(locking, member)) : [];
  const results = [...first, ...rest];
  const attempts = valuesOf(results).map(({ value }) => value);
  const taken = attempts.flatMap((attempt) => (attempt.kind === 'taken' ? [attempt.taken] : []));
  const held = attempts.find((attempt) => attempt.kind === 'held');
  const failures = failuresOf(results);
  if (held === undefined && failures.length === 0) return { kind: 'all', taken };
  await giveAllBack(locking, taken, failures);
  if (failures.length > 0)
    throw together(failures[0]?.code ?? 'BUG', `the lock could not be taken on ${failures.length} servers`, failures);
  if (held?.lock.owner?.token === locking.owner.token) throw sameTree(held.member);
  return { kind: 'some', held: held as Held };
}

function sameTree({ server: { name } }: Member): Failure {
  return new Failure('SAME_TREE', `${name} is the same directory as another server of this stage`, { server: name });
}

async function tryOne(locking: Locking, member: Member): Promise<Attempt> {
  const { layout, server } = member;
  const program = takeLockProgram(layout, locking.owner);
  const { end, ended } = await executor(locking, { ahead: 2 }).ask(member, program);
  if (end.facts.get('taken') === 'no') {
    const unreadable: LockState = { owner: undefined, group: { id: '0', started: '0' }, age: 0 };
    return { kind: 'held', member, lock: readLock(end.facts) ?? unreadable };
  }
  if (end.facts.get('taken') === 'refused')
    throw new Failure('LOCK_REFUSED', `the lock of ${server.name} cannot be written: ${refusalText(end)}`, {
      server: server.name,
    });
  if (end.kind === 'succeeded') return { kind: 'taken', taken: { member, facts: readTreeFacts(end.facts, layout) } };
  await uncancelledExecutor(locking).ask(member, releaseLockProgram(layout, fenceOf(layout, locking.owner)));
  throw (
    failureFrom(end, { server: server.name, program: program.name, ended }) ??
    new Failure('BUG', 'a program that did not succeed has no verdict')
  );
}

function refusalText(end: ProgramEnd): string {
  const printed = end.kind === 'failed' ? end.at.output.filter((line) => line !== '') : [];
  return printed.at(-1) ?? 'no reason was given';
}

/** Where nothing of ours can be left on any server, the post step has nothing to do. */
async function giveAllBack(locking: Locking, taken: readonly Taken[], failures: readonly Failure[]): Promise<void> {
  const members = taken.map(({ member }) => member);
  const kept = await giveLocksBack(locking, fenced(members, locking.owner));
  if (kept.length === 0 && failures.every(({ code }) => code === 'LOCK_REFUSED'))
    locking.save({ at: 'finished', token: locking.owner.token });
}

async function breakStale(locking: Locking, { member, lock }: Held): Promise<'broken' | 'kept'> {
  const { owner } = lock;
  if (owner === undefined || owner.token === locking.owner.token) return 'kept';
  const { repository, run, attempt, checkRun } = owner;
  const job = await locking.ports.runs.ended({ repository, run, attempt, checkRun });
  const { stale, because } = isStale(owner, lock.age, job);
  if (stale === 'alive') return 'kept';
  warn(locking, `the lock of ${member.server.name} is taken over (${describeOwner(owner)}): ${because}`);
  return (await breakLock(locking, member, lock)) === 'broken' ? 'broken' : 'kept';
}

function factsOf(
  locking: Locking,
  members: readonly Member[],
  taken: readonly Taken[],
): ReadonlyMap<string, TreeFacts> {
  const seen = new Map(taken.map(({ member, facts }) => [member.server.name, facts]));
  const facts = new Map<string, TreeFacts>();
  for (const { server } of members) {
    const own = seen.get(server.name);
    if (own !== undefined) facts.set(server.name, own);
  }
  locking.ports.log.note(`locked ${listServers([...facts.keys()], logFormat, 20)}`);
  return facts;
}

function holderText({ owner, age }: LockState): string {
  return owner === undefined ? 'its owner file cannot be read' : `${describeOwner(owner)}, last seen ${age} s ago`;
}

function heldFailure({ member, lock }: Held): Failure {
  const { name } = member.server;
  return new Failure('LOCK_HELD', `${name} is locked: ${holderText(lock)}`, { server: name });
}
