import type { TestServers } from '../test/rig/sshd.ts';
import { type Cell, type Field, faultOf, layOut, openField, writeVersion } from './field.ts';
import { measure, type Sample } from './measure.ts';
import type { Peer } from './peers/peer.ts';
import type { CellResult, Fared } from './statistics.ts';

/** How often, and until when. */
export interface Rounds {
  /** Fresh trees. */
  readonly series: number;
  /** Next versions on one tree. */
  readonly versions: number;
  /** No round begins after this time of `performance.now()`. */
  readonly until: number;
}

type Tally = { -readonly [Key in keyof Fared]: Fared[Key] extends readonly (infer Item)[] ? Item[] : Fared[Key] };

/** Lets the peers deploy the same versions to the same servers, one after another in turns. */
export async function playCell(
  cell: Cell,
  fixture: TestServers,
  peers: readonly Peer[],
  rounds: Rounds,
): Promise<CellResult> {
  await using field = await openField(cell, fixture);
  const tallies = peers
    .filter(({ name }) => cell.peers.includes(name))
    .map((peer) => ({ peer, tally: { peer: peer.name, first: [], again: [], faults: [] } as Tally }));
  for (const { peer } of tallies) peer.prepare(field);
  let version = 0;
  for (let series = 0; series < rounds.series; series += 1) {
    for (const { peer } of tallies) layOut(field, peer.name);
    for (let round = 0; round <= rounds.versions; round += 1) {
      if (performance.now() > rounds.until) break;
      version += 1;
      const revision = writeVersion(field, version);
      for (const { peer, tally } of turned(tallies, version))
        await play(field, peer, { version, revision }, { tally, into: round === 0 ? tally.first : tally.again });
    }
  }
  return { name: nameOf(cell), fared: tallies.map(({ tally }) => tally) };
}

async function play(
  field: Field,
  peer: Peer,
  { version, revision }: { version: number; revision: string },
  { tally, into }: { tally: Tally; into: Sample[] },
): Promise<void> {
  const { sample, ran } = await measure(field, () => peer.deploy(field, revision));
  const fault =
    ran.succeeded === 'yes' ? faultOf(field, peer.name, version) : ran.output.trim().split('\n').slice(-8).join('\n');
  if (fault === undefined) into.push(sample);
  else tally.faults.push(`${nameOf(field.cell)}, ${peer.name}, version ${version}: ${fault}`);
  console.log(
    `  ${nameOf(field.cell)}, version ${version}: ${peer.name} ${sample.seconds.toFixed(2)} s${fault === undefined ? '' : `, does not count: ${fault}`}`,
  );
}

/** No peer is always first. */
function turned<T>(items: readonly T[], by: number): readonly T[] {
  return items.map((_, index) => items[(index + by) % items.length] as T);
}

export function nameOf({ workload, servers, roundTrip, rate }: Cell): string {
  const fleet = `${servers} ${servers === 1 ? 'server' : 'servers'}`;
  return [workload.name, fleet, `${roundTrip} ms`, ...(rate === undefined ? [] : [`${(rate * 8) / 1e6} Mbit/s`])].join(
    ', ',
  );
}
