import { runsOn } from '../../domain/hooks/order.ts';
import { breakGlassStep, hooksText, sweepGlassStep } from '../../domain/programs/break-glass.ts';
import { ledgerStep } from '../../domain/programs/ledger.ts';
import type { Step } from '../../domain/remote/program.ts';
import { eventsOf } from '../../domain/tree/break-glass.ts';
import type { Run } from '../context.ts';
import { tell } from '../fleet/execute.ts';
import { holders, type Member } from '../fleet/members.ts';
import { currentOf, sceneOf, telling } from '../hooks/context.ts';
import { hookEnvironment } from '../hooks/tasks.ts';

/** Takes what people did with the break-glass script over into the ledgers. The facts count it already. */
export async function recordByHand(run: Run): Promise<void> {
  const linesOf = ({ server }: Member): ReturnType<typeof eventsOf> =>
    (run.facts.get(server.name)?.byHand ?? []).flatMap(eventsOf);
  const members = holders(run.members).filter((member) => linesOf(member).length > 0);
  const steps = (member: Member): Step[] => [ledgerStep(member.layout, linesOf(member)), sweepGlassStep(member.layout)];
  await tell(telling(run, 'break-glass'), [
    { kind: 'servers', act: { members, most: run.order.settings.strategy.maxParallel, steps } },
  ]);
}

/** The script for the day on which nothing else can be reached, with the hooks that run on this server when the release goes live. */
export function breakGlassSteps(run: Run, member: Member): Step[] {
  const hooks = run.order.settings.hooks.published.filter(
    (hook) => hook.where === 'server' && hook.times === 'each server' && runsOn(hook, member.server),
  );
  const env = { ...hookEnvironment(sceneOf(run, currentOf), member), SLIPWAY_PREVIOUS_RELEASE: '' };
  return [
    breakGlassStep(
      member.layout,
      run.release,
      hooksText({ release: run.release, current: member.layout.current, env, hooks }),
    ),
  ];
}
