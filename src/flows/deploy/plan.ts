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
import { beginPhase, type Context } from '../context.ts';
import { connect, type Fleet } from '../fleet/connect.ts';
import { withTree } from '../fleet/members.ts';
import { hostFacts } from '../release/reconcile.ts';
import { type Survey, survey } from '../release/survey.ts';
import { type Packed, pack } from './artifact.ts';
import { type Decision, weigh } from './decide.ts';
import type { DeployRequest } from './request.ts';

/**
 * Says what a deploy would do (`plan`), or whether the servers are ready for one and for a rollback (`check`). Changes
 * nothing.
 * @throws Failure where nobody can be asked: servers out of reach, configuration, artefact
 */
export async function plan(context: Context, request: DeployRequest, kind: PlanView['kind']): Promise<PlanView> {
  const { settings, ports } = context;
  await using packing = pack(ports.artifacts, request.revision, settings);
  beginPhase(context, 'connect');
  await using fleet = await connect(context);
  beginPhase(context, 'survey');
  const found = await survey(context, fleet.members);
  const { packed, decision, problems } = await decideNow(context, request, { fleet, found, packing: packing.packed });
  const isUnchanged = decision?.unchanged === 'unchanged' && problems.length === 0 && fleet.absent.length === 0;
  return {
    kind,
    application: settings.application,
    stage: settings.stage,
    revision: packed?.revision ?? request.revision,
    refName: request.refName,
    hosts: hostsOf(fleet, found, settings),
    steps: planSteps(settings, isUnchanged ? 'unchanged' : 'changed'),
    unchanged: isUnchanged ? decision.because : undefined,
    problems,
    warnings: [...found.notices, ...besideSteps(fleet, hostFacts(found.facts)), ...sudoersLines(settings)],
    rollback: rollbackReadiness(found.facts, undefined, reached(fleet, settings)),
  };
}

interface Seen {
  readonly fleet: Fleet;
  readonly found: Survey;
  readonly packing: Promise<Packed>;
}

interface Decided {
  readonly packed: Packed | undefined;
  readonly decision: Decision | undefined;
  readonly problems: readonly Failure[];
}

/** What a deploy would decide now; an artefact that cannot be packed is a problem beside those of the servers. */
async function decideNow(context: Context, request: DeployRequest, { fleet, found, packing }: Seen): Promise<Decided> {
  const problems = [...fleet.problems, ...found.problems];
  try {
    const packed = await packing;
    const decision = await weigh(context, request, packed, hostFacts(found.facts));
    return { packed, decision, problems: [...problems, ...decision.refused] };
  } catch (thrown) {
    return { packed: undefined, decision: undefined, problems: [...problems, asFailure(thrown)] };
  }
}

function hostsOf(fleet: Fleet, found: Survey, settings: Settings): PlanView['hosts'] {
  const members = withTree(fleet.members);
  const batches = cutBatches(members, settings.strategy.batches);
  return members.map((member) => {
    const { name, roles } = member.server;
    const batch = batches.findIndex((own) => own.includes(member)) + 1;
    return { server: name, roles, batch, ...viewOf(found.facts.get(name)) };
  });
}

/** What a deploy would do beside its steps. */
function besideSteps(fleet: Fleet, hosts: readonly HostFacts[]): string[] {
  const repairs = repairsOf(hosts).map(
    ({ server, because, to }) => `${server}: ${because}; a deploy first puts it on ${to ?? 'nothing'}`,
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
  const holder = owner === undefined ? 'a lock whose owner cannot be read' : describeOwner(owner);
  return {
    from: facts === undefined ? undefined : liveRelease(facts.current),
    fromRevision: facts?.current.kind === 'release' ? facts.current.revision : undefined,
    lockedBy: facts?.lock === undefined ? undefined : holder,
    notes: facts?.current.kind === 'elsewhere' ? ['current leads to no release'] : [],
  };
}

function sudoersLines({ become, servers }: Settings): string[] {
  if (become === undefined) return [];
  const users = new Set(servers.map(({ user }) => user));
  return [...users].map((user) => `sudoers: ${user} ALL=(${become}) NOPASSWD: /usr/bin/sh, /bin/sh`);
}
