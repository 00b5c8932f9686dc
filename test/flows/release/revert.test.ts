// What a revert makes of servers that were never switched.
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../fakes/fake-servers.ts';
import { oldRelease, Stage } from '../../rig/stage.ts';

const configuration = `
hooks:
  publishing: [{name: warm, run: warm the caches}]
  published: [{name: restart, run: restart app}]
`;
const refused: readonly Fault[] = [
  { server: 's1', step: 'publishing: warm', how: 'fails' },
  { server: 's2', step: 'publishing: warm', how: 'fails' },
];

async function deployed(...faults: readonly Fault[]) {
  const on = new Stage({ configuration, faults: [...refused, ...faults] });
  const { result, hosts } = await on.deploy();
  return { on, result, states: hosts.map(({ server, state }) => `${server} ${state}`) };
}

describe('a hook of the point `publishing` fails on every server', () => {
  test('so that no server was switched, and none is reported as reverted', async () => {
    const { result, states, on } = await deployed();
    expect({ result, states, live: on.live }).toEqual({
      result: 'failed',
      states: ['s1 untouched', 's2 untouched'],
      live: [oldRelease, oldRelease],
    });
  });

  test.each(['lost', 'cut off'] as const)(
    'and one loses its connection in the revert (%s): no step of the switch had been sent to it in that program',
    async (how) => {
      const { states, on } = await deployed({ server: 's1', step: 'switch-current-back', how });
      expect(states).not.toContain('s1 reverted');
      expect(on.story.filter((line) => line.includes('published again'))).toEqual([]);
    },
  );

  test('and one loses its connection in the revert and answers again: it is as untouched as the other', async () => {
    const { result, states } = await deployed({ server: 's1', step: 'switch-current-back', how: 'lost' });
    expect({ result, states }).toEqual({ result: 'failed', states: ['s1 untouched', 's2 untouched'] });
  });
});
