import { asFailure } from '../domain/failure.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Doors, Order, Run } from './run.ts';
import { beginRun, type Cargo, judge, newOwner, pack } from './steps/begin.ts';
import { Book, closeBook } from './steps/book.ts';
import { recordByHand } from './steps/by-hand.ts';
import { connect } from './steps/connect.ts';
import { finishRelease } from './steps/finish.ts';
import { fenced, takeLocks } from './steps/lock.ts';
import { leave, runFailedHooks, runPoint, startingScene } from './steps/points.ts';
import { discardRelease, prepareRelease } from './steps/prepare.ts';
import { repairFleet, witnessesOf } from './steps/repair.ts';
import { onwardOf, sceneOf } from './steps/scene.ts';
import { assertReady, survey } from './steps/survey.ts';
import { readTruth, switchRelease } from './steps/switch.ts';
import { goBack } from './steps/way-back.ts';

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
  const { settings } = order;
  await using packing = pack(doors.artifacts, order.revision, settings);
  doors.journal.chapter('connect');
  await using fleet = await connect(settings, doors.transports, doors.journal, order.signal);
  book.absent = fleet.absent;
  doors.journal.chapter('survey');
  const found = await survey(fleet.members, settings, onwardOf(order, doors));
  book.learn(found);
  assertReady([...fleet.problems, ...found.problems]);
  const cargo = await packing.cargo;
  book.revision = cargo.revision;
  await runPoint('starting', fleet.members, startingScene(book), book);

  doors.journal.chapter('lock');
  const owner = newOwner(order, doors, doors.random.hex(32));
  const locked = await takeLocks({ order, doors, owner }, fleet.members);
  const members = fenced(locked.members, owner);
  const begin = async (): Promise<Run> => beginRun({ order, doors, owner, members, absent: fleet.absent, facts: locked.facts, cargo, seen: book.seen });
  const run = await orElse(begin, () => leave({ order, doors, owner, members, seen: book.seen }, 'locked'));
  book.run = run;
  await deployLocked(book, run, cargo);
}

/** What happens between lock and unlock. */
async function deployLocked(book: Book, run: Run, cargo: Cargo): Promise<void> {
  let locks: 'released' | 'locked' = 'locked';
  try {
    await recordByHand(run);
    const { unchanged, because } = await judge(run, cargo.artifact, witnessesOf(run));
    run.doors.journal.note(because);
    if (unchanged === 'changed') locks = await deployChange(book, book.repaired(await repairFleet(run)), cargo);
    else book.unchanged();
  } catch (thrown) {
    // What stopped the run stands before what went wrong on the way back from it.
    book.seen.failures.unshift(asFailure(thrown));
    await runFailedHooks(run);
  } finally {
    await leave(run, locks);
  }
}

async function deployChange(book: Book, run: Run, cargo: Cargo): Promise<'released' | 'locked'> {
  const { journal } = run.doors;
  book.save('preparing');
  await runPoint(
    'started',
    run.members,
    sceneOf(run, () => undefined),
    book,
  );
  journal.chapter('prepare');
  await orElse(
    () => prepareRelease(run, cargo.artifact),
    () => discardRelease(run),
  );

  book.save('switching');
  journal.chapter('switch');
  const health = await orElse(
    () => switchAndRead(run),
    () => goBack(run),
  );
  if (health === 'unknown') {
    // From here on only locks are left to give back: nothing is put back for want of an answer, by the post step neither.
    book.save('locking');
    return 'locked';
  }

  book.save('proven');
  book.proven();
  journal.chapter('finish');
  return finishRelease(run);
}

async function switchAndRead(run: Run): Promise<'healthy' | 'unknown'> {
  const health = await switchRelease(run);
  if (health === 'unknown') return health;
  run.doors.journal.chapter('truth');
  await readTruth(run);
  return health;
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
