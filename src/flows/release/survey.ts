import type { Settings } from '../../domain/config/settings.ts';
import { asFailure, type Failure, together } from '../../domain/failure.ts';
import { divergence, noticesOf, problemsOf } from '../../domain/fleet/preflight.ts';
import { type Place, placeOf } from '../../domain/health/probe.ts';
import { runsOn } from '../../domain/hooks/order.ts';
import { surveyProgram } from '../../domain/programs/look.ts';
import { readFacts, type ServerFacts } from '../../domain/tree/facts.ts';
import type { Context, Member } from '../context.ts';
import { executor } from '../fleet/execute.ts';
import { failuresOf, valuesOf, withTree } from '../fleet/members.ts';

/** What the survey of a fleet found. Nothing was changed. */
export interface Survey {
  readonly facts: ReadonlyMap<string, ServerFacts>;
  readonly problems: readonly Failure[];
  readonly notices: readonly string[];
}

/**
 * Reads every server and finds all problems of all of them together.
 * @param ahead how many programs most probably follow on each server
 */
export async function survey(context: Context, members: readonly Member[], ahead = 0): Promise<Survey> {
  const { settings, ports } = context;
  const { each, run } = executor(context, { ahead });
  const results = await each(withTree(members), async (member) => {
    const report = await run(member, surveyProgram(member.layout, settings.linkedFiles, settings.become));
    return { facts: readFacts(report.facts, member.layout), tunnel: await tunnelProblems(context, member) };
  });
  const read = valuesOf(results).map(({ member: { server }, value }) => ({ server, ...value }));
  const now = Math.floor(ports.clock.now().getTime() / 1000);
  return {
    facts: new Map(read.map(({ server, facts }) => [server.name, facts])),
    problems: [
      ...failuresOf(results),
      ...read.flatMap(({ server, facts, tunnel }) => [...problemsOf(server, facts, settings), ...tunnel]),
    ],
    notices: [
      ...read.flatMap(({ server, facts }) => noticesOf(server, facts, now)),
      ...divergence(read.map(({ server, facts }) => ({ server: server.name, facts }))),
    ],
  };
}

/** @throws Failure `PREFLIGHT`, or the one problem that there is */
export function assertReady(problems: readonly Failure[]): void {
  if (problems.length === 0) return;
  const servers = new Set(problems.map((problem) => problem.server)).size;
  const where = `${servers} ${servers === 1 ? 'server' : 'servers'}`;
  throw together('PREFLIGHT', `${problems.length} problems on ${where}, found before anything was changed`, problems);
}

/**
 * Health probes that go through the server need forwarding, each to its port; a service that is down is no problem yet.
 */
async function tunnelProblems(context: Context, member: Member): Promise<Failure[]> {
  const places = probedPlaces(context.settings, member);
  const tried = await Promise.all(places.map((place) => tunnelProblem(context, member, place)));
  return tried.filter((problem) => problem !== undefined);
}

function probedPlaces({ health }: Settings, { server }: Member): readonly Place[] {
  const asked = health.flatMap(({ ask, roles, required }) =>
    ask.kind === 'http' && ask.from === 'server' && required === 'required' && runsOn({ roles }, server)
      ? [ask.url]
      : [],
  );
  return [...new Map(asked.map(placeOf).map((place) => [`${place.host} ${place.port}`, place])).values()];
}

/** Milliseconds for a tunnel to open. Silence is no refusal: the probe itself will show. */
const patience = 10_000;

async function tunnelProblem(
  { ports: { clock }, signal }: Context,
  { server, transport }: Member,
  { host, port }: Place,
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
