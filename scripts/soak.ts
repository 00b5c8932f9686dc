import { soakLock } from '../test/soak/lock.ts';
import { soakMasks } from '../test/soak/masks.ts';
import { soakRaces } from '../test/soak/races.ts';
import { soakSeries } from '../test/soak/series.ts';
import { soakStrikes } from '../test/soak/strikes.ts';

/**
 * `npm run soak`: the series that take too long for `npm test`. Words after `--` choose parts (`lock`, `races`,
 * `steps`, `commands`, `masks`, `series`); SOAK_PART=10 does a tenth of each but of `series`. Every part prints one line
 * with what held, and each thing that did not.
 */
const parts: Readonly<Record<string, (share: number) => Promise<readonly string[]>>> = {
  lock: soakLock,
  races: soakRaces,
  steps: (share) => soakStrikes('steps', share),
  commands: (share) => soakStrikes('commands', share),
  masks: soakMasks,
  series: soakSeries,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in parts));
if (unknown.length > 0)
  throw new Error(`there is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
const share = Math.max(1, Number(process.env['SOAK_PART'] ?? 1));
for (const [name, soak] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const start = performance.now();
  const wrong = await soak(share);
  for (const text of wrong) console.log(`wrong: ${text}`);
  console.log(
    `${name}: ${wrong.length === 0 ? 'all held' : `${wrong.length} did not hold`}, ${Math.round((performance.now() - start) / 1000)} s`,
  );
  if (wrong.length > 0) process.exitCode = 1;
}
