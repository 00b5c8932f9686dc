import { Failure, together } from '../../domain/failure.ts';
import { cutBatches } from '../../domain/fleet/batches.ts';
import type { HealthLine } from '../../domain/fleet/outcome.ts';
import { runsOn, turnsOf } from '../../domain/hooks/order.ts';
import { ledgerStep } from '../../domain/programs/ledger.ts';
import { truthStep } from '../../domain/programs/look.ts';
import { switchSteps } from '../../domain/programs/switch.ts';
import type { Step } from '../../domain/remote/program.ts';
import { duration } from '../../domain/text/duration.ts';
import type { Run } from '../context.ts';
import { type Act, programFor, type Turn, tell } from '../fleet/execute.ts';
import { each, failuresOf, holders, type Member, valuesOf } from '../fleet/members.ts';
import { onSecondWay } from '../fleet/reconnect.ts';
import { attend, perform } from '../fleet/supervise.ts';
import { currentOf, hearCurrent, ledgerLine, onwardOf, sceneOf, telling, wayBackWatch } from '../hooks/context.ts';
import { hookEnvironment, hookTurns } from '../hooks/tasks.ts';
import { askHealth } from './health.ts';
import { truthTurn } from './verify.ts';

/** How the switch ended where it did not fail: `unknown` stops further batches and puts nothing back; `read back`: nothing came after `current` was read. */
export type Switched = 'healthy' | 'read back' | 'unknown';

/**
 * Makes the release live batch by batch; each is healthy before the next begins.
 * @throws Failure of a step or hook, or `UNHEALTHY`: the caller puts everything back
 */
export async function switchRelease(run: Run): Promise<Switched> {
  const { strategy } = run.order.settings;
  const batches = cutBatches(holders(run.members), strategy.batches);
  const others = run.members.filter(({ server }) => server.release !== 'release');
  const before = sceneOf(run, (member) => member.layout.release(run.release));
  const after = sceneOf(run, currentOf);
  await tell(telling(run, 'publish'), hookTurns('publishing', run.members, before, 'once and on the runner'));
  for (const [index, batch] of batches.entries()) {
    if (index > 0) await pause(run, index, batches.length);
    const last = index === batches.length - 1;
    await switchBatch(run, last ? [...batch, ...others] : batch, batch);
    if (last) await tell(telling(run, 'publish'), hookTurns('published', run.members, after, 'once and on the runner'));
    if (isAsked(run, batch))
      run.doors.journal.chapter(batches.length === 1 ? 'health' : `health of batch ${index + 1}`);
    const health = await proveHealth(run, batch);
    if (health === 'unknown') return settleUnknown(run, batch);
  }
  return isLastAct(run) ? 'read back' : 'healthy';
}

/** Whether the one program that switches is the last act before the truth check: then it can read `current` back itself, and saves a round trip. */
function isLastAct({ members, order: { settings } }: Run): boolean {
  const batches = cutBatches(holders(members), settings.strategy.batches);
  const hooks = turnsOf(settings.hooks.published);
  return (
    batches.length === 1 &&
    settings.health.length === 0 &&
    holders(members).length === members.length &&
    hooks.every(({ kind }) => kind === 'together')
  );
}

async function pause(run: Run, index: number, total: number): Promise<void> {
  const { clock, journal } = run.doors;
  const { wait } = run.order.settings.strategy;
  journal.chapter(`switch batch ${index + 1} of ${total}`);
  if (wait === 0) return;
  journal.note(`waiting ${duration(wait)} since the batch before`);
  await clock.sleep(wait, run.order.signal);
}

async function switchBatch(run: Run, hooked: readonly Member[], batch: readonly Member[]): Promise<void> {
  const most = run.order.settings.strategy.maxParallel;
  const link: Act = {
    members: batch,
    most,
    steps: (member) => linkSteps(run, member),
  };
  const turns: Turn[] = [
    ...hookTurns(
      'publishing',
      hooked,
      sceneOf(run, (member) => member.layout.release(run.release)),
      'on each server',
    ),
    { kind: 'servers', act: link },
    ...hookTurns('published', hooked, sceneOf(run, currentOf), 'on each server'),
    ...(isLastAct(run) ? [truthTurn(run, batch)] : []),
  ];
  const { watch, ...named } = telling(run, 'switch', isLastAct(run) ? 1 : 2);
  await tell(
    {
      ...named,
      watch: { ...watch, commandTimeout: Math.min(watch.commandTimeout, run.order.settings.strategy.hostDeadline) },
    },
    turns,
  );
}

/** A server counts as switched from when this begins: what failed before, as a hook of the point `publishing`, has left it alone. */
function linkSteps(run: Run, { layout, server }: Member): Step[] {
  const steps = switchSteps(layout, run.release);
  for (const step of steps)
    run.seen.awaited.set(step, { server: server.name, began: () => run.seen.switched.add(server.name) });
  return [...steps, ledgerStep(layout, [ledgerLine(run, 'live')])];
}

