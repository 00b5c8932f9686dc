import { Failure } from '../../domain/failure.ts';
import { type Repair, repairsOf } from '../../domain/fleet/repairs.ts';
import { ledgerStep } from '../../domain/programs/ledger.ts';
import { truthStep } from '../../domain/programs/look.ts';
import { setAsideStep, switchBackStep } from '../../domain/programs/switch.ts';
import type { HostFacts } from '../../domain/release/decision.ts';
import type { Step } from '../../domain/remote/program.ts';
import { type Current, liveRelease, readCurrent } from '../../domain/tree/facts.ts';
import type { Run } from '../context.ts';
import { tell } from '../fleet/execute.ts';
import type { Member } from '../fleet/members.ts';
import { ledgerLine, sceneOfOlder, telling } from '../hooks/context.ts';
import { hookTurns } from '../hooks/tasks.ts';

/** Facts of all servers under the lock, in the order of the members. */
export function witnessesOf(run: Pick<Run, 'facts'>): HostFacts[] {
  return [...run.facts].map(([server, facts]) => ({ server, facts }));
}

/**
 * Puts servers that are out of step on what the fleet runs, before anything else is done.
 * @returns by server, the release that is live there now
 * @throws Failure of a step, or `TRUTH_MISMATCH`
 */
export async function repairFleet(run: Run): Promise<ReadonlyMap<string, string | undefined>> {
  const repairs = new Map(repairsOf(witnessesOf(run)).map((repair) => [repair.server, repair]));
  const members = run.members.filter(({ server }) => repairs.has(server.name));
  if (members.length === 0) return new Map();
  run.doors.journal.chapter('put right');
  for (const repair of repairs.values())
    run.doors.journal.warn(
      `${repair.server}: ${repair.because}; it goes from ${repair.from} to ${repair.to ?? 'nothing live'}`,
    );
  const of = (member: Member): Repair => repairs.get(member.server.name) as Repair;
  const live = members.filter((member) => of(member).to !== undefined);
  await tell(telling(run, 'put right'), [
    {
      kind: 'servers',
      act: {
        members,
        most: run.order.settings.strategy.maxParallel,
        steps: (member) => repairSteps(run, member, of(member)),
        heard: (member, report) => learnRepaired(run, member, of(member), readCurrent(report.facts, member.layout)),
      },
    },
    ...[...Map.groupBy(live, (member) => of(member).to ?? '')].flatMap(([release, group]) =>
      hookTurns('published', group, sceneOfOlder(run, release), 'on each server'),
    ),
  ]);
  return new Map([...repairs.values()].map((repair) => [repair.server, repair.to]));
}

function learnRepaired({ seen }: Run, { server }: Member, { to }: Repair, current: Current): void {
  seen.truth.set(server.name, current);
  const live = liveRelease(current);
  if (live === to && (to !== undefined || current.kind !== 'release')) return void seen.putRight.add(server.name);
  throw new Failure('TRUTH_MISMATCH', `it was put on ${to ?? 'nothing live'}, but current is ${live ?? current.kind}`, {
    server: server.name,
  });
}

function repairSteps(run: Run, member: Member, repair: Repair): Step[] {
  const { layout } = member;
  const proven = run.facts.get(repair.server)?.ledger.releases.get(repair.from)?.health === 'healthy';
  const bad = proven
    ? []
    : [setAsideStep(layout, repair.from), ledgerStep(layout, [ledgerLine(run, 'failed', { release: repair.from })])];
  return [switchBackStep(layout, repair.from, repair.to), ...bad, truthStep(layout)];
}
