import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import { openWorkspace } from '../../adapters/runner/workspace.ts';
import { parseKnownHosts } from '../../domain/ssh/known-hosts.ts';
import { type Context, newObservations } from '../../flows/context.ts';
import type { Choice } from './configuration.ts';
import type { CommonInputs, ServerInputs } from './inputs.ts';
import { openPorts } from './ports.ts';
import { saveProgress } from './progress.ts';
import { assertTrigger, type EnvironmentUse, environmentsOf, proveJob } from './proof.ts';

/** The context of a flow on one stage. Disposing it closes bastions and stops the heartbeat. */
export interface OpenContext extends AsyncDisposable {
  readonly context: Context;
}

/**
 * What the job must prove: that it runs in the environment of the stage for this use. `nothing`: it changes nothing, or
 * continues
 * what an earlier step has proved.
 */
export type Proof = EnvironmentUse | 'nothing';

/**
 * Reads what is trusted, proves that this job may act on the stage, and opens the ports. No server is touched yet.
 * What stands on a large package – the schema, SSH, tokens – is loaded when it is needed: a post step with nothing to
 * do starts faster.
 * @throws Failure of configuration, trigger, identity or key
 */
export async function openContext(
  runner: ActionsRunner,
  inputs: CommonInputs & ServerInputs & Choice,
  { proof, signal }: { readonly proof: Proof; readonly signal: AbortSignal },
): Promise<OpenContext> {
  const { job } = runner;
  const { readTrusted } = await import('./configuration.ts');
  const trusted = await readTrusted(openWorkspace(job.workspace), inputs);
  const { settings } = trusted;
  const knownHosts = parseKnownHosts(trusted.knownHosts);
  assertTrigger(job, settings);
  runner.followProxy();
  const claims = proof === 'nothing' ? undefined : await proveJob(runner, environmentsOf(settings)[proof]);
  const checkRun = claims?.checkRun;
  const { ports, [Symbol.asyncDispose]: dispose } = await openPorts(runner, inputs, { settings, knownHosts, checkRun });
  const save: Context['save'] = (progress) => saveProgress(runner, progress);
  return {
    context: { settings, job, checkRun, ports, signal, save, observed: newObservations() },
    [Symbol.asyncDispose]: dispose,
  };
}
