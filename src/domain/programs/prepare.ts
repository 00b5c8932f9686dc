import { programs } from '../../generated/programs.ts';
import type { Step } from '../remote/program.ts';
import type { Layout } from '../tree/layout.ts';
import type { LedgerLine } from '../tree/ledger.ts';
import { ledgerStep } from './ledger.ts';

/** Minutes after which a lock that was being made is litter. */
const givenUp = 60;

export interface Preparation {
  readonly layout: Layout;
  readonly release: string;
  readonly revision: string;
  /** Seconds since 1970. */
  readonly committed: number;
  readonly linkedFiles: readonly string[];
  readonly linkedDirs: readonly string[];
  /** The text of `manifests/<id>.json`. */
  readonly record: string;
  /** The release whose files `when.changed` compares with. */
  readonly live: string | undefined;
  /** Names below `incoming/` that dead runs left. */
  readonly leftovers: readonly string[];
  readonly line: LedgerLine;
}

/** From the packed stream on the channel to a complete release at its final path that is not live. */
export function prepareSteps(preparation: Preparation): Step[] {
  const { layout, release } = preparation;
  const incoming = layout.incoming(release);
  return [
    {
      id: 'make-room',
      name: 'make room',
      effect: 'changes',
      log: 'on failure',
      run: {
        text: programs['make-room'],
        words: [
          layout.state,
          layout.releases,
          incoming,
          String(givenUp),
          ...preparation.leftovers.map(layout.incoming),
        ],
      },
    },
    ledgerStep(layout, [preparation.line]),
    {
      id: 'upload',
      name: 'upload',
      effect: 'changes',
      input: 'stream',
      run: { text: programs.upload, words: [incoming] },
    },
    {
      id: 'compare',
      name: 'compare',
      effect: 'reads',
      means: 'ARTIFACT_MISMATCH',
      run: { text: programs.compare, words: [`${incoming}/tree`, incoming] },
    },
    {
      id: 'link-shared',
      name: 'link shared files and directories',
      effect: 'changes',
      run: {
        text: programs['link-shared'],
        words: [
          layout.shared,
          `${incoming}/tree`,
          String(preparation.linkedFiles.length),
          ...preparation.linkedFiles,
          ...preparation.linkedDirs,
        ],
      },
    },
    {
      id: 'write-revision',
      name: 'write REVISION',
      effect: 'changes',
      log: 'on failure',
      run: {
        text: programs['write-revision'],
        words: [`${incoming}/tree`, preparation.revision, String(preparation.committed)],
      },
    },
    {
      id: 'place-release',
      name: 'place the release',
      effect: 'changes',
      run: {
        text: programs['place-release'],
        words: [layout.state, incoming, release, layout.releases, preparation.record, preparation.live ?? ''],
      },
    },
  ];
}

/** Removes an unfinished release. `current` is never touched: a release that is live stays. */
export function discardStep(layout: Layout, release: string): Step {
  return {
    id: 'take-release-away',
    name: 'take the unfinished release away',
    effect: 'changes',
    policy: 'always',
    run: { text: programs['take-release-away'], words: [layout.root, layout.state, release] },
  };
}
