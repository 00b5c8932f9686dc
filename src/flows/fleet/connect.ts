import type { Settings } from '../../domain/config/settings.ts';
import { asFailure, Failure, together } from '../../domain/failure.ts';
import { mostAbsent } from '../../domain/fleet/batches.ts';
import { hookPoints } from '../../domain/hooks/lifecycle.ts';
import { hooksAloneOn, runsOn } from '../../domain/hooks/order.ts';
import type { Server } from '../../domain/server.ts';
import { logFormat } from '../../domain/text/formatter.ts';
import { listServers } from '../../domain/text/phrases.ts';
import { layoutOf } from '../../domain/tree/layout.ts';
import type { Transport, Transports } from '../../ports/transport.ts';
import { type Context, type Member, type ReconnectingTransport, warn } from '../context.ts';

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
 * Those that cannot be reached are left out within `strategy.unreachable_allowed`, never more than half, and none on
 * which alone a hook with `once` runs; what else is wrong is a problem.
 * @throws Failure with all problems where nobody is left to be looked at, or the run was cancelled
 */
export async function connect(context: Context): Promise<Fleet> {
  const { settings, ports, signal } = context;
  const { servers, members, failed } = await reach(context, signal);
  const trees = servers.filter((server) => server.release === 'release').length;
  const most = mostAbsent(settings.strategy.unreachableAllowed, trees);
  const missed = most === 0 ? failed : failed.map((one) => neededFor(one, members, settings));
  if (missed.length <= most && missed.every(mayBeLeftOut)) {
    for (const { server, failure } of missed) warn(context, `${server.name} is left out: ${failure.message}`);
    return fleetOf(members, { absent: missed.map(({ server }) => server.name), problems: [] });
  }
  const problems = missed.map(({ failure }) => failure);
  for (const { server, failure } of missed) ports.log.failed(server.name, failure);
  if (members.length > 0 && !signal.aborted) return fleetOf(members, { absent: [], problems });
  await close(members);
  throw together('PREFLIGHT', `${missed.length} of ${servers.length} servers cannot be used`, problems);
}

/** Connects to those that let us in, however few: to revert what can be reverted. */
export async function connectToSome(context: Context): Promise<Fleet & { readonly missed: readonly Missed[] }> {
  const { members, failed } = await reach(context, new AbortController().signal);
  for (const { server, failure } of failed) context.ports.log.failed(server.name, failure);
  const absent = failed.map(({ server }) => server.name);
  return { ...fleetOf(members, { absent, problems: [] }), missed: failed };
}

function fleetOf(members: readonly Member[], rest: Pick<Fleet, 'absent' | 'problems'>): Fleet {
  return { members, ...rest, [Symbol.asyncDispose]: () => close(members) };
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

function mayBeLeftOut({ server, failure, alone }: Missed): boolean {
  return unreachable.includes(failure.code) && server.release === 'release' && alone === undefined;
}

interface Reached {
  readonly servers: readonly Server[];
  readonly members: readonly Member[];
  readonly failed: readonly Missed[];
}

async function reach({ settings, ports }: Context, signal: AbortSignal): Promise<Reached> {
  const servers = settings.servers.filter((server) => isNeeded(server, settings));
  const opened = await Promise.all(servers.map((server) => open(server, ports.transports, signal)));
  const members = opened.flatMap((one) => ('member' in one ? [one.member] : []));
  const names = members.map(({ server }) => server.name);
  if (names.length > 0) ports.log.note(`logged in to ${listServers(names, logFormat, 20)}`);
  const failed = opened.flatMap((one) => ('failure' in one ? [one] : []));
  const isConsequence = ({ failure }: Missed): number => Number(failure.follows !== undefined);
  return { servers, members, failed: failed.toSorted((a, b) => isConsequence(a) - isConsequence(b)) };
}

async function open(
  server: Server,
  transports: Transports,
  signal: AbortSignal,
): Promise<{ readonly member: Member } | Missed> {
  try {
    const transport = reconnecting(await transports.open(server, signal), transports);
    return { member: { server, layout: layoutOf(server.deployTo), transport } };
  } catch (thrown) {
    return { server, failure: asFailure(thrown, server.name) };
  }
}

/** The connection, and after it was lost the next one, behind one name. */
function reconnecting(first: Transport, transports: Transports): ReconnectingTransport {
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
