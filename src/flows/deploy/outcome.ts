import { conclude } from '../../domain/fleet/conclusion.ts';
import type { Outcome, Phase } from '../../domain/fleet/outcome.ts';
import { rollbackReadiness } from '../../domain/release/readiness.ts';
import { liveRelease, type TreeFacts } from '../../domain/tree/facts.ts';
import type { Journal } from '../../ports/run-log.ts';
import type { Doors, Order, Progress, Run, Seen } from '../context.ts';
import type { Survey } from '../release/survey.ts';

/** What the outcome of a deploy is written from: it is kept while the story goes on, so that a failure anywhere can be told whole. */
export class Book {
  readonly order: Order;
  readonly doors: Doors;
  readonly seen: Seen = newSeen();
  readonly began: number;
  readonly chapters: { readonly name: string; readonly at: number }[] = [];
  readonly warnings: string[] = [];
  absent: readonly string[] = [];
  revision: string;
  run: Run | undefined;
  facts: ReadonlyMap<string, TreeFacts> = new Map();
  verdict: 'proven' | 'unproven' | 'unchanged' = 'unproven';

  constructor(order: Order, doors: Doors) {
    this.order = order;
    this.began = doors.clock.now().getTime();
    this.revision = order.revision;
    this.doors = { ...doors, journal: this.#listenTo(doors) };
  }

  /** What the survey found is the truth until something newer is read. */
  learn(found: Survey): void {
    this.facts = found.facts;
    for (const notice of found.notices) this.doors.journal.warn(notice);
    for (const [server, facts] of found.facts) this.seen.truth.set(server, facts.current);
  }

  /** The run goes on from what the repairs left live. */
  repaired(live: ReadonlyMap<string, string | undefined>): Run {
    const run = this.run as Run;
    this.run = { ...run, previous: new Map([...run.previous, ...live]) };
    return this.run;
  }

  save(at: Progress['at']): void {
    const run = this.run as Run;
    this.order.save({
      at,
      token: run.owner.token,
      release: run.release,
      revision: run.revision,
      previous: Object.fromEntries([...run.previous].map(([server, release]) => [server, release ?? null])),
    });
  }

  unchanged(): void {
    this.verdict = 'unchanged';
  }

  proven(): void {
    this.verdict = 'proven';
  }

  #listenTo(doors: Doors): Journal {
    const { journal, clock } = doors;
    return {
      chapter: (name) => {
        this.chapters.push({ name, at: clock.now().getTime() });
        journal.chapter(name);
      },
      warn: (text) => {
        this.warnings.push(text);
        journal.warn(text);
      },
      event: (server, program, event) => {
        if (event.kind === 'step') this.seen.awaited.get(event.step)?.began();
        journal.event(server, program, event);
      },
      note: (text) => journal.note(text),
      failed: (server, failure, printed) => {
        if (failure.code === 'CONNECTION_LOST' || failure.code === 'PROGRAM_UNFINISHED') this.#beginAll(server);
        journal.failed(server, failure, printed);
      },
    };
  }

  /** The program may have gone on unheard, so what it was to run may have run. */
  #beginAll(server: string): void {
    for (const sent of this.seen.awaited.values()) if (sent.server === server) sent.began();
  }
}

/** Everything that the outcome says, from what was read back. */
export function closeBook(book: Book): Outcome {
  const { order, seen } = book;
  const release = book.verdict === 'unchanged' ? undefined : book.run?.release;
  const { result, hosts } = conclude({
    servers: order.settings.servers,
    absent: book.absent,
    release: release ?? (seen.failures.length > 0 ? '' : undefined),
    verified: book.verdict === 'proven' ? 'verified' : 'unverified',
    previous: book.run?.previous ?? new Map(),
    truth: seen.truth,
    switched: seen.switched,
    inDoubt: seen.inDoubt,
    health: seen.health,
    failures: seen.failures,
  });
  const end = book.doors.clock.now().getTime();
  const facts = book.run?.facts ?? book.facts;
  return {
    result,
    application: order.settings.application,
    stage: order.settings.stage,
    release: book.verdict === 'unchanged' ? liveEverywhere(facts) : book.run?.release,
    previous: [...(book.run?.previous.values() ?? [])].find((release) => release !== undefined),
    revision: book.revision,
    refName: order.refName,
    actor: order.job.actor,
    runUrl: `${order.job.serverUrl}/${order.job.repository}/actions/runs/${order.job.runId}`,
    hosts,
    failures: seen.failures,
    warnings: book.warnings,
    reconciled: [...seen.putRight],
    migrations: [...seen.migrations],
    rollback: wayBackOf(book, facts, hosts),
    phases: phasesOf(book.chapters, end),
    milliseconds: end - book.began,
  };
}

function wayBackOf(book: Book, facts: Book['facts'], hosts: Outcome['hosts']): Outcome['rollback'] {
  const released = hosts.some(({ state }) => state === 'healthy' || state === 'live') ? book.run?.release : undefined;
  const servers = hosts.filter(({ state }) => state !== 'absent').map(({ server }) => server);
  return rollbackReadiness(facts, released, servers);
}

export function newSeen(): Seen {
  return {
    truth: new Map(),
    health: new Map(),
    switched: new Set(),
    putRight: new Set(),
    inDoubt: new Set(),
    changed: new Map(),
    awaited: new Map(),
    migrations: new Set(),
    failures: [],
  };
}

function phasesOf(chapters: Book['chapters'], end: number): Phase[] {
  return chapters.map((chapter, index) => ({
    name: chapter.name,
    milliseconds: (chapters[index + 1]?.at ?? end) - chapter.at,
  }));
}

function liveEverywhere(facts: ReadonlyMap<string, TreeFacts>): string | undefined {
  const live = new Set([...facts.values()].map(({ current }) => liveRelease(current)));
  return live.size === 1 ? [...live][0] : undefined;
}
