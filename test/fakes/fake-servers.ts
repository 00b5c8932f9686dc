// A fleet of trees that remember, with the faults that a test plans; everything that is run there is a line of the
// story.
import { Failure } from '../../src/domain/failure.ts';
import type { RemoteProgram, Step } from '../../src/domain/remote/program.ts';
import type { Server } from '../../src/domain/server.ts';
import type { Transport } from '../../src/ports/transport.ts';
import { FakeTree } from './fake-tree.ts';
import { type Answer, RecordingTransports } from './recording-transport.ts';

/**
 * What goes wrong the first time that `server` comes to `step`. `lost`: the connection, and the program goes on to its end;
 * `cut off`: the connection, and the server can not be reached again; `cancelled`: a person cancels the run meanwhile.
 */
export interface Fault {
  readonly server: string;
  /** The id of a step of ours, `record EVENT` of a ledger line, or `POINT: NAME` of a hook. */
  readonly step: string;
  readonly how: 'fails' | 'lost' | 'cut off' | 'cancelled';
}

export class FakeServers extends RecordingTransports {
  readonly trees: ReadonlyMap<string, FakeTree>;
  /** Servers that cannot be reached. */
  readonly away = new Set<string>();
  /** One more fault to come. */
  readonly plan: (fault: Fault) => void;
  readonly #story: string[];

  constructor(names: readonly string[], story: string[], faults: Fault[], cancel: () => void) {
    const trees = new Map(names.map((name) => [name, new FakeTree()]));
    const away = new Set<string>();
    super((program, { name }) => {
      story.push(`${name} ${program.name}: ${program.steps.map(title).join(', ')}`);
      const at = faults.findIndex(
        ({ server, step }) => server === name && program.steps.some((one) => faultKey(one) === step),
      );
      const [fault] = at < 0 ? [] : faults.splice(at, 1);
      if (fault?.how === 'cancelled') cancel();
      if (fault?.how === 'cut off') away.add(name);
      return answer(trees.get(name) as FakeTree, program, fault);
    });
    this.plan = (fault) => void faults.push(fault);
    this.trees = trees;
    this.away = away;
    this.#story = story;
  }

  override async open(server: Server, signal: AbortSignal): Promise<Transport> {
    this.#story.push(`${server.name} connect`);
    if (this.away.has(server.name))
      throw new Failure('UNREACHABLE', `${server.name} does not answer`, { server: server.name });
    return super.open(server, signal);
  }
}

/** What a fault calls the step by. Titles of our own steps may change; those of hooks and records say which one it is. */
function faultKey(step: Step): string {
  return step.kind === 'hook' || step.id === 'record' ? step.name : step.id;
}

/** Hooks are told with what they run. */
function title(step: Step): string {
  return step.kind !== 'hook' || 'text' in step.run ? step.name : `${step.name} (${step.run.at(-1)})`;
}

function answer(tree: FakeTree, program: RemoteProgram, fault: Fault | undefined): Answer {
  const ends = fault?.how === 'fails' || fault?.how === 'cancelled' ? fault.step : undefined;
  let facts: Record<string, string> = {};
  let stopped: string | undefined;
  for (const step of program.steps) {
    if (stopped !== undefined && step.policy !== 'always') continue;
    if (faultKey(step) === ends) {
      stopped = step.name;
      continue;
    }
    const done = tree.take(step);
    facts = { ...facts, ...done.facts };
    if (done.status !== 0) stopped = step.name;
  }
  const lost = fault?.how === 'lost' || fault?.how === 'cut off' ? fault.step : undefined;
  const at = program.steps.find((step) => faultKey(step) === lost);
  if (at !== undefined) return { lost: at.name };
  return { facts, ...(stopped === undefined ? {} : { fail: stopped, status: fault?.how === 'cancelled' ? 143 : 1 }) };
}
