import { asFailure } from '../../domain/failure.ts';
import type { Outcome } from '../../domain/fleet/outcome.ts';
import type { Doors, Order, Run } from '../context.ts';
import { connect, type Fleet } from '../fleet/connect.ts';
import { onwardOf, sceneOf } from '../hooks/context.ts';
import { leave, runFailedHooks, runPoint, startingScene } from '../hooks/points.ts';
import { keepLeases } from '../lock/leases.ts';
import { fenced, takeLocks } from '../lock/lock.ts';
import { recordByHand } from '../release/break-glass.ts';
import { finishRelease } from '../release/finish.ts';
import { discardRelease, prepareRelease } from '../release/prepare.ts';
import { repairFleet, witnessesOf } from '../release/reconcile.ts';
import { goBack } from '../release/revert.ts';
import { assertReady, survey } from '../release/survey.ts';
import { switchRelease } from '../release/switch.ts';
import { assertTrue, readTruth } from '../release/verify.ts';
import { beginRun, type Cargo, foresee, judge, newOwner, pack } from './decide.ts';
import { Book, closeBook } from './outcome.ts';

/** Deploys: prepares the release on every server, switches all, proves it, or puts everything back. Never throws; failures are in the outcome. */
export async function deploy(order: Order, doors: Doors): Promise<Outcome> {
  const book = new Book(order, doors);
  try {
    await tellStory(book);
  } catch (thrown) {
    book.seen.failures.push(asFailure(thrown));
  }
  return closeBook(book);
}

async function tellStory(book: Book): Promise<void> {
  const { order, doors } = book;
  await using packing = pack(doors.artifacts, order.revision, order.settings);
  await using fleet = await approach(book);
  const { run, cargo } = await orElse(
    () => begin(book, fleet, packing.cargo),
    async () => (order.signal.aborted ? undefined : await runFailedHooks(book, fleet.members)),
  );
  await whileLocked(book, run, () => deployLocked(book, run, cargo));
}

/** What happens before the lock, and the lock itself. */
async function begin(
  book: Book,
  fleet: Fleet,
  packed: Promise<Cargo>,
): Promise<{ readonly run: Run; readonly cargo: Cargo }> {
  await inspect(book, fleet);
  const cargo = await packed;
  book.revision = cargo.revision;
  await runPoint('starting', fleet.members, startingScene(book), book);
  return { run: await lock(book, fleet, cargo), cargo };
}

/** What happens between lock and unlock. `released`: the last program has given the locks back already. */
async function deployLocked(book: Book, locked: Run, cargo: Cargo): Promise<'released' | 'locked'> {
  await recordByHand(locked);
  if ((await decide(book, locked, cargo)) === 'unchanged') return 'locked';
  const run = book.repaired(await repairFleet(locked));
  await prepare(book, run, cargo);
  if ((await publish(book, run)) === 'unknown') return 'locked';
  return await finish(book, run);
}

async function approach(book: Book): Promise<Fleet> {
  const { order, doors } = book;
  doors.journal.chapter('connect');
  const fleet = await connect(order.settings, doors.transports, doors.journal, order.signal);
  book.absent = fleet.absent;
  return fleet;
}

/** Nothing is changed here: all problems of all servers come up together. */
async function inspect(book: Book, fleet: Fleet): Promise<void> {
  book.doors.journal.chapter('survey');
  const found = await survey(fleet.members, book.order.settings, onwardOf(book.order, book.doors, 2));
  book.learn(found);
  assertReady([...fleet.problems, ...found.problems]);
  book.doors.journal.note('nothing stands in the way');
}

/** Every decision from here on is made from facts that are seen under the lock. */
async function lock(book: Book, fleet: Fleet, cargo: Cargo): Promise<Run> {
  const { order, doors, seen } = book;
  doors.journal.chapter('lock');
  foresee(doors.artifacts, cargo.revision, witnessesOf(book));
  const owner = newOwner(order, doors, doors.random.hex(32));
  const { members: taken, facts } = await takeLocks({ order, doors, owner }, fleet.members);
  const members = fenced(taken, owner);
  const settle = async (): Promise<Run> =>
    beginRun({ order, doors, owner, members, absent: fleet.absent, facts, cargo, seen });
  book.run = await orElse(settle, () => leave({ order, doors, owner, members, seen }, 'locked'));
  return book.run;
}

async function decide(book: Book, run: Run, cargo: Cargo): Promise<'unchanged' | 'changed'> {
  const { unchanged, because } = await judge(run, cargo.artifact, witnessesOf(run));
  run.doors.journal.note(unchanged === 'changed' ? `this run makes release ${run.release}: ${because}` : because);
  if (unchanged === 'unchanged') book.unchanged();
  return unchanged;
}

/** Complete on every server, and live on none: the barrier. */
async function prepare(book: Book, run: Run, cargo: Cargo): Promise<void> {
  book.save('preparing');
  const login = sceneOf(run, () => undefined);
  await runPoint('started', run.members, login, book);
  run.doors.journal.chapter('prepare');
  const upload = (): Promise<void> => prepareRelease(run, cargo.artifact);
  await orElse(upload, () => discardRelease(run));
}

/** Live, well and true on every server, or back on what each of them ran before. */
async function publish(book: Book, run: Run): Promise<'healthy' | 'unknown'> {
  book.save('switching');
  run.doors.journal.chapter('switch');
  const health = await orElse(
    () => switchAndRead(run),
    () => goBack(run),
  );
  // Nothing is put back for want of an answer, by the post step neither: only locks are left to give back.
  if (health === 'unknown') book.save('locking');
  return health;
}

async function switchAndRead(run: Run): Promise<'healthy' | 'unknown'> {
  const switched = await switchRelease(run);
  if (switched === 'unknown') return switched;
  run.doors.journal.chapter('truth');
  assertTrue(run, switched === 'read back' ? [] : await readTruth(run));
  return 'healthy';
}

async function finish(book: Book, run: Run): Promise<'released' | 'locked'> {
  book.save('proven');
  book.proven();
  run.doors.journal.chapter('finish');
  return await finishRelease(run);
}

/** Gives the locks back however the work ends; what stopped it stands before what went wrong on the way back from it. */
async function whileLocked(book: Book, run: Run, work: () => Promise<'released' | 'locked'>): Promise<void> {
  using _leases = keepLeases(run.doors.clock, run.members);
  let locks: 'released' | 'locked' = 'locked';
  try {
    locks = await work();
  } catch (thrown) {
    run.seen.failures.unshift(asFailure(thrown));
  }
  if (run.seen.failures.length > 0) await runFailedHooks(book, run.members);
  await leave(run, locks);
}

/** Does the work; when it fails, undoes it and fails all the same. */
async function orElse<T>(work: () => Promise<T>, undo: () => Promise<void>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    await undo();
    throw thrown;
  }
}