function isAsked({ order }: Run, batch: readonly Member[]): boolean {
  return batch.some(({ server }) => order.settings.health.some((probe) => runsOn(probe, server)));
}

/** Asks every probe of every server of the batch. @throws Failure `UNHEALTHY` with every server that is not well */
async function proveHealth(run: Run, batch: readonly Member[]): Promise<Switched> {
  const { settings } = run.order;
  const fared = await each(batch, settings.strategy.maxParallel, (member) => probeMember(run, member));
  const lines = valuesOf(fared);
  for (const { member, value } of lines) {
    run.seen.health.set(member.server.name, value);
    for (const { probe, verdict, required, detail } of value)
      if (verdict !== 'unhealthy' || required === 'informs')
        run.doors.journal.note(`${member.server.name}  ${verdict}  ${probe}: ${detail}`);
  }
  const ill = lines.flatMap(({ member, value }) =>
    value
      .filter((line) => line.required === 'required' && line.verdict === 'unhealthy')
      .map((line) => illness(member, line)),
  );
  const failures = [...failuresOf(fared), ...ill];
  for (const failure of ill) run.doors.journal.failed(failure.server ?? '', failure);
  if (failures.length > 0)
    throw together(failures[0]?.code ?? 'BUG', `the release is not well on ${failures.length} servers`, failures);
  return lines.some(({ value }) => value.some((line) => line.required === 'required' && line.verdict === 'unknown'))
    ? 'unknown'
    : 'healthy';
}

/** Asks one probe after the other; together they have what `host_deadline` leaves. */
async function probeMember(run: Run, member: Member): Promise<HealthLine[]> {
  const { order, doors } = run;
  const { settings } = order;
  const watch = onwardOf(order, doors, 2);
  const until = doors.clock.now().getTime() + settings.strategy.hostDeadline;
  const lines: HealthLine[] = [];
  for (const probe of settings.health.filter((one) => runsOn(one, member.server))) {
    const left = Math.max(probe.timeout, until - doors.clock.now().getTime());
    const line = await askHealth({
      probe: { ...probe, deadline: Math.min(probe.deadline, left) },
      server: member.server.name,
      transport: member.transport,
      http: doors.http,
      clock: doors.clock,
      signal: order.signal,
      fill: { revision: run.revision, release: run.release, stage: settings.stage },
      current: member.layout.current,
      env: hookEnvironment(sceneOf(run, currentOf), member),
      run: async (program) => (await attend(watch, member, programFor(member, program, settings.become))).end,
    });
    lines.push(line);
  }
  if (order.signal.aborted)
    throw new Failure('CANCELLED', `cancelled while ${member.server.name} was probed`, { server: member.server.name });
  return lines;
}

function illness(member: Member, line: HealthLine): Failure {
  return new Failure('UNHEALTHY', `the health check ${line.probe} failed: ${line.detail}`, {
    server: member.server.name,
  });
}

/**
 * The ledgers of all servers that were switched say that the release was left live on purpose; nothing is put back for want of an answer.
 * Never throws: the connection that was lost while a probe was asked is opened again, and a server that does not even then say what is live is told as a failure.
 */
async function settleUnknown(run: Run, batch: readonly Member[]): Promise<Switched> {
  for (const { server } of batch) {
    const unasked = (run.seen.health.get(server.name) ?? []).filter(
      ({ verdict, required }) => verdict === 'unknown' && required === 'required',
    );
    run.seen.failures.push(
      ...unasked.map(
        ({ probe, detail }) =>
          new Failure('HEALTH_UNKNOWN', `the health check ${probe} could not be asked: ${detail}`, {
            server: server.name,
          }),
      ),
    );
  }
  const fared = await each(holders(run.members), run.order.settings.strategy.maxParallel, (member) =>
    onSecondWay(run, member, () => settle(run, member)),
  );
  for (const { member, failure } of fared.flatMap((one) => ('failure' in one ? [one] : []))) {
    const { name } = member.server;
    const unread = new Failure('IN_DOUBT', `what is live could not be read back: ${failure.message}`, {
      server: name,
      cause: failure,
    });
    run.seen.failures.push(run.seen.truth.has(name) ? failure : unread);
  }
  return 'unknown';
}

async function settle(run: Run, member: Member): Promise<void> {
  const { server, layout } = member;
  const record = run.seen.switched.has(server.name)
    ? [ledgerStep(layout, [ledgerLine(run, 'live', { health: 'unknown' })])]
    : [];
  const program = programFor(
    member,
    { name: 'settle', steps: [...record, truthStep(layout)] },
    run.order.settings.become,
  );
  run.seen.truth.delete(server.name);
  await perform(wayBackWatch(run.order, run.doors), member, program, hearCurrent(run, member));
}
