// A server that only remembers: each step of a program changes the tree as far as flows can see it, and the facts are
// read from that.

import type { Step } from '../../src/domain/remote/program.ts';
import type { LedgerEvent } from '../../src/domain/tree/ledger.ts';
import { renderLine } from '../../src/domain/tree/ledger.ts';

const root = '/srv/shop';

/** Steps that only read, or change nothing that flows read back from here. */
const leavesNothingToSee: readonly string[] = [
  'look-for-tools',
  'look-at-user-and-clock',
  'look-for-linked-files',
  'look-at-tree',
  'read-records',
  'look-at-free-space',
  'look-at-lock',
  'read-current-back',
  'renew-lease',
  'end-program',
  'make-room',
  'upload',
  'compare',
  'link-shared',
  'list-files',
  'keep-undated',
  'date-release',
  'write-break-glass-script',
  'write-revisions-log',
  'probe',
];

export class FakeTree {
  /** The target of `current`. */
  current: string | undefined;
  /** The text of `lock/owner.json`. */
  lock: string | undefined;
  /** The text of `break-glass.log`. */
  byHand: string | undefined;
  readonly ledger: string[] = [];
  /** The release that the files of the last one were compared with. */
  comparedWith: string | undefined;
  /** Whether `current` stays where it is when it should go back. */
  stuck = false;
  /** Whether `current` stays where it is although the switch says that it has moved. */
  unmoved = false;
  /** Revisions by release. */
  readonly releases = new Map<string, string>();
  readonly records = new Map<string, string>();
  readonly failed = new Set<string>();
  readonly incoming = new Set<string>();
  /** Paths in which an uploaded release differs from the live one; `undefined`: the live one has no list. */
  changed: readonly string[] | undefined;

  /** A release that an earlier run has left, with its record; the newest that is called `live` or `healthy` is live. */
  has(
    release: string,
    revision: string,
    events: readonly LedgerEvent[],
    record: Readonly<Record<string, unknown>> = {},
  ): this {
    this.releases.set(release, revision);
    this.records.set(release, JSON.stringify({ version: 1, release, revision, ...record }));
    for (const event of events)
      this.ledger.push(
        renderLine({ at: '2026-11-20T12:00:00.000Z', release, event, by: 'octocat', run: '900.1', revision }),
      );
    if (events.includes('live')) this.current = `${root}/releases/${release}`;
    return this;
  }

  /** Every event of the ledger, as `RELEASE EVENT`. */
  get events(): readonly string[] {
    return this.ledger
      .map((line) => JSON.parse(line) as Record<string, string>)
      .map(({ release, event, server, once }) => [release, event, server, once].filter(Boolean).join(' '));
  }

  /** What the step does here. @returns the facts that it reports, and whether it fails by itself */
  take(step: Step): { readonly facts: Readonly<Record<string, string>>; readonly status: number } {
    const words = 'text' in step.run ? step.run.words : step.run;
    switch (step.id) {
      case 'take-lock':
        return this.#lock(words);
      case 'give-lock-back':
      case 'put-old-lock-aside':
        return this.#unlock(words.find((word) => word.startsWith('"token"')) ?? '');
      case 'record':
        this.ledger.push(...words.slice(1));
        break;
      case 'place-release':
        this.releases.set(words[2] ?? '', this.#revision);
        this.records.set(words[2] ?? '', words[4] ?? '');
        this.comparedWith = words[5];
        return { facts: this.changed === undefined ? {} : { changed: this.changed.join('\n') }, status: 0 };
      case 'write-revision':
        this.#revision = words[1] ?? '';
        break;
      case 'take-release-away':
        this.#forget(words[2] ?? '');
        break;
      case 'set-aside':
        if (this.releases.delete(words[2] ?? '')) this.failed.add(words[2] ?? '');
        break;
      case 'put-break-glass-log-aside':
        this.byHand = undefined;
        break;
      case 'prune':
        for (const release of words.slice(2)) this.#forget(release);
        break;
      case 'switch-current':
        if (!this.unmoved) this.current = words[2];
        break;
      case 'switch-current-back':
        if (this.current === words[2] && !this.stuck) this.current = words[3] === '' ? undefined : words[3];
        break;
      default:
        if (step.kind !== 'hook' && !leavesNothingToSee.includes(step.id))
          throw new Error(`the fake tree does not know what the step ${step.id} does`);
    }
    return { facts: step.effect === 'reads' ? this.#facts() : {}, status: 0 };
  }

  #revision = '';

  #lock(words: readonly string[]): ReturnType<FakeTree['take']> {
    if (this.lock !== undefined) return { facts: { ...this.#facts(), taken: 'no' }, status: 75 };
    this.lock = `${words[3]},"group":"4711","started":"1000"}`;
    return { facts: { taken: 'yes' }, status: 0 };
  }

  #unlock(token: string): ReturnType<FakeTree['take']> {
    const ours = this.lock?.includes(token) === true;
    if (ours) this.lock = undefined;
    return { facts: { broken: ours ? 'yes' : 'no' }, status: 0 };
  }

  #forget(release: string): void {
    this.releases.delete(release);
    this.records.delete(release);
    this.incoming.delete(release);
  }

  #facts(): Record<string, string> {
    const live = this.current?.slice(`${root}/releases/`.length) ?? '';
    const revision = this.releases.get(live);
    const record = this.records.get(live);
    const newest = [...this.releases.keys()].sort().at(-1) ?? '';
    const unfinished = newest === live ? undefined : this.records.get(newest);
    return {
      now: '1795289831',
      user: 'deploy',
      writable: 'yes',
      current: this.current === undefined ? 'none' : `link ${this.current}`,
      releases: [...this.releases.keys()].join('\n'),
      incoming: [...this.incoming].join('\n'),
      failed: [...this.failed].join('\n'),
      ledger: this.ledger.map((line) => `${line}\n`).join(''),
      ...(revision === undefined ? {} : { revision }),
      ...(record === undefined ? {} : { manifest: record }),
      ...(unfinished === undefined ? {} : { unfinished }),
      ...(this.byHand === undefined ? {} : { byhand: this.byHand }),
      ...(this.lock === undefined ? {} : { lock: 'present', owner: this.lock, lockage: '3' }),
    };
  }
}
