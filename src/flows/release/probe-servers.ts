import { Failure, together } from '../../domain/failure.ts';
import type { HealthLine } from '../../domain/fleet/outcome.ts';
import { runsOn } from '../../domain/hooks/order.ts';
import type { FleetRun, Member } from '../context.ts';
import { executor } from '../fleet/execute.ts';
import { failuresOf, valuesOf } from '../fleet/members.ts';
import { hookContext } from '../hooks/context.ts';
import { hookEnvironment } from '../hooks/environment.ts';
import { askHealth } from './health.ts';

/**
 * Asks every probe of every server of the batch.
 * @throws Failure `UNHEALTHY` with every server that is not healthy
 */
export async function probeServers(run: FleetRun, batch: readonly Member[]): Promise<'healthy' | 'unknown'> {
  const results = await executor(run).each(batch, (member) => probeServer(run, member));
  const probed = valuesOf(results).map(({ member: { server }, value }) => ({ server: server.name, lines: value }));
  for (const { server, lines } of probed) noteHealth(run, server, lines);
  const unhealthy = probed.flatMap(({ server, lines }) =>
    lines.filter((line) => isRequired(line, 'unhealthy')).map((line) => unhealthyFailure(server, line)),
  );
  for (const failure of unhealthy) run.ports.log.failed(failure.server ?? '', failure);
  const failures = [...failuresOf(results), ...unhealthy];
  if (failures.length > 0)
    throw together(failures[0]?.code ?? 'BUG', `the release is not healthy on ${failures.length} servers`, failures);
  return probed.some(({ lines }) => lines.some((line) => isRequired(line, 'unknown'))) ? 'unknown' : 'healthy';
}

function noteHealth(run: FleetRun, server: string, lines: readonly HealthLine[]): void {
  run.observed.health.set(server, [...lines]);
  for (const { probe, verdict, required, detail } of lines)
    if (verdict !== 'unhealthy' || required === 'informs')
      run.ports.log.note(`${server}  ${verdict}  ${probe}: ${detail}`);
}

function isRequired({ verdict, required }: HealthLine, wanted: HealthLine['verdict']): boolean {
  return required === 'required' && verdict === wanted;
}

/** Asks one probe after the other; together they have what `host_deadline` leaves. */
async function probeServer(run: FleetRun, member: Member): Promise<HealthLine[]> {
  const { settings, ports, signal } = run;
  const { server, layout, transport } = member;
  const { ask } = executor(run, { ahead: 2 });
  const now = (): number => ports.clock.now().getTime();
  const until = now() + settings.strategy.hostDeadline;
  const lines: HealthLine[] = [];
  for (const probe of settings.health.filter((one) => runsOn(one, server))) {
    const left = Math.max(probe.timeout, until - now());
    const line = await askHealth({
      probe: { ...probe, deadline: Math.min(probe.deadline, left) },
      server: server.name,
      transport,
      http: ports.http,
      clock: ports.clock,
      signal,
      fill: { revision: run.revision, release: run.release, stage: settings.stage },
      current: layout.current,
      env: hookEnvironment(hookContext(run), member),
      run: async (program) => (await ask(member, program)).end,
    });
    lines.push(line);
  }
  if (signal.aborted)
    throw new Failure('CANCELLED', `cancelled while ${server.name} was probed`, { server: server.name });
  return lines;
}

function unhealthyFailure(server: string, line: HealthLine): Failure {
  return new Failure('UNHEALTHY', `the health check ${line.probe} failed: ${line.detail}`, { server });
}
