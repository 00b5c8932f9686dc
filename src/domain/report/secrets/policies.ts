import { plain } from '../../text/escape.ts';
import { room, within } from '../section.ts';
import { opening } from '../verdict.ts';

/** The least policy of one store, line by line. */
export interface StorePolicy {
  readonly store: string;
  readonly lines: readonly string[];
}

/** As GitHub Markdown: a block to copy for each store. */
export function renderPolicies(policies: readonly StorePolicy[]): string {
  const sentences = [
    'This is the least that each store has to allow, for the secrets of this configuration and no others.',
  ];
  return [
    ...opening({ symbol: '🔎', title: 'Policies for the stores', sentences, remedy: undefined }),
    ...within(policies.flatMap(block), room.failures),
    '',
  ].join('\n');
}

function block({ store, lines }: StorePolicy): readonly string[] {
  const shown = lines.map((line) => plain(line));
  const longest = Math.max(2, ...shown.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`### ${plain(store, 64)}`, '', fence, ...shown, fence, ''];
}
