import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { acts } from './demo/acts.ts';
import type { Fleet } from './demo/fleet.ts';
import { startFleet } from './demo/fleet.ts';
import { runDeploy } from './demo/job.ts';
import { missingPart } from './demo/parts.ts';
import { playAct, showEnd, showHeading } from './demo/play.ts';

/**
 * `npm run demo`: four deploys with the built action, to three SSH servers on this machine. With the folder of an
 * earlier demo as its word:
 * one deploy of what is committed there. The exit status is 0 where all ended as announced.
 */
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort());
// Whoever closes the pipe wants no more.
process.stdout.on('error', () => interrupt.abort());

const [earlier] = process.argv.slice(2);
const lacking =
  missingPart() ??
  (earlier === undefined || existsSync(join(earlier, 'shop', '.git'))
    ? undefined
    : `${earlier} is not the folder of a demo.`);
if (lacking === undefined) process.exitCode = await run(earlier === undefined ? playAll : deployAgain);
else {
  console.error(lacking);
  process.exitCode = 1;
}

async function run(play: (fleet: Fleet) => Promise<0 | 1>): Promise<number> {
  const folder = earlier === undefined ? mkdtempSync(join(tmpdir(), 'slipway-demo-')) : resolve(earlier);
  await using fleet = await startFleet(folder);
  const status = await play(fleet);
  if (!interrupt.signal.aborted) return status;
  console.log(`\nStopped. The servers are off; what was made stays in ${folder}`);
  return 130;
}

async function playAll(fleet: Fleet): Promise<0 | 1> {
  console.log(`Three servers, and an application with its repository, in ${fleet.folder}`);
  for (const [index, act] of acts.entries()) {
    const wrong = await playAct(fleet, act, `Act ${index + 1} of ${acts.length}: ${act.title}`, interrupt.signal);
    if (interrupt.signal.aborted) return 1;
    if (wrong.length > 0) {
      console.error(`\n  This act did not end as announced: ${wrong.join('; ')}`);
      return 1;
    }
    console.log(`  As announced. ${act.after}`);
  }
  showHeading('What to try next', nextSteps(fleet.folder));
  return 0;
}

async function deployAgain(fleet: Fleet): Promise<0 | 1> {
  showHeading(
    'Once more',
    `What is committed in ${fleet.project.path} goes to all three servers: ${fleet.project.subject('HEAD')}`,
  );
  const job = await runDeploy(fleet, interrupt.signal);
  await showEnd(fleet, 'again', job);
  return job.exitCode === 0 ? 0 : 1;
}

function nextSteps(folder: string): string {
  return `All four acts ended as announced, and the servers are off. Everything that they have is still there to look at:

  ${folder}/summaries       the job summaries, as GitHub would show them
  ${folder}/web1/srv/shop   the tree on a server: current, releases, shared, .slipway
  ${folder}/shop            the application, with .github/slipway.yml and the workflow that would do this on GitHub

Deploy once more, with web3 back on; change page.mjs first, if you like:

  git -C ${folder}/shop commit --allow-empty -am 'My change'
  npm run demo -- ${folder}

Then read "Quick start" in README.md: the same with your own servers takes five steps.`;
}
