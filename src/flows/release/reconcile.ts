import { Failure } from '../../domain/failure.ts';
import { type Repair, repairsOf } from '../../domain/fleet/repairs.ts';
import { ledgerStep } from '../../domain/programs/ledger.ts';
import { truthStep } from '../../domain/programs/look.ts';
import { setAsideStep, switchBackStep } from '../../domain/programs/switch.ts';
import type { HostFacts } from '../../domain/release/decision.ts';
import type { Step } from '../../domain/remote/program.ts';
import { type Current, liveRelease, readCurrent } from '../../domain/tree/facts.ts';
import { beginPhase, type FleetRun, type Member, warn } from '../context.ts';
import { executor } from '../fleet/execute.ts';
import { olderHookContext } from '../hooks/context.ts';
import { hookTasks } from '../hooks/tasks.ts';
import { ledgerLine } from './ledger.ts';

/** The facts of all servers, in the order of the members. */
export function hostFacts(facts: FleetRun['facts']): HostFacts[] {
  return [...facts].map(([server, own]) => ({ server, facts: own }));
}

/**
 * Puts servers that are out of sync on what the fleet runs, before anything else is done.
 * @returns the run, which goes on from what is live now
 * @throws Failure of a step, or `TRUTH_MISMATCH`
 */
export async function reconcile<Run extends FleetRun>(run: Run): Promise<Run> {
  const repairs = new Map(repairsOf(hostFacts(run.facts)).map((repair) => [repair.server, repair]));
  const members = run.members.filter(({ server }) => repairs.has(server.name));
  if (members.length === 0) return run;
  beginPhase(run, 'reconcile');
  for (const { server, because, from, to } of repairs.values())
    warn(run, `${server}: ${because}; it goes from ${from} to ${to ?? 'nothing live'}`);
  const repairOf = ({ server }: Member): Repair => repairs.get(server.name) as Repair;
  const live = members.filter((member) => repairOf(member).to !== undefined);
  const byRelease = Map.groupBy(live, (member) => repairOf(member).to ?? '');
  await executor(run, { ahead: 2 }).runTasks('reconcile', [
    {
      where: 'servers',
      members,
      steps: (member) => repairSteps(run, member, repairOf(member)),
      onReport: (member, { facts }) => keepRepaired(run, repairOf(member), readCurrent(facts, member.layout)),
    },
    ...[...byRelease].flatMap(([release, group]) =>
      hookTasks('published', group, olderHookContext(run, release), 'on each server'),
    ),
  ]);
  const now = [...repairs.values()].map(({ server, to }) => [server, to] as const);
  return { ...run, previous: new Map([...run.previous, ...now]) };
}

function keepRepaired({ observed }: FleetRun, { server, to }: Repair, current: Current): void {
  observed.current.set(server, current);
  const live = liveRelease(current);
  if (live === to && (to !== undefined || current.kind !== 'release')) return void observed.reconciled.add(server);
  const found = live ?? current.kind;
  throw new Failure('TRUTH_MISMATCH', `it was put on ${to ?? 'nothing live'}, but current is ${found}`, { server });
}

function repairSteps(run: FleetRun, { layout }: Member, { server, from, to }: Repair): Step[] {
  const isHealthy = run.facts.get(server)?.ledger.releases.get(from)?.health === 'healthy';
  const failed = ledgerStep(layout, [ledgerLine(run, 'failed', { release: from })]);
  const bad = isHealthy ? [] : [setAsideStep(layout, from), failed];
  return [switchBackStep(layout, from, to), ...bad, truthStep(layout)];
}
