// Plays an act, shows it, and compares its end with what was announced.
import type { JobResult } from '../../test/rig/job.ts';
import type { Act, Ending } from './acts.ts';
import type { Fleet } from './fleet.ts';
import { runDeploy } from './job.ts';
import type { Machine } from './machine.ts';

/** The differences between how an act ended and how it had to; none: as announced. */
export async function playAct(fleet: Fleet, act: Act, title: string, cancel: AbortSignal): Promise<readonly string[]> {
  showHeading(title, act.before);
  fleet.project.commit(act.message, act.page);
  for (const machine of fleet.machines.filter(({ name }) => act.off.includes(name))) await machine.turnOff();
  const before = fleet.machines.map((machine) => machine.stands('revision'));
  const job = await runDeploy(fleet, cancel);
  await showEnd(fleet, act.title, job);
  const wanted = act.ends.live === 'the new one' ? fleet.machines.map(() => fleet.project.head) : before;
  return differences(act.ends, job, fleet.machines, wanted);
}

/** Shows what a job has left: what is live on each machine, and where its summary is. */
export async function showEnd(fleet: Fleet, name: string, job: JobResult): Promise<void> {
  console.log('\n  What `current` says now:\n');
  for (const machine of fleet.machines) console.log(`    ${machine.name}  ${await standing(machine, fleet)}`);
  const { result = 'no result' } = job.outputs;
  console.log(
    `\n  The job: ${job.exitCode === 0 ? 'green' : 'red'}, ${result}, after ${(job.milliseconds / 1000).toFixed(1)} s`,
  );
  console.log(`  Its summary: ${fleet.keep(name, job.summary)}`);
}

export function showHeading(title: string, body: string): void {
  const lines = body.split('\n').map((line) => (line === '' ? '' : `  ${line}`));
  console.log(`\n${'═'.repeat(100)}\n  ${title}\n\n${lines.join('\n')}\n${'─'.repeat(100)}`);
}

async function standing(machine: Machine, { project }: Fleet): Promise<string> {
  const { release, revision, answer } = await machine.look();
  if (release === undefined || revision === undefined) return 'nothing is live';
  const page = machine.isOn ? `the shop says: ${answer ?? 'nothing'}` : 'the server is off';
  return `${release}  ${revision.slice(0, 7)}  ${project.subject(revision)}  (${page})`;
}

function differences(
  ends: Ending,
  job: JobResult,
  machines: readonly Machine[],
  wanted: readonly (string | undefined)[],
): readonly string[] {
  const { result } = job.outputs;
  return [
    ...(job.exitCode === ends.exitCode ? [] : [`exit status ${job.exitCode}, not ${ends.exitCode}`]),
    ...(result === ends.result ? [] : [`result ${result}, not ${ends.result}`]),
    ...machines
      .filter((machine, index) => machine.stands('revision') !== wanted[index])
      .map(({ name }) => `${name} does not run ${ends.live}`),
  ];
}
