import type { HostOutcome, HostState, Outcome } from '../../fleet/outcome.ts';
import type { Formatter } from '../../text/formatter.ts';
import { count, listServers, revisionWords, sentence } from '../../text/phrases.ts';
import { findings } from '../findings.ts';
import type { Verdict } from '../verdict.ts';

export function deployVerdict(outcome: Outcome, format: Formatter): Verdict {
  const application = format.outside(outcome.application);
  const stage = format.outside(outcome.stage);
  const release = outcome.release === undefined ? 'a release' : format.id(outcome.release);
  const failure = findings(outcome)[0]?.failure;
  const remedy = failure === undefined || failure.hint === '' ? undefined : sentence(format.hint(failure));
  switch (outcome.result) {
    case 'deployed':
      return {
        symbol: '✅',
        title: `Deployed ${application} to ${stage}: ${release}`,
        sentences: deployed(outcome, format),
        remedy: undefined,
      };
    case 'unchanged':
      return {
        symbol: '✅',
        title: `Unchanged: ${application} on ${stage} runs ${release} already`,
        sentences: unchanged(outcome, format),
        remedy: undefined,
      };
    case 'reverted':
      return {
        symbol: '↩️',
        title: `Reverted: ${application} on ${stage} is back ${before(outcome, format)}`,
        sentences: reverted(outcome, format),
        remedy: remedy,
      };
    case 'failed':
      return {
        symbol: '❌',
        title: `Failed: ${application} on ${stage}`,
        sentences: failed(outcome, format),
        remedy: remedy,
      };
  }
}

function deployed(outcome: Outcome, format: Formatter): string[] {
  const live = namesOf(outcome, ['healthy', 'live', 'unchanged']);
  return [
    `${what(outcome, format)} is live on ${fleet(live, outcome, format)}.`,
    proof(outcome),
    ...leftOut(outcome, format),
  ];
}

function unchanged(outcome: Outcome, format: Formatter): string[] {
  const rest = 'with the same configuration, so nothing was done. To deploy all the same, set `force: true`.';
  return [
    `${what(outcome, format)} is live already on ${fleet(namesOf(outcome, ['unchanged', 'healthy']), outcome, format)}, ${rest}`,
    ...leftOut(outcome, format),
  ];
}

function reverted(outcome: Outcome, format: Formatter): string[] {
  const firstDeploy =
    'No release was live before this first deploy, and none is now; this was read back from every server.';
  const back = liveAgain(outcome).every((live) => live === undefined) ? firstDeploy : everyServer;
  return [cause(outcome, format), back, ...stay(outcome, format), ...leftOut(outcome, format)];
}

const everyServer = 'On every server `current` is what it was before; this was read back from each of them.';

function failed(outcome: Outcome, format: Formatter): string[] {
  return [cause(outcome, format), ...standing(outcome, format), ...stay(outcome, format)];
}

/** The state of the servers after a failed run, the worst first. */
function standing(outcome: Outcome, format: Formatter): string[] {
  const untouched = namesOf(outcome, ['untouched', 'unchanged', 'absent']);
  if (untouched.length === outcome.hosts.length) return [unswitched(outcome, format)];
  const tell = (names: readonly string[], words: (servers: string) => string): string[] =>
    names.length === 0 ? [] : [words(fleet(names, outcome, format))];
  const say = (states: readonly HostState[], words: (servers: string) => string): string[] =>
    tell(namesOf(outcome, states), words);
  const doubtful = (liveness: HostOutcome['liveness']): string[] =>
    namesOf({ hosts: outcome.hosts.filter((host) => host.liveness === liveness) }, ['in doubt']);
  return [
    ...tell(doubtful('not known'), (servers) => `What runs on ${servers} is not known: it could not be read back.`),
    ...tell(doubtful('known'), (servers) => `Not fully reverted: ${servers}.`),
    ...say(['live'], (servers) => `The new release is live on ${servers}, but its health is not known.`),
    ...say(['healthy'], (servers) => `The new release is live and healthy on ${servers}.`),
    ...say(['reverted'], (servers) => `Reverted to what ran before: ${servers}.`),
    ...say(['untouched', 'unchanged'], (servers) => `Never switched: ${servers}.`),
    ...leftOut(outcome, format),
  ];
}

function unswitched({ reconciled }: Outcome, format: Formatter): string {
  if (reconciled.length === 0) return 'Nothing has changed for users: no server was switched.';
  return `No server was switched to the new release. Servers that an earlier run had left out of sync were reconciled first: ${listServers(reconciled, format)}.`;
}

function cause(outcome: Outcome, format: Formatter): string {
  const [first, ...others] = findings(outcome);
  if (first === undefined) return 'The run ended early without reporting a cause; its log shows how far it got.';
  const where = first.servers.length === 0 ? '' : `On ${listServers(first.servers, format)}: `;
  const more = others.length === 0 ? '' : ` ${count(others.length, 'more problem')} below.`;
  return `${where}${sentence(format.outside(first.failure.message))}${more}`;
}

function stay(outcome: Outcome, format: Formatter): string[] {
  if (outcome.migrations.length === 0) return [];
  return [
    `Migrations that ran stay done: ${outcome.migrations
      .slice(0, 20)
      .map((name) => format.outside(name.slice(0, 200)))
      .join(', ')}.`,
  ];
}

function proof(outcome: Outcome): string {
  const asked = outcome.hosts.flatMap((host) => host.health);
  if (asked.length === 0)
    return 'Nothing was probed, because the configuration has no `health` for these servers; `current` and REVISION were read back.';
  const sour = asked.filter((line) => line.verdict !== 'healthy').length;
  if (sour > 0)
    return `All required health checks passed; ${count(sour, 'answer')} of checks that only inform ${sour === 1 ? 'was' : 'were'} not healthy.`;
  return 'All health checks passed.';
}

function leftOut(outcome: Outcome, format: Formatter): string[] {
  const names = namesOf(outcome, ['absent']);
  return names.length === 0
    ? []
    : [
        `Left out, because unreachable: ${listServers(names, format)}. The next run brings what was left out up to date first.`,
      ];
}

function what(outcome: Outcome, format: Formatter): string {
  const release = outcome.release === undefined ? 'The release' : `Release ${format.id(outcome.release)}`;
  return `${release} (${revisionWords(outcome.refName, outcome.revision, format)})`;
}

/** Servers can have run different releases: one that is new or was set up again has run nothing before. */
function before(outcome: Outcome, format: Formatter): string {
  const [live, ...others] = liveAgain(outcome);
  if (others.length > 0) return 'on what each server ran before';
  return live === undefined ? 'to nothing live' : `on ${format.id(live)}`;
}

/** The releases that the servers run again, each once. */
function liveAgain({ hosts }: Outcome): (string | undefined)[] {
  return [...new Set(hosts.filter(({ state }) => state !== 'absent').map(({ live }) => live))];
}

function fleet(names: readonly string[], outcome: Outcome, format: Formatter): string {
  if (names.length > 3 && names.length === outcome.hosts.length) return `all ${names.length} servers`;
  return listServers(names, format);
}

function namesOf(outcome: Pick<Outcome, 'hosts'>, states: readonly HostState[]): string[] {
  return outcome.hosts.filter((host) => states.includes(host.state)).map((host) => host.server);
}
