import { asFailure, type Failure } from '../../domain/failure.ts';
import { conclude } from '../../domain/fleet/conclusion.ts';
import type { HostOutcome } from '../../domain/fleet/outcome.ts';
import { surveyProgram } from '../../domain/programs/look.ts';
import type { Recovered } from '../../domain/report/deploy/recovery.ts';
import type { Server } from '../../domain/server.ts';
import { liveRelease, readFacts, type ServerFacts } from '../../domain/tree/facts.ts';
import type { Doors, Order, Progress, Run } from '../context.ts';
import { connectToSome } from '../fleet/connect.ts';
import { programFor } from '../fleet/execute.ts';
import { each, holders, type Member, valuesOf } from '../fleet/members.ts';
import { endOrphan } from '../fleet/reconnect.ts';
import { perform } from '../fleet/supervise.ts';
import { wayBackWatch } from '../hooks/context.ts';
import { leave } from '../hooks/points.ts';
import { keepLeases } from '../lock/leases.ts';
import { fenced } from '../lock/lock.ts';
import { finishRelease } from '../release/finish.ts';
import { discardRelease } from '../release/prepare.ts';
import { goBack } from '../release/revert.ts';
import { newOwner } from './decide.ts';
import { newSeen } from './outcome.ts';

/** What the post step found and did. */
export interface Recovery {
  readonly did: Recovered['did'];
  readonly hosts: readonly HostOutcome[];
  readonly run: Run;
}

/**
 * Finishes what a main process that died has begun, from the progress that it saved and what the servers say:
 * its programs are ended, servers that were switched go back, and the locks are given back.
 * Servers whose lock is not ours any more are left to the run that holds it; one that cannot be reached keeps nobody from putting the others right.
 */
export async function recover(order: Order, doors: Doors, progress: Progress): Promise<Recovery> {
  doors.journal.chapter('connect');
  await using fleet = await connectToSome(order.settings, doors.transports, doors.journal);
  const owner = newOwner(order, doors, progress.token);
  const { members, missed } = await stillOurs(order, doors, fenced(holders(fleet.members), owner));
  const run: Run = {
    order,
    doors,
    owner,
    members: [
      ...members.map(({ member }) => member),
      ...fleet.members.filter(({ server }) => server.release !== 'release'),
    ],
    absent: fleet.absent,
    facts: new Map(members.map(({ member, value }) => [member.server.name, value])),
    release: progress.release ?? '',
    revision: progress.revision ?? '',
    committed: 0,
    previous: new Map(
      Object.entries(progress.previous ?? {}).map(([server, release]) => [server, release ?? undefined]),
    ),
    seen: newSeen(),
  };
  learn(run, members, progress.at);
  for (const { server, failure } of [...fleet.missed, ...missed]) missServer(run, progress, server, failure);
  using _leases = keepLeases(doors.clock, run.members);
  const did = members.length === 0 ? 'nothing to do' : await finishWork(run, progress);
  return { did, hosts: hostsOf(run, did), run };
}

function learn({ seen, release }: Run, ours: Ours['members'], at: Progress['at']): void {
  for (const { member, value } of ours) {
    seen.truth.set(member.server.name, value.current);
    if (at !== 'preparing' && wasSwitched(release, value)) seen.switched.add(member.server.name);
  }
}

/** It is live, or was and main has begun to put it back: then nobody knows whether services were told. */
function wasSwitched(release: string, { current, ledger }: ServerFacts): boolean {
  const state = ledger.releases.get(release)?.state;
  return liveRelease(current) === release || state === 'live' || state === 'failed';
}

/** A server that took part and cannot be reached or looked at now is in doubt where it may have been switched. */
function missServer(run: Run, progress: Progress, server: Server, failure: Failure): void {
  run.seen.failures.push(failure);
  if (progress.at === 'switching' && server.name in (progress.previous ?? {})) run.seen.inDoubt.add(server.name);
}

interface Ours {
  readonly members: readonly { readonly member: Member; readonly value: ServerFacts }[];
  readonly missed: readonly { readonly server: Server; readonly failure: Failure }[];
}

/** The servers on which our lock still stands, once nothing of ours runs there any more, with their facts; and those of which nobody knows. */
async function stillOurs(order: Order, doors: Doors, members: readonly Member[]): Promise<Ours> {
  const watch = wayBackWatch(order, doors);
  const fared = await each(members, order.settings.strategy.maxParallel, async (member) => {
    await endOrphan({ order, doors }, member);
    const { fence, ...bare } = member;
    const report = await perform(
      watch,
      bare,
      programFor(bare, surveyProgram(member.layout, []), order.settings.become),
    );
    const facts = readFacts(report.facts, member.layout);
    return facts.lock?.owner?.token === fence?.token ? facts : undefined;
  });
  return {
    members: valuesOf(fared).flatMap(({ member, value }) => (value === undefined ? [] : [{ member, value }])),
    missed: fared.flatMap((one) => ('failure' in one ? [{ server: one.member.server, failure: one.failure }] : [])),
  };
}

async function finishWork(run: Run, progress: Progress): Promise<Recovery['did']> {
  try {
    switch (progress.at) {
      case 'locking':
        await leave(run, 'locked');
        return 'gave the locks back';
      case 'preparing':
        await discardRelease(run);
        await leave(run, 'locked');
        return 'took the unfinished release away';
      case 'switching':
        await goBack(run);
        await leave(run, 'locked');
        return 'put the servers back';
      case 'proven':
        await leave(run, await finishRelease(run));
        return 'finished the deploy';
      case 'finished':
        return 'nothing to do';
    }
  } catch (thrown) {
    run.seen.failures.push(asFailure(thrown));
    return 'nothing to do';
  }
}

function hostsOf(run: Run, did: Recovery['did']): readonly HostOutcome[] {
  const servers = run.order.settings.servers.filter(({ name }) => run.facts.has(name) || run.seen.inDoubt.has(name));
  return conclude({
    ...run.seen,
    servers,
    absent: [],
    release: run.release,
    verified: did === 'finished the deploy' ? 'verified' : 'unverified',
    previous: run.previous,
  }).hosts;
}
