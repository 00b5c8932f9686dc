import { againSeconds, type CellResult, firstSeconds, ratioOf, type Spread } from './statistics.ts';
import { renderTable } from './table.ts';

/**
 * What a run has found, by the name of the cell; and the start of the post step against an action that only loads
 * `@actions/core`.
 */
export interface Findings {
  readonly cells: ReadonlyMap<string, CellResult>;
  readonly coldStart: { readonly ours: Spread | undefined; readonly core: Spread | undefined };
}

export interface Goal {
  readonly work: string;
  readonly against: string;
  readonly atMost: number;
  /** The ratio; or why there is none. */
  readonly found: (findings: Findings) => number | string;
}

const notBuilt = 'not measured: a later version does it';

/** The goals of this project, each a ratio within one run. */
export const goals: readonly Goal[] = [
  again('deploy W1, 1 server, 40 ms', 'Capistrano', 0.2, 'W1, 1 server, 40 ms'),
  { work: 'deploy W1, 1 server, 40 ms', against: 'mina', atMost: 1, found: () => 'not measured: it needs RubyGems' },
  again('deploy W1, 1 server, 40 ms', 'floor', 1.5, 'W1, 1 server, 40 ms'),
  { work: 'rollback, 1 and 20 servers, 40 ms', against: 'Capistrano', atMost: 0.25, found: () => notBuilt },
  again('redeploy W3, 40 ms, 100 Mbit/s', 'rsync', 0.5, 'W3, 1 server, 40 ms, 100 Mbit/s'),
  first('first deploy W3, 40 ms, 100 Mbit/s', 'floor', 1.2, 'W3, 1 server, 40 ms, 100 Mbit/s'),
  fleet('5 servers / 1 server, W1, 40 ms', 2, 'W1, 5 servers, 40 ms'),
  fleet('20 servers / 1 server, W1, 40 ms', 2, 'W1, 20 servers, 40 ms'),
  { work: '200 servers', against: '300 MB, 12 ms of CPU each', atMost: 1, found: () => 'not measured here' },
  { work: '30 secrets in 3 stores', against: 'one after another', atMost: 0.2, found: () => notBuilt },
  {
    work: 'cold start, nothing to do (the post step)',
    against: 'only @actions/core',
    atMost: 1.3,
    found: ({ coldStart }) => ratioOf(coldStart.ours, coldStart.core) ?? 'not measured',
  },
];

function again(work: string, peer: string, atMost: number, cell: string): Goal {
  return {
    work,
    against: peer,
    atMost,
    found: ({ cells }) =>
      ratioOf(againSeconds(cells.get(cell), 'Slipway'), againSeconds(cells.get(cell), peer)) ?? 'not measured',
  };
}

function first(work: string, peer: string, atMost: number, cell: string): Goal {
  return {
    work,
    against: `${peer}, first`,
    atMost,
    found: ({ cells }) =>
      ratioOf(firstSeconds(cells.get(cell), 'Slipway'), firstSeconds(cells.get(cell), peer)) ?? 'not measured',
  };
}

function fleet(work: string, atMost: number, cell: string): Goal {
  return {
    work,
    against: 'Slipway, 1 server',
    atMost,
    found: ({ cells }) =>
      ratioOf(againSeconds(cells.get(cell), 'Slipway'), againSeconds(cells.get('W1, 1 server, 40 ms'), 'Slipway')) ??
      'not measured',
  };
}

/** Each goal beside what was found. */
export function renderGoals(findings: Findings): string {
  const rows = goals.map(({ work, against, atMost, found }) => {
    const ratio = found(findings);
    const verdict = typeof ratio === 'string' ? ratio : ratio <= atMost ? 'met' : 'not met';
    return [work, against, `≤ ${atMost.toFixed(2)}`, typeof ratio === 'string' ? '' : ratio.toFixed(2), verdict];
  });
  return renderTable(['work', 'against', 'goal', 'found', 'verdict'], rows);
}
