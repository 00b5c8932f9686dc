import { Failure, together } from '../../domain/failure.ts';
import { truthStep } from '../../domain/programs/look.ts';
import type { ProgramReport } from '../../domain/remote/end.ts';
import { logFormat } from '../../domain/text/formatter.ts';
import { listServers } from '../../domain/text/phrases.ts';
import { type Current, readCurrent } from '../../domain/tree/facts.ts';
import type { FleetRun, Member } from '../context.ts';
import { executor, type ServerTask } from '../fleet/execute.ts';
import { failuresOf, withTree } from '../fleet/members.ts';
import { withReconnect } from '../fleet/reconnect.ts';

/** Keeps what a program reads back of `current`, also where another step of it fails. */
export function keepCurrent(run: FleetRun, { server, layout }: Member): (report: ProgramReport) => void {
  return ({ facts }) => {
    if (facts.has('current')) run.observed.current.set(server.name, readCurrent(facts, layout));
  };
}

/** Reads `current` and REVISION back in the program of the task before, which saves a round trip. */
export function readBackTask(run: FleetRun, members: readonly Member[]): ServerTask {
  return {
    where: 'servers',
    members,
    steps: ({ layout }) => [truthStep(layout)],
    onReport: (member, report) => keepCurrent(run, member)(report),
  };
}

/**
 * Reads `current` and REVISION back from every server. A connection that is lost is opened once more.
 * @returns why servers could not be asked
 */
export async function readBack(run: FleetRun): Promise<Failure[]> {
  const { each, run: runOn } = executor(run, { ahead: 1 });
  const results = await each(withTree(run.members), async (member) => {
    const program = { name: 'verify', steps: [truthStep(member.layout)] };
    await withReconnect(run, member, () => runOn(member, program, { onReport: keepCurrent(run, member) }));
  });
  return failuresOf(results);
}

/**
 * The result of a run is made of what was read back.
 * @param unasked why servers could not be asked
 * @throws Failure `TRUTH_MISMATCH` with every server that does not run the release
 */
export function assertLive(run: FleetRun, unasked: readonly Failure[]): void {
  const asked = withTree(run.members).filter(
    ({ server }) => !unasked.some((failure) => failure.server === server.name),
  );
  const failures = [...unasked, ...asked.flatMap((member) => mismatches(run, member))];
  if (failures.length > 0)
    throw together(failures[0]?.code ?? 'BUG', `${failures.length} servers do not run the release`, failures);
  const names = listServers(
    asked.map(({ server }) => server.name),
    logFormat,
    20,
  );
  run.ports.log.note(`current and REVISION were read back: release ${run.release} is live on ${names}`);
}

function mismatches(run: FleetRun, { server }: Member): Failure[] {
  const current = run.observed.current.get(server.name);
  if (current?.kind === 'release' && current.release === run.release && current.revision === run.revision) return [];
  return [new Failure('TRUTH_MISMATCH', mismatch(current, run), { server: server.name })];
}

function mismatch(current: Current | undefined, { release, revision }: FleetRun): string {
  if (current?.kind !== 'release') return `current is ${current?.kind ?? 'not known'}, not ${release}`;
  if (current.release !== release) return `current is ${current.release}, not ${release}`;
  return `REVISION of ${release} is ${current.revision ?? 'not readable'}, not ${revision}`;
}
