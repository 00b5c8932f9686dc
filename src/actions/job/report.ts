import type { Settings } from '../../domain/config/settings.ts';
import type { Failure } from '../../domain/failure.ts';
import type { Finding } from '../../domain/report/findings.ts';
import { findingsOf } from '../../domain/report/findings.ts';
import { annotations, failureBlock } from '../../domain/report/log.ts';
import { renderRefusal } from '../../domain/report/refusal.ts';
import { plain } from '../../domain/text/escape.ts';
import type { Addresses, ServerNaming } from '../../domain/text/server-names.ts';
import type { Job, Runner } from '../../ports/runner.ts';
import type { Runs } from '../../ports/runs.ts';

export function printLines(runner: Runner, lines: readonly string[]): void {
  for (const line of lines) runner.line(line);
}

export function printFailures(runner: Runner, failures: readonly Failure[]): void {
  printLines(runner, failures.flatMap(failureBlock));
}

/** One error at the top of the run's page for each of `found`. */
export function annotateFindings(runner: Runner, found: readonly Finding[]): void {
  for (const { title, text } of annotations(found)) runner.annotate('error', text, title);
}

export function annotateFailures(runner: Runner, failures: readonly Failure[]): void {
  annotateFindings(runner, findingsOf(failures));
}

/**
 * Sets every one of `outputs`. With `write` for the outputs of an action, a name that its action.yml lacks does not
 * compile.
 */
export function writeOutputs<Name extends string>(
  outputs: Readonly<Record<Name, string>>,
  write: (name: NoInfer<Name>, value: string) => void,
): void {
  for (const [name, value] of Object.entries(outputs) as [Name, string][]) write(name, value);
}

/**
 * Reports the failure of a run that has nothing else to report: the configuration, an input, the key. `title`: what it
 * came to.
 */
export async function reportRefusal(runner: Runner, failure: Failure, title: string): Promise<void> {
  printFailures(runner, [failure]);
  annotateFailures(runner, [failure]);
  await runner.summarize(renderRefusal(title, failure, usualNaming(runner.job)));
  runner.fail();
}

/** Puts a status on the deployment that GitHub made for this job. Whatever GitHub says, the run is what it is. */
export async function reportStatus(
  runner: Runner,
  runs: Runs,
  status: Parameters<Runs['deploymentStatus']>[0],
): Promise<void> {
  const written = await runs.deploymentStatus(status);
  if (typeof written === 'object')
    runner.annotate(
      'warning',
      `The status of the deployment could not be written: ${plain(written.refused)}`,
      'deployment status',
    );
}

/** How the summary calls servers. */
export function namingOf(settings: Settings, job: Job): ServerNaming {
  return settings.summaryServers ?? usualNaming(job);
}

export function addressesOf({ servers, ssh }: Settings): Addresses {
  return { servers, jumps: ssh.jumps };
}

function usualNaming(job: Job): ServerNaming {
  return job.repositoryVisibility === 'public' ? 'numbers' : 'names';
}
