// The list of the life of a release is what a deploy does: each of its points runs, in that order.
import { expect, test } from 'vitest';
import { deployPoints } from '../../../src/domain/hooks/lifecycle.ts';
import { Stage } from '../../rig/stage.ts';

test('every point of a deploy runs on every server, in the order of the list', async () => {
  const hooks = deployPoints.map((point) => `  ${point}: [{name: here, run: 'true'}]`).join('\n');
  const on = new Stage({ configuration: `hooks:\n${hooks}\n` });
  expect(await on.deploy()).toMatchObject({ result: 'deployed', failures: [] });
  const ran = on.story
    .filter((line) => line.startsWith('s1 '))
    .flatMap((line) => [...line.matchAll(/(\w+): here \(true\)/g)].map(([, point]) => point));
  expect(ran).toEqual(deployPoints);
});
