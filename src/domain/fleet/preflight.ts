import type { Settings } from '../config/settings.ts';
import { Failure } from '../failure.ts';
import { neededTools } from '../programs/look.ts';
import type { Server } from '../server.ts';
import { count } from '../text/phrases.ts';
import { liveRelease, type ServerFacts, type TreeFacts } from '../tree/facts.ts';

/** Seconds between the clocks of server and runner that are worth a warning. */
const drift = 300;

/** Everything about one server that would make a deploy fail, seen before anything is changed. */
export function problemsOf(server: Server, facts: ServerFacts, settings: Settings): Failure[] {
  const where = { server: server.name };
  const tools = facts.missingTools
    .filter((tool) => neededTools.some((needed) => needed === tool))
    .map((tool) => new Failure('TOOL_MISSING', `there is no \`${tool}\``, where));
  const files = facts.missingLinkedFiles
    .filter((file) => settings.linkedFiles.includes(file))
    .map((file) => new Failure('LINKED_FILE_MISSING', `${server.deployTo}/shared/${file} does not exist`, where));
  return [...tools, ...placeProblems(server, facts, settings), ...roomProblems(server, facts, settings), ...files];
}

/** Things that a person should know although the deploy can go on. */
export function noticesOf(server: Server, facts: ServerFacts, now: number): string[] {
  const skew = facts.now - now;
  return [
    ...(Math.abs(skew) > drift
      ? [`the clock of ${server.name} is ${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} this runner's`]
      : []),
    ...(facts.strangers.length > 0
      ? [`${server.name} has entries in releases/ that are not releases: ${facts.strangers.slice(0, 5).join(', ')}`]
      : []),
    ...(facts.staleLink === 'stale link'
      ? [
          `${server.name} has a stale releases/current, left by an interrupted Capistrano; the next new release removes it`,
        ]
      : []),
    ...(facts.ledgerTail === 'torn'
      ? [`the last line of the ledger of ${server.name} was cut off and has been closed`]
      : []),
    ...(facts.ledger.unreadable > 0
      ? [`${count(facts.ledger.unreadable, 'line')} of the ledger of ${server.name} cannot be read and are skipped`]
      : []),
    ...facts.byHand.map(
      ({ at, from, to, by }) =>
        `${by} rolled back from ${from} to ${to} on ${server.name} by hand, with the break-glass script, at ${at}`,
    ),
  ];
}

/** Reports a fleet that was rolled back by hand, but not everywhere to the same release. */
export function divergence(servers: readonly { readonly server: string; readonly facts: TreeFacts }[]): string[] {
  const live = servers.map(({ server, facts }) => ({ server, release: liveRelease(facts.current) ?? 'nothing' }));
  const same = new Set(live.map(({ release }) => release)).size < 2;
  if (same || servers.every(({ facts }) => facts.byHand.length === 0)) return [];
  return [`the fleet is diverged: ${live.map(({ server, release }) => `${server} runs ${release}`).join(', ')}`];
}

function placeProblems(server: Server, facts: ServerFacts, { become }: Settings): Failure[] {
  const where = { server: server.name };
  const problems: Failure[] = facts.untrustedPaths.map(
    (place) =>
      new Failure('TREE_FOREIGN', `${server.deployTo}/${place} is not ours: another user could redirect it`, where),
  );
  const owner =
    become === undefined
      ? {}
      : { hint: `Create \`deploy_to\` on that server and give it to ${become}, the user of \`become\`.` };
  if (facts.writable === 'not writable')
    problems.push(
      new Failure('DEPLOY_TO_DENIED', `${facts.user} may not write ${server.deployTo}`, { ...where, ...owner }),
    );
  if (facts.current.kind === 'not a link')
    problems.push(new Failure('CURRENT_NOT_A_LINK', `${server.deployTo}/current is not a link`, where));
  return problems;
}

function roomProblems(server: Server, { room }: ServerFacts, { limits }: Settings): Failure[] {
  const where = { server: server.name };
  const problems: Failure[] = [];
  if (room.bytes !== undefined && room.bytes < limits.minFreeDisk) {
    problems.push(
      new Failure(
        'DISK_FULL',
        `${megabytes(room.bytes)} are free, and limits.min_free_disk asks for ${megabytes(limits.minFreeDisk)}`,
        where,
      ),
    );
  }
  if (room.inodes !== undefined && room.inodes < limits.minFreeInodes) {
    problems.push(
      new Failure(
        'DISK_FULL',
        `${room.inodes} inodes are free, and limits.min_free_inodes asks for ${limits.minFreeInodes}`,
        where,
      ),
    );
  }
  return problems;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(0)} MB`;
}
