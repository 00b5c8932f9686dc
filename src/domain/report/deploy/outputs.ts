import { type Failure, leafFailures } from '../../failure.ts';
import type { HostOutcome, Outcome, PlanView } from '../../fleet/outcome.ts';
import { isTroubled } from '../findings.ts';

/** The outputs of a deploy, named as in its `action.yml`; an empty text for what does not exist. */
export function deployOutputs(outcome: Outcome) {
  return {
    release: outcome.release ?? '',
    'previous-release': outcome.previous ?? '',
    result: outcome.result,
    hosts: JSON.stringify(Object.fromEntries(outcome.hosts.map((host) => [host.server, describe(host)]))),
    'failed-hosts': troubled(outcome).join(','),
    'duration-ms': String(Math.round(outcome.milliseconds)),
  } as const;
}

/** Servers that need attention, among them those without a tree, which `hosts` does not list. */
function troubled({ hosts, failures }: Outcome): string[] {
  const known = new Set(hosts.map(({ server }) => server));
  const others = failures
    .flatMap(leafFailures)
    .flatMap(({ server }) => (server === undefined || known.has(server) ? [] : [server]));
  return [...new Set([...hosts.filter(isTroubled).map(({ server }) => server), ...others])];
}

/** The output `plan`: one JSON object. */
export function planOutput(view: PlanView): string {
  const { kind, application, stage, revision, refName, hosts, steps, unchanged, problems, warnings, rollback } = view;
  return JSON.stringify({
    kind,
    application,
    stage,
    revision,
    ref_name: refName,
    hosts: Object.fromEntries(
      hosts.map((host) => [
        host.server,
        {
          roles: host.roles,
          batch: host.batch ?? null,
          from: host.from ?? null,
          from_revision: host.fromRevision ?? null,
          locked_by: host.lockedBy ?? null,
          notes: host.notes,
        },
      ]),
    ),
    steps,
    unchanged: unchanged !== undefined,
    problems: problems.map(describeFailure),
    warnings,
    rollback: { possible: rollback.possible === 'yes', because: rollback.because },
  });
}

/** `{"state":"in_doubt","live":null,…}`: what is not known is null. */
function describe(host: HostOutcome) {
  return {
    state: host.state.replace(' ', '_'),
    live: host.live ?? null,
    revision: host.revision ?? null,
    in_doubt: host.state === 'in doubt',
    roles: host.roles,
    health: host.health.map(({ probe, verdict, required }) => ({ probe, verdict, required: required === 'required' })),
    failures: host.failures.map(describeFailure),
  };
}

function describeFailure(failure: Failure): {
  code: string;
  sentence: string;
  hint: string;
  server: string | null;
  problems: unknown[];
} {
  return {
    code: failure.code,
    sentence: failure.message.slice(0, 1000),
    hint: failure.hint,
    server: failure.server ?? null,
    problems: failure.problems.map(describeFailure),
  };
}
