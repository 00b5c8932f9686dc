import { hookPoints, type Settings } from '../../domain/config/settings.ts';
import { asFailure, Failure, together } from '../../domain/failure.ts';
import { mostAbsent } from '../../domain/fleet/batches.ts';
import { hooksAloneOn, runsOn } from '../../domain/hooks/order.ts';
import type { Server } from '../../domain/server.ts';
import { logFormat } from '../../domain/text/formatter.ts';
import { listServers } from '../../domain/text/phrases.ts';
import { layoutOf } from '../../domain/tree/layout.ts';
import type { Journal } from '../../ports/run-log.ts';
import type { Transport, Transports } from '../../ports/transport.ts';
import type { Line, Member } from './members.ts';

/** The servers that we are connected to, in the order of the configuration. Disposing closes all of them. */
export interface Fleet extends AsyncDisposable {
  readonly members: readonly Member[];
  /** Servers that are left out because they cannot be reached. */
  readonly absent: readonly string[];
  /** Why servers cannot be used that may not be left out: nothing may be changed, but the others can be looked at. */
  readonly problems: readonly Failure[];
}

/** Kinds of failure that mean "cannot be reached": only these may be tolerated. */
const unreachable: readonly string[] = ['UNREACHABLE', 'SERVER_DROPPED'] satisfies Failure['code'][];

/**
 * Connects to every server that the run touches; one goes first, so that a refused key is tried once.
 * Those that cannot be reached are left out within `strategy.unreachable_allowed`, never more than half, and none on which alone a hook with `once` runs;
 * what else is wrong is a problem.
 * @throws Failure with all problems where nobody is left to be looked at, or the run was cancelled
 */
export async function connect(
  settings: Settings,
  transports: Transports,
  journal: Journal,
  signal: AbortSignal,
): Promise<Fleet> {
  const { servers, members, failed: missed } = await reach(settings, transports, signal);
  tellOf(members, journal);
  const trees = servers.filter((server) => server.release === 'release').length;
  const most = mostAbsent(settings.strategy.unreachableAllowed, trees);
  const failed = most === 0 ? missed : missed.map((one) => neededFor(one, members, settings));
  const tolerable = failed.every(
    ({ failure, server, alone }) =>
      unreachable.includes(failure.code) && server.release === 'release' && alone === undefined,
  );
  if (failed.length > 0 && !(tolerable && failed.length <= most)) {
    const problems = failed.map(({ failure }) => failure);
    for (const { server, failure } of failed) journal.failed(server.name, failure);
    if (members.length > 0 && !signal.aborted)
      return { members, absent: [], problems, [Symbol.asyncDispose]: () => close(members) };
    await close(members);
    throw together('PREFLIGHT', `${failed.length} of ${servers.length} servers cannot be used`, problems);
  }
  for (const { server, failure } of failed) journal.warn(`${server.name} is left out: ${failure.message}`);
  return {
    members,
    absent: failed.map(({ server }) => server.name),
    problems: [],
    [Symbol.asyncDispose]: () => close(members),
  };
}

/** Connects to those that let us in, however few: to put right what can be put right. */
export async function connectToSome(
  settings: Settings,
  transports: Transports,
  journal: Journal,
): Promise<Fleet & { readonly missed: readonly Missed[] }> {
  const { members, failed } = await reach(settings, transports, new AbortController().signal);
  tellOf(members, journal);
  for (const { server, failure } of failed) journal.failed(server.name, failure);
  return {
    members,
    missed: failed,
    absent: failed.map(({ server }) => server.name),
    problems: [],
    [Symbol.asyncDispose]: () => close(members),
  };
}

/** A server that cannot be used, and why; `alone`: a hook with `once` that would run nowhere without it. */
export interface Missed {
  readonly server: Server;
  readonly failure: Failure;
  readonly alone?: string;
}

function neededFor(missed: Missed, members: readonly Member[], settings: Settings): Missed {
  const { server, failure } = missed;
  const others = members.map((member) => member.server);
  const [alone] = hooksAloneOn(server, others, settings.hooks);
  if (alone === undefined) return missed;
  const sentence = `${failure.message.replace(/\.$/, '')}; it cannot be left out, since the hook ${alone} runs once, and on it alone`;
  return {
    server,
    alone,
    failure: new Failure(failure.code, sentence, { server: server.name, hint: failure.hint, cause: failure }),
  };
}

function tellOf(members: readonly Member[], journal: Journal): void {
  const names = members.map(({ server }) => server.name);
  if (names.length > 0) journal.note(`logged in to ${listServers(names, logFormat, 20)}`);
}

async function reach(
  settings: Settings,
  transports: Transports,
  signal: AbortSignal,
): Promise<{
  readonly servers: readonly Server[];
  readonly members: readonly Member[];
  readonly failed: readonly Missed[];
}> {
  const servers = settings.servers.filter((server) => isNeeded(server, settings));
  const opened = await Promise.all(servers.map((server) => open(server, transports, signal)));
  const failed = opened.flatMap((one) => ('failure' in one ? [one] : []));
  const causesFirst = failed.toSorted(
    (a, b) => Number(a.failure.follows !== undefined) - Number(b.failure.follows !== undefined),
  );
  return { servers, members: opened.flatMap((one) => ('member' in one ? [one.member] : [])), failed: causesFirst };
}

async function open(
  server: Server,
  transports: Transports,
  signal: AbortSignal,
): Promise<{ readonly member: Member } | Missed> {
  try {
    return {
      member: {
        server,
        layout: layoutOf(server.deployTo),
        transport: lineOf(await transports.open(server, signal), transports),
      },
    };
  } catch (thrown) {
    return { server, failure: asFailure(thrown, server.name) };
  }
}

/** The connection, and after it was lost the next one, behind one name. */
function lineOf(first: Transport, transports: Transports): Line {
  let open = first;
  return {
    server: first.server,
    run: (program, attendance) => open.run(program, attendance),
    tunnel: (host, port) => open.tunnel(host, port),
    reopen: async () => {
      await open[Symbol.asyncDispose]();
      open = await transports.open(first.server, new AbortController().signal);
    },
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

async function close(members: readonly Member[]): Promise<void> {
  await Promise.allSettled(members.map(({ transport }) => transport[Symbol.asyncDispose]()));
}

function isNeeded(server: Server, settings: Settings): boolean {
  return (
    server.release === 'release' ||
    hookPoints.some((point) => settings.hooks[point].some((hook) => hook.where === 'server' && runsOn(hook, server)))
  );
}
