import { Failure, together } from '../../domain/failure.ts';
import { truthStep } from '../../domain/programs/look.ts';
import { logFormat } from '../../domain/text/formatter.ts';
import { listServers } from '../../domain/text/phrases.ts';
import type { Current } from '../../domain/tree/facts.ts';
import type { Run } from '../context.ts';
import { programFor, type Turn } from '../fleet/execute.ts';
import { each, failuresOf, holders, type Member } from '../fleet/members.ts';
import { onSecondWay } from '../fleet/reconnect.ts';
import { perform } from '../fleet/supervise.ts';
import { hearCurrent, onwardOf } from '../hooks/context.ts';

/** Reads `current` and REVISION back in the program of the turn before, which saves a round trip. */
export function truthTurn(run: Run, members: readonly Member[]): Turn {
  const most = run.order.settings.strategy.maxParallel;
  return {
    kind: 'servers',
    act: {
      members,
      most,
      steps: ({ layout }) => [truthStep(layout)],
      heard: (member, report) => hearCurrent(run, member).heard(report),
    },
  };
}

/**
 * Reads `current` and REVISION back from every server. A connection that is lost is opened once more.
 * @returns why servers could not be asked
 */
export async function readTruth(run: Run): Promise<Failure[]> {
  const watch = onwardOf(run.order, run.doors, 1);
  const fared = await each(holders(run.members), run.order.settings.strategy.maxParallel, async (member) => {
    const program = programFor(member, { name: 'truth', steps: [truthStep(member.layout)] }, run.order.settings.become);
    await onSecondWay(run, member, () => perform(watch, member, program, hearCurrent(run, member)));
  });
  return failuresOf(fared);
}

/**
 * The result of a run is made of what was read back.
 * @param unheard why servers could not be asked
 * @throws Failure `TRUTH_MISMATCH` with every server that does not run the release
 */
export function assertTrue(run: Run, unheard: readonly Failure[]): void {
  const asked = holders(run.members).filter(({ server }) => !unheard.some((failure) => failure.server === server.name));
  const failures = [...unheard, ...asked.flatMap((member) => untruths(run, member))];
  if (failures.length > 0)
    throw together(failures[0]?.code ?? 'BUG', `${failures.length} servers do not run the release`, failures);
  const names = asked.map(({ server }) => server.name);
  run.doors.journal.note(
    `current and REVISION were read back: release ${run.release} is live on ${listServers(names, logFormat, 20)}`,
  );
}

function untruths(run: Run, { server }: Member): Failure[] {
  const current = run.seen.truth.get(server.name);
  if (current?.kind === 'release' && current.release === run.release && current.revision === run.revision) return [];
  return [new Failure('TRUTH_MISMATCH', mismatch(current, run), { server: server.name })];
}

function mismatch(current: Current | undefined, { release, revision }: Run): string {
  if (current?.kind !== 'release') return `current is ${current?.kind ?? 'not known'}, not ${release}`;
  if (current.release !== release) return `current is ${current.release}, not ${release}`;
  return `REVISION of ${release} is ${current.revision ?? 'not readable'}, not ${revision}`;
}
