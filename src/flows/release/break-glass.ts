import { runsOn } from '../../domain/hooks/order.ts';
import { breakGlassStep, hooksText, sweepGlassStep } from '../../domain/programs/break-glass.ts';
import { ledgerStep } from '../../domain/programs/ledger.ts';
import type { Step } from '../../domain/remote/program.ts';
import { eventsOf } from '../../domain/tree/break-glass.ts';
import type { LedgerLine } from '../../domain/tree/ledger.ts';
import type { FleetRun, Member } from '../context.ts';
import { executor } from '../fleet/execute.ts';
import { withTree } from '../fleet/members.ts';
import { hookContext } from '../hooks/context.ts';
import { hookEnvironment } from '../hooks/environment.ts';

/** Copies what people did with the break-glass script into the ledgers. The facts contain it already. */
export async function recordBreakGlass(run: FleetRun): Promise<void> {
  const linesOf = ({ server }: Member): LedgerLine[] => (run.facts.get(server.name)?.byHand ?? []).flatMap(eventsOf);
  const members = withTree(run.members).filter((member) => linesOf(member).length > 0);
  const steps = (member: Member): Step[] => [ledgerStep(member.layout, linesOf(member)), sweepGlassStep(member.layout)];
  await executor(run, { ahead: 2 }).runTasks('break-glass', [{ where: 'servers', members, steps }]);
}

/**
 * The script for the day on which nothing else can be reached, with the hooks that run on this server when the release
 * goes live.
 */
export function breakGlassSteps(run: FleetRun, member: Member): Step[] {
  const { layout, server } = member;
  const hooks = run.settings.hooks.published.filter(
    (hook) => hook.where === 'server' && hook.times === 'each server' && runsOn(hook, server),
  );
  const own = hookEnvironment(hookContext(run), member);
  const env = { ...own, SLIPWAY_PREVIOUS_RELEASE: '' };
  return [
    breakGlassStep(layout, run.release, hooksText({ release: run.release, current: layout.current, env, hooks })),
  ];
}
