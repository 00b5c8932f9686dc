import { asFailure, type Failure } from '../../domain/failure.ts';
import { conclude } from '../../domain/fleet/conclusion.ts';
import type { HostOutcome } from '../../domain/fleet/outcome.ts';
import { surveyProgram } from '../../domain/programs/look.ts';
import type { Recovered } from '../../domain/report/deploy/recovery.ts';
import type { Server } from '../../domain/server.ts';
import { liveRelease, readFacts, type ServerFacts } from '../../domain/tree/facts.ts';
import { beginPhase, type Context, type DeployRun, type Member, type Progress } from '../context.ts';
import { connectToSome } from '../fleet/connect.ts';
import { uncancelledExecutor } from '../fleet/execute.ts';
import { unfenced, valuesOf, withTree } from '../fleet/members.ts';
import { endOrphan } from '../fleet/reconnect.ts';
import { finishRun } from '../lock/give-back.ts';
import { keepLeases } from '../lock/leases.ts';
import { fenced, newOwner } from '../lock/owner.ts';
import { finishRelease } from '../release/finish.ts';
import { discardRelease } from '../release/prepare.ts';
import { revert } from '../release/revert.ts';

/** What the post step found and did. */
export interface Recovery {
  readonly did: Recovered['did'];
  readonly hosts: readonly HostOutcome[];
  readonly run: DeployRun;
}

/**
 * Finishes what a main process that was killed has begun, from the progress that it saved and what is on the servers:
 * its programs are ended, servers that were switched are reverted, and the locks are given back.
 * Servers whose lock is not ours any more are left to the run that holds it; one that cannot be reached keeps no other
 * from being reverted.
 */
export async function recover(context: Context, refName: string, progress: Progress): Promise<Recovery> {
  beginPhase(context, 'connect');
  await using fleet = await connectToSome(context);
  const owner = newOwner(context, progress.token);
  const { members, missed } = await stillOurs(context, fenced(withTree(fleet.members), owner));
  const run: DeployRun = {
    ...context,
    owner,
    members: [
      ...members.map(({ member }) => member),
      ...fleet.members.filter(({ server }) => server.release !== 'release'),
    ],
    absent: fleet.absent,
    facts: new Map(members.map(({ member, value }) => [member.server.name, value])),
    release: progress.release ?? '',
    revision: progress.revision ?? '',
    refName,
    committed: 0,
    resumed: undefined,
    previous: previousOf(progress),
  };
  observe(run, members, progress.at);
  for (const { server, failure } of [...fleet.missed, ...missed]) miss(run, progress, server, failure);
  using _leases = keepLeases(context.ports.clock, run.members);
  const did = members.length === 0 ? 'nothing to do' : await finishWork(run, progress);
  return { did, hosts: hostsOf(run, did), run };
}

function previousOf({ previous = {} }: Progress): DeployRun['previous'] {
  return new Map(Object.entries(previous).map(([server, release]) => [server, release ?? undefined]));
}

function observe({ observed, release }: DeployRun, ours: Ours['members'], at: Progress['at']): void {
  for (const { member, value } of ours) {
    observed.current.set(member.server.name, value.current);
    if (at !== 'preparing' && wasSwitched(release, value)) observed.switched.add(member.server.name);
  }
}

/** It is live, or was and main has begun to revert it: then nobody knows whether services were restarted. */
function wasSwitched(release: string, { current, ledger }: ServerFacts): boolean {
  const state = ledger.releases.get(release)?.state;
  return liveRelease(current) === release || state === 'live' || state === 'failed';
}

/** A server that took part and cannot be reached or read now is in doubt where it may have been switched. */
function miss({ observed }: DeployRun, { at, previous = {} }: Progress, server: Server, failure: Failure): void {
  observed.failures.push(failure);
  if (at === 'switching' && server.name in previous) observed.inDoubt.add(server.name);
}

interface Ours {
  readonly members: readonly { readonly member: Member; readonly value: ServerFacts }[];
  readonly missed: readonly { readonly server: Server; readonly failure: Failure }[];
}

/**
 * The servers on which our lock still stands, once nothing of ours runs there any more, with their facts; and those of
 * which nobody knows.
 */
async function stillOurs(context: Context, members: readonly Member[]): Promise<Ours> {
  const { each, run } = uncancelledExecutor(context);
  const results = await each(members, async (member) => {
    const { fence, layout } = member;
    await endOrphan(context, member);
    const report = await run(unfenced(member), surveyProgram(layout, []));
    const facts = readFacts(report.facts, layout);
    return facts.lock?.owner?.token === fence?.token ? facts : undefined;
  });
  return {
    members: valuesOf(results).flatMap(({ member, value }) => (value === undefined ? [] : [{ member, value }])),
    missed: results.flatMap((one) => ('failure' in one ? [{ server: one.member.server, failure: one.failure }] : [])),
  };
}

async function finishWork(run: DeployRun, progress: Progress): Promise<Recovery['did']> {
  try {
    switch (progress.at) {
      case 'locking':
        await finishRun(run, 'locked');
        return 'released the locks';
      case 'preparing':
        await discardRelease(run);
        await finishRun(run, 'locked');
        return 'removed the unfinished release';
      case 'switching':
        await revert(run);
        await finishRun(run, 'locked');
        return 'reverted the servers';
      case 'proven':
        await finishRun(run, await finishRelease(run));
        return 'finished the deploy';
      case 'finished':
        return 'nothing to do';
    }
  } catch (thrown) {
    run.observed.failures.push(asFailure(thrown));
    return 'nothing to do';
  }
}

function hostsOf(run: DeployRun, did: Recovery['did']): readonly HostOutcome[] {
  const { facts, observed, settings } = run;
  return conclude({
    ...observed,
    servers: settings.servers.filter(({ name }) => facts.has(name) || observed.inDoubt.has(name)),
    absent: [],
    release: run.release,
    verified: did === 'finished the deploy' ? 'verified' : 'unverified',
    previous: run.previous,
  }).hosts;
}
