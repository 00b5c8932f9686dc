// `mode: unlock`: locks are broken by hand.
import { describe, expect, test } from 'vitest';
import { unlock } from '../../../src/flows/deploy/unlock.ts';
import { linesOf, Stage } from '../../rig/stage.ts';

const lock = `${JSON.stringify({ version: 1, token: 'f'.repeat(32), repository: 'octo/shop', run: '999', attempt: 1, job: 'deploy', actor: 'hubot', action: 'deploy', stage: 'production', at: '2026-11-21T19:00:00Z', lease: 600, group: '99', started: '7' })}\n`;

function locked(): Stage {
  const on = new Stage();
  on.tree('s2').lock = lock;
  return on;
}

describe('unlocking', () => {
  test('breaks the locks that stand, once what runs under them is ended, and leaves free servers alone', async () => {
    const on = locked();
    on.runs.says = 'unknown';
    const { unlocked: broken, failures } = await unlock(on.context);
    expect(failures).toEqual([]);
    expect(broken.map(({ server, was }) => [server, was])).toEqual([
      ['s1', 'free'],
      ['s2', 'broken'],
    ]);
    expect(broken[1]?.holder).toContain('run 999 attempt 1, by hubot');
    expect(on.locks).toEqual(['free', 'free']);
    const told = linesOf(on.story, 's2');
    expect(told.findIndex((line) => line.startsWith('end'))).toBeGreaterThan(0);
    expect(told.findIndex((line) => line.startsWith('end'))).toBeLessThan(
      told.findIndex((line) => line.includes('put the old lock aside')),
    );
    expect(linesOf(on.story, 's1')).toHaveLength(2);
  });

  test('names every server whose lock it leaves alone', async () => {
    const on = locked();
    on.tree('s1').lock = lock;
    expect(await unlock(on.context)).toMatchObject({
      unlocked: [],
      failures: [
        { code: 'LOCK_HELD', server: 's1' },
        { code: 'LOCK_HELD', server: 's2' },
      ],
    });
  });

  test('leaves a lock alone whose job GitHub calls running', async () => {
    const on = locked();
    on.runs.says = 'running';
    expect(await unlock(on.context)).toMatchObject({
      unlocked: [{ server: 's1', was: 'free' }],
      failures: [{ code: 'LOCK_HELD', server: 's2' }],
    });
    expect(on.locks).toEqual(['free', 'locked']);
  });
});
