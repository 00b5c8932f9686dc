// The leases of the locks of a run, while nothing else happens on its servers.
import { expect, test } from 'vitest';
import { fenceOf } from '../../../src/domain/programs/lock.ts';
import { layoutOf } from '../../../src/domain/tree/layout.ts';
import type { Member } from '../../../src/flows/context.ts';
import { keepLeases } from '../../../src/flows/lock/leases.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { ownerOf } from '../../rig/local-tree.ts';

/** A clock on which a minute passes when the test says so. */
class ToldClock extends FakeClock {
  readonly #waiting: (() => void)[] = [];

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => (signal?.aborted === true ? reject(new Error('over')) : resolve(this.pass(ms))));
    });
  }

  async minute(): Promise<void> {
    for (const go of this.#waiting.splice(0)) go();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function member(name: string, ran: string[], lock: 'locked' | 'no lock'): Member {
  const layout = layoutOf('/srv/shop');
  const transport = {
    run: async (program: { readonly name: string }) => {
      ran.push(`${name} ${program.name}`);
    },
  };
  return {
    server: { name },
    layout,
    transport,
    ...(lock === 'locked' ? { fence: fenceOf(layout, ownerOf('a')) } : {}),
  } as unknown as Member;
}

test('are renewed each minute on every locked server, until it is over', async () => {
  const clock = new ToldClock();
  const ran: string[] = [];
  {
    using _leases = keepLeases(clock, [
      member('s1', ran, 'locked'),
      member('s2', ran, 'locked'),
      member('cache', ran, 'no lock'),
    ]);
    expect(ran).toEqual([]);
    await clock.minute();
    await clock.minute();
    expect(ran).toEqual(['s1 renew', 's2 renew', 's1 renew', 's2 renew']);
  }
  await clock.minute();
  await clock.minute();
  expect(ran).toHaveLength(4);
});
