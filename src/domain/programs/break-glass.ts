import { programs } from '../../generated/programs.ts';
import type { Step } from '../remote/program.ts';
import { quote } from '../remote/shell.ts';
import type { Layout } from '../tree/layout.ts';

/**
 * Writes `.slipway/rollback`, and what it runs when this release goes live again. The script, break-glass.sh, rolls back
 * by hand, for the day on which GitHub is down. No value of a tree is written into it: it finds its tree by its own
 * path. It decides as tree/ledger.ts, tree/revisions-log.ts and release/retention.ts do, and locks as take-lock.sh does.
 * Without git it cannot know whether a release comes after a revision that is on hold; only the listed revisions are
 * refused.
 */
export function breakGlassStep(layout: Layout, release: string, hooks: string): Step {
  return {
    id: 'write-break-glass-script',
    name: 'write the break-glass script',
    effect: 'changes',
    log: 'on failure',
    run: { text: programs['write-break-glass-script'], words: [layout.state, release, hooks, programs['break-glass']] },
  };
}

/** Moves the lines of break-glass.log that are in the ledger now to another file. */
export function sweepGlassStep(layout: Layout): Step {
  return {
    id: 'put-break-glass-log-aside',
    name: 'put the break-glass log aside',
    effect: 'changes',
    log: 'on failure',
    run: { text: programs['put-break-glass-log-aside'], words: [layout.state] },
  };
}

/**
 * The published hooks of a release as a program of their own, to be read and run by hand; empty where there are none.
 */
export function hooksText(options: {
  readonly release: string;
  readonly current: string;
  readonly env: Readonly<Record<string, string>>;
  readonly hooks: readonly { readonly name: string; readonly command: string }[];
}): string {
  if (options.hooks.length === 0) return '';
  const head = [
    `# Runs on this server when release ${options.release} goes live.`,
    'set -eu',
    `cd ${quote(options.current)}`,
  ];
  const env = Object.entries(options.env).map(([name, value]) => `export ${name}=${quote(value)}`);
  const hooks = options.hooks.flatMap(({ name, command }) => [
    `echo ${quote(`published: ${name}`)}`,
    `sh -euc ${quote(command)} </dev/null`,
  ]);
  return `${[...head, ...env, ...hooks].join('\n')}\n`;
}
