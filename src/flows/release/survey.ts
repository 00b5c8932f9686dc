import type { Settings } from '../../domain/config/settings.ts';
import { asFailure, type Failure, together } from '../../domain/failure.ts';
import { divergence, noticesOf, problemsOf } from '../../domain/fleet/preflight.ts';
import { type Place, placeOf } from '../../domain/health/probe.ts';
import { runsOn } from '../../domain/hooks/order.ts';
import { surveyProgram } from '../../domain/programs/look.ts';
import { readFacts, type ServerFacts } from '../../domain/tree/facts.ts';
import type { Clock } from '../../ports/clock.ts';
import { each, failuresOf, holders, type Member, valuesOf } from '../fleet/members.ts';
import { perform, type Watch } from '../fleet/supervise.ts';

/** What the survey of a fleet found. Nothing was changed. */
export interface Survey {
  readonly facts: ReadonlyMap<string, ServerFacts>;
  readonly problems: readonly Failure[];
  readonly notices: readonly string[];
}

/** Reads every server and finds all problems of all of them together. */
export async function survey(members: readonly Member[], settings: Settings, watch: Watch): Promise<Survey> {
  const fared = await each(holders(members), settings.strategy.maxParallel, async (member) => {
    const report = await perform(watch, member, surveyProgram(member.layout, settings.linkedFiles, settings.become));
    return { facts: readFacts(report.facts, member.layout), tunnel: await tunnelProblems(member, settings, watch) };
  });
  const read = valuesOf(fared);
  const now = seconds(watch.clock);
  return {
    facts: new Map(read.map(({ member, value }) => [member.server.name, value.facts])),
    problems: [
      ...failuresOf(fared),
      ...read.flatMap(({ member, value }) => [...problemsOf(member.server, value.facts, settings), ...value.tunnel]),
    ],
    notices: [
      ...read.flatMap(({ member, value }) => noticesOf(member.server, value.facts, now)),
      ...divergence(read.map(({ member, value }) => ({ server: member.server.name, facts: value.facts }))),
    ],
  };
}

/** @throws Failure `PREFLIGHT`, or the one problem that there is */
export function assertReady(problems: readonly Failure[]): void {
  if (problems.length === 0) return;
  const servers = new Set(problems.map((problem) => problem.server)).size;
  throw together(
    'PREFLIGHT',
    `${problems.length} problems on ${servers} ${servers === 1 ? 'server' : 'servers'}, found before anything was changed`,
    problems,
  );
}

/** Health probes that go through the server need forwarding, each to its port; a service that is down is no problem yet. */
async function tunnelProblems(member: Member, settings: Settings, watch: Watch): Promise<Failure[]> {
  const asked = settings.health.flatMap(({ ask, roles, required }) =>
    ask.kind === 'http' && ask.from === 'server' && required === 'required' && runsOn({ roles }, member.server)
      ? [ask.url]
      : [],
  );
  const places = new Map(asked.map(placeOf).map((place) => [`${place.host} ${place.port}`, place]));
  const tried = await Promise.all([...places.values()].map((place) => tunnelProblem(member, place, watch)));
  return tried.filter((problem) => problem !== undefined);
}

/** Milliseconds for one way to come open. Silence is no refusal: the probe itself will tell. */
const patience = 10_000;

async function tunnelProblem(
  { server, transport }: Member,
  { host, port }: Place,
  { clock, signal }: Watch,
): Promise<Failure | undefined> {
  const over = new AbortController();
  const opening = transport.tunnel(host, port);
  try {
    await Promise.race([opening, clock.sleep(patience, AbortSignal.any([over.signal, signal]))]);
    return undefined;
  } catch (thrown) {
    const failure = asFailure(thrown, server.name);
    return failure.code === 'HEALTH_UNKNOWN' ? failure : undefined;
  } finally {
    over.abort();
    opening.then(
      (stream) => stream.destroy(),
      () => undefined,
    );
  }
}

function seconds(clock: Clock): number {
  return Math.floor(clock.now().getTime() / 1000);
}
