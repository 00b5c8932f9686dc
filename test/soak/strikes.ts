import type { Grain } from '../rig/breakpoints.ts';
import type { Blow } from '../rig/crash-site.ts';
import { CrashSite } from '../rig/crash-site.ts';

/** What is done at each point: to main at each step, to the program on the server before each of its commands. */
const blows: Readonly<Record<Grain, readonly Blow[]>> = {
  steps: ['cancel', 'kill', 'kill, post step lost', 'cut the connection'],
  commands: ['kill the shell', 'kill the program'],
};

/** Strikes a deploy at every point of a good run on the first of two servers, in every way, and prints a table. */
export async function soakStrikes(grain: Grain, share: number): Promise<readonly string[]> {
  await using site = await CrashSite.open();
  const points = await site.passed(grain);
  const wrong: string[] = [];
  console.log(`  ${points.length} points × ${blows[grain].length} blows`);
  for (let point = 1; point <= points.length; point += share) {
    const cells: string[] = [];
    let at = '';
    for (const blow of blows[grain]) {
      const struck = await site.strike({ blow, at: { point, grain } });
      at = struck.at;
      cells.push(`${blow}: ${struck.wrong.length === 0 ? 'held' : 'NOT'}`);
      wrong.push(...struck.wrong.map((text) => `${blow} at ${struck.at}: ${text}`));
    }
    console.log(`  ${String(point).padStart(4)}  ${at.padEnd(30)}  ${cells.join('  ')}`);
  }
  return wrong;
}
