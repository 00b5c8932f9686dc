// Starts the built action in a job of its own, as the runner does, and shows the log as a browser would.
import { userInfo } from 'node:os';
import type { JobResult } from '../../test/rig/job.ts';
import { runJob } from '../../test/rig/job.ts';
import type { Fleet } from './fleet.ts';

/** Deploys what is committed. `cancel` does what a click on *Cancel workflow* does. */
export async function runDeploy(fleet: Fleet, cancel: AbortSignal): Promise<JobResult> {
  const person = userInfo().username;
  const number = String(fleet.jobs() + 1);
  const job = await runJob({
    action: 'deploy',
    workspace: fleet.project.path,
    with: { stage: 'production', 'ssh-private-key': fleet.privateKey },
    secrets: fleet.privateKey.split('\n').filter((line) => line !== ''),
    env: {
      GITHUB_SHA: fleet.project.head,
      GITHUB_RUN_ID: `9000${number}`,
      GITHUB_RUN_NUMBER: number,
      GITHUB_ACTOR: person,
      GITHUB_TRIGGERING_ACTOR: person,
    },
    cancel: { when: cancel },
    watch: (_, line) => show(line),
  });
  if (job.post !== undefined && job.post.log !== '')
    for (const line of ['', 'post step', ...job.post.log.split('\n')]) show(line);
  return job;
}

/** Commands to the runner become what a person sees of them. */
function show(line: string | undefined): void {
  if (line === undefined || line === '::endgroup::') return;
  const [, annotation, title, text] = /^::(error|warning|notice) title=([^:]*)::(.*)$/.exec(line) ?? [];
  const shown = annotation === undefined ? line.replace(/^::group::/, '▾ ') : `${annotation} ${title}: ${text}`;
  console.log(shown === '' ? '  │' : `  │ ${shown}`);
}
