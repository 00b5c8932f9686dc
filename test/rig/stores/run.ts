// What the stores get from a run: identity tokens of the test's issuer, a clock whose pauses take no time, a list of masks.

import type { StorePorts } from '../../../src/adapters/stores/client/ports.ts';
import { Failure } from '../../../src/domain/failure.ts';
import type { Reference } from '../../../src/domain/secrets/reference.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import type { StoreAnswer, StoreEntry, StoreLimits } from '../../../src/ports/secret-store.ts';
import { FakeClock, FakeRandom } from '../../fakes/fake-clock.ts';
import type { Issuer } from '../issuer.ts';

export interface StoreRun {
  readonly ports: StorePorts;
  readonly clock: FakeClock;
  /** Everything that was hidden. */
  readonly masks: Set<string>;
  /** The audiences that tokens were asked for. */
  readonly audiences: string[];
  /** Ends `seconds` from now, which is a minute where nothing is said. */
  limits(seconds?: number): StoreLimits;
}

export function makeRun(issuer: Issuer): StoreRun {
  const clock = new FakeClock(new Date());
  const masks = new Set<string>();
  const audiences: string[] = [];
  return {
    clock,
    masks,
    audiences,
    ports: {
      store: 'main',
      variables: {},
      run: '1001-1',
      clock,
      random: new FakeRandom(),
      mask: (credential) => masks.add(credential.reveal()),
      idToken: async (audience) => {
        audiences.push(audience);
        return new Secret('identity token', await issuer.token(audience));
      },
    },
    limits: (seconds = 60) => ({
      deadline: new Date(clock.now().getTime() + seconds * 1000),
      signal: new AbortController().signal,
    }),
  };
}

export function reference(locator: string, choice: Partial<Reference> = {}): Reference {
  return { store: 'main', locator, version: undefined, stage: undefined, selector: undefined, ...choice };
}

/** The only entry of an answer; a failure is thrown. */
export function entryOf(answer: StoreAnswer | undefined): StoreEntry {
  if (answer === undefined) throw new Error('no answer');
  if ('failure' in answer) throw answer.failure;
  const [entry] = answer.entries;
  if (entry === undefined) throw new Error('no entry');
  return entry;
}

export function textOf(answer: StoreAnswer | undefined): string {
  const { content } = entryOf(answer);
  return content.kind === 'text' ? content.text.reveal() : content.kind;
}

/** Code and sentence of an answer that is a failure. */
export function failureOf(answer: StoreAnswer | undefined): string {
  return answer !== undefined && 'failure' in answer ? told(answer.failure) : 'no failure';
}

/** Code and sentence of what `work` fails with. */
export async function failing(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
  throw new Error('it did not fail');
}

export function told({ code, message }: Failure): string {
  return `${code}: ${message}`;
}
