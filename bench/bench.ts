// `npm run bench`: deploys the same work with Slipway and others to servers behind a slow network on this machine, and
// prints how they compare. A report, never a failure.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { missing, startServers } from '../test/rig/sshd.ts';
import { nameOf, playCell } from './cell.ts';
import { measureColdStart } from './cold-start.ts';
import { type Cell, versionOf } from './field.ts';
import { type Findings, renderGoals } from './goals.ts';
import { capistrano } from './peers/capistrano.ts';
import { floor } from './peers/floor.ts';
import { rsync } from './peers/rsync.ts';
import { slipway } from './peers/slipway.ts';
import type { CellResult } from './statistics.ts';
import { renderResults } from './table.ts';
import { workloads } from './workload.ts';

const { values: chosen } = parseArgs({
  options: {
    /** W1 only, three rounds, below four minutes. */
    quick: { type: 'boolean', default: false },
    /** Names of peers, with commas. */
    peers: { type: 'string', default: 'Slipway,floor,rsync,Capistrano' },
    /** Only cells whose name holds this. */
    cell: { type: 'string', default: '' },
    /** Next versions on a tree in each cell. */
    rounds: { type: 'string', default: '' },
  },
});

const all = chosen.peers.split(',');
const few = all.filter((name) => name !== 'Capistrano' && name !== 'rsync');
const { W1, W2, W3 } = workloads;

/** The most telling first: where time runs out, the last ones have fewer rounds. */
const near: readonly Cell[] = [
  { workload: W1, servers: 1, roundTrip: 40, peers: all },
  { workload: W1, servers: 5, roundTrip: 40, peers: all },
  { workload: W1, servers: 1, roundTrip: 0, peers: all },
  { workload: W1, servers: 5, roundTrip: 0, peers: all },
];
const far: readonly Cell[] = [
  { workload: W1, servers: 20, roundTrip: 40, peers: few },
  { workload: W2, servers: 1, roundTrip: 40, peers: all },
  { workload: W3, servers: 1, roundTrip: 40, rate: 100e6 / 8, peers: all },
];

/** Minutes after the start of this process after which no round begins: of all cells. */
const minutes = chosen.quick ? 3 : 60;

const lack = missing();
if (lack !== undefined) console.log(`Nothing can be measured: ${lack}`);
else await compare();

async function compare(): Promise<void> {
  const peers = [slipway, floor, rsync, capistrano].filter(({ name }) => all.includes(name));
  const present = peers.filter((peer) => peer.missing === undefined);
  console.log(surroundings());
  for (const { name, what, missing: lacks } of peers)
    console.log(`- ${name}: ${lacks === undefined ? what : `not measured, ${lacks}`}`);
  const cells = (chosen.quick ? near : [...near, ...far]).filter((cell) => nameOf(cell).includes(chosen.cell));
  await using fixture = await startServers({ count: Math.max(1, ...cells.map(({ servers }) => servers)) });
  const coldStart = await measureColdStart(fixture.folder, chosen.quick ? 7 : 21);
  const results: CellResult[] = [];
  for (const [index, cell] of cells.entries()) {
    const share = minutes * ((index + 1) / cells.length) * 60_000;
    const rounds = chosen.quick
      ? { series: 1, versions: Number(chosen.rounds || 3) }
      : { series: 5, versions: Number(chosen.rounds || 1) };
    results.push(await playCell(cell, fixture, present, { ...rounds, until: share }));
  }
  report({ cells: new Map(results.map((result) => [result.name, result])), coldStart });
}

function report(findings: Findings): void {
  const { ours, core } = findings.coldStart;
  console.log(`\n${renderResults([...findings.cells.values()])}\n`);
  if (ours !== undefined && core !== undefined)
    console.log(
      `cold start: ${ours.median.toFixed(3)} s, only @actions/core ${core.median.toFixed(3)} s (n = ${ours.n})\n`,
    );
  console.log(`${renderGoals(findings)}\n`);
  for (const fault of [...findings.cells.values()].flatMap(({ fared }) => fared.flatMap(({ faults }) => faults)))
    console.log(`does not count: ${fault}`);
  console.log(
    `measured in ${(performance.now() / 1000).toFixed(0)} s; ${load()}. again: a next version with 1 % changed; first: on an empty tree; conns and execs: of one server; MB: of all servers, through the links.`,
  );
}

function surroundings(): string {
  return `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}, ${versionOf('ssh', '-V') ?? 'no ssh'}; servers and clients share them. Round trips are made by a proxy, openings of connections included. ${load()}.`;
}

/** Others who use the machine blur what is found. */
function load(): string {
  return `load of the machine: ${(loadavg()[0] ?? 0).toFixed(1)}`;
}
