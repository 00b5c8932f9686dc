import type { Settings } from '../../domain/config/settings.ts';
import { asFailure, type Failure } from '../../domain/failure.ts';
import { cutBatches } from '../../domain/fleet/batches.ts';
import type { PlanView } from '../../domain/fleet/outcome.ts';
import { planSteps } from '../../domain/fleet/plan-steps.ts';
import { repairsOf } from '../../domain/fleet/repairs.ts';
import type { HostFacts } from '../../domain/release/decision.ts';
import { rollbackReadiness } from '../../domain/release/readiness.ts';
import { liveRelease, type ServerFacts } from '../../domain/tree/facts.ts';
import { describeOwner } from '../../domain/tree/lock.ts';
import type { Doors, Order } from '../context.ts';
import { connect, type Fleet } from '../fleet/connect.ts';
import { holders } from '../fleet/members.ts';
import { watchOf } from '../hooks/context.ts';
import { type Survey, survey } from '../release/survey.ts';
import { pack, rule } from './decide.ts';

/**
 * Says what a deploy would do (`plan`), or whether the servers are fit for one and for a rollback (`check`). Changes nothing.
 * @throws Failure where nobody can be asked: servers out of reach, configuration, artefact
 */
export async function plan(order: Order, doors: Doors, kind: PlanView['kind']): Promise<PlanView> {
  const { settings } = order;
  await using packing = pack(doors.artifacts, order.revision, settings);
  doors.journal.chapter('connect');
  await using fleet = await connect(settings, doors.transports, doors.journal, order.signal);
  doors.journal.chapter('survey');
  const found = await survey(fleet.members, settings, watchOf(order, doors));
  const cargo = await packing.cargo.then(
    (packed) => ({ packed }),
    (thrown: unknown) => ({ failure: asFailure(thrown) }),
  );
  const witnesses = [...found.facts].map(([server, facts]) => ({ server, facts }));
  const ruling = 'packed' in cargo ? await rule({ order, doors }, cargo.packed, witnesses) : undefined;
  const problems: Failure[] = [
    ...fleet.problems,
    ...found.problems,
    ...('failure' in cargo ? [cargo.failure] : []),
    ...(ruling?.refused ?? []),
  ];
  const unchanged =
    ruling?.unchanged === 'unchanged' && problems.length === 0 && fleet.absent.length === 0
      ? ruling.because
      : undefined;
  return {
    kind,
    application: settings.application,
    stage: settings.stage,
    revision: 'packed' in cargo ? cargo.packed.revision : order.revision,
    refName: order.refName,
    hosts: hostsOf(fleet, found, settings),
    steps: planSteps(settings, unchanged === undefined ? 'changed' : 'unchanged'),
    unchanged,
    problems,
    warnings: [...found.notices, ...foresee(fleet, witnesses), ...sudoersLine(order)],
    rollback: rollbackReadiness(found.facts, undefined, reached(fleet, settings)),
  };
}

function hostsOf(fleet: Fleet, found: Survey, settings: Settings): PlanView['hosts'] {
  const members = holders(fleet.members);
  const batches = cutBatches(members, settings.strategy.batches);
  return members.map((member) => {
    const { name, roles } = member.server;
    return {
      server: name,
      roles,
      batch: batches.findIndex((batch) => batch.includes(member)) + 1,
      ...viewOf(found.facts.get(name)),
    };
  });
}

/** What a deploy would do beside its steps. */
function foresee(fleet: Fleet, witnesses: readonly HostFacts[]): string[] {
  const repairs = repairsOf(witnesses).map(
    (repair) => `${repair.server}: ${repair.because}; a deploy first puts it on ${repair.to ?? 'nothing'}`,
  );
  return [...repairs, ...fleet.absent.map((server) => `${server} cannot be reached and would be left out`)];
}

function reached(fleet: Fleet, settings: Settings): string[] {
  return settings.servers
    .filter(({ name, release }) => release === 'release' && !fleet.absent.includes(name))
    .map(({ name }) => name);
}

function viewOf(
  facts: ServerFacts | undefined,
): Pick<PlanView['hosts'][number], 'from' | 'fromRevision' | 'lockedBy' | 'notes'> {
  const owner = facts?.lock?.owner;
  return {
    from: facts === undefined ? undefined : liveRelease(facts.current),
    fromRevision: facts?.current.kind === 'release' ? facts.current.revision : undefined,
    lockedBy:
      facts?.lock === undefined
        ? undefined
        : owner === undefined
          ? 'a lock whose owner cannot be read'
          : describeOwner(owner),
    notes: facts?.current.kind === 'elsewhere' ? ['current leads to no release'] : [],
  };
}

function sudoersLine({ settings }: Order): string[] {
  const { become } = settings;
  return become === undefined
    ? []
    : [
        ...new Set(
          settings.servers.map(({ user }) => `sudoers: ${user} ALL=(${become}) NOPASSWD: /usr/bin/sh, /bin/sh`),
        ),
      ];
}
