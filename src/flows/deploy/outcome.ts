import { conclude, type Evidence } from '../../domain/fleet/conclusion.ts';
import type { Outcome, Phase } from '../../domain/fleet/outcome.ts';
import { rollbackReadiness } from '../../domain/release/readiness.ts';
import { liveRelease, type TreeFacts } from '../../domain/tree/facts.ts';
import type { Observations } from '../context.ts';
import type { DeployState } from './state.ts';

/** Everything that is reported of a deploy, from what was read back. */
export function outcomeOf(state: DeployState): Outcome {
  const { context, request, run, conclusion } = state;
  const { settings, job, observed, ports } = context;
  const { result, hosts } = conclude(evidenceOf(state));
  const end = ports.clock.now().getTime();
  const facts = run?.facts ?? state.facts;
  return {
    result,
    application: settings.application,
    stage: settings.stage,
    release: conclusion === 'unchanged' ? liveEverywhere(facts) : run?.release,
    previous: [...(run?.previous.values() ?? [])].find((release) => release !== undefined),
    revision: state.revision,
    refName: request.refName,
    actor: job.actor,
    runUrl: `${job.serverUrl}/${job.repository}/actions/runs/${job.runId}`,
    hosts,
    failures: observed.failures,
    warnings: observed.warnings,
    reconciled: [...observed.reconciled],
    migrations: [...observed.migrations],
    rollback: rollbackOf(state, facts, hosts),
    phases: phasesOf(observed, end),
    milliseconds: end - state.began,
  };
}

function evidenceOf({ context, absent, run, conclusion }: DeployState): Evidence {
  const { settings, observed } = context;
  const release = conclusion === 'unchanged' ? undefined : run?.release;
  return {
    ...observed,
    servers: settings.servers,
    absent,
    release: release ?? (observed.failures.length > 0 ? '' : undefined),
    verified: conclusion === 'verified' ? 'verified' : 'unverified',
    previous: run?.previous ?? new Map(),
  };
}

function rollbackOf({ run }: DeployState, facts: DeployState['facts'], hosts: Outcome['hosts']): Outcome['rollback'] {
  const released = hosts.some(({ state }) => state === 'healthy' || state === 'live') ? run?.release : undefined;
  const servers = hosts.filter(({ state }) => state !== 'absent').map(({ server }) => server);
  return rollbackReadiness(facts, released, servers);
}

function phasesOf({ phases }: Observations, end: number): Phase[] {
  return phases.map(({ name, at }, index) => ({ name, milliseconds: (phases[index + 1]?.at ?? end) - at }));
}

function liveEverywhere(facts: ReadonlyMap<string, TreeFacts>): string | undefined {
  const live = new Set([...facts.values()].map(({ current }) => liveRelease(current)));
  return live.size === 1 ? [...live][0] : undefined;
}
