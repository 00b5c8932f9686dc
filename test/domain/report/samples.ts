import { Failure } from '../../../src/domain/failure.ts';
import type { HostOutcome, Outcome, PlanView } from '../../../src/domain/fleet/outcome.ts';

/** Outcomes and plans to report on. */

export const revision = '043a9eaa9932b830b43ccd2fd4897b326ee835ab';

export function hostOf(server: string, change: Partial<HostOutcome> = {}): HostOutcome {
  return {
    server,
    roles: ['web'],
    state: 'healthy',
    live: '20261121193711',
    liveness: change.state === 'in doubt' || change.state === 'absent' ? 'not known' : 'known',
    revision,
    failures: [],
    health: [{ probe: 'up', verdict: 'healthy', required: 'required', detail: 'status 200' }],
    ...change,
  };
}

export function outcomeOf(change: Partial<Outcome> = {}): Outcome {
  return {
    result: 'deployed',
    application: 'shop',
    stage: 'production',
    release: '20261121193711',
    previous: '20261120080000',
    revision,
    refName: 'main',
    actor: 'octocat',
    runUrl: 'https://github.com/acme/shop/actions/runs/42/attempts/1',
    hosts: [hostOf('web1'), hostOf('web2')],
    failures: [],
    warnings: [],
    reconciled: [],
    migrations: [],
    rollback: { possible: 'yes', because: 'release 20261120080000 was healthy and is complete on every server.' },
    phases: [
      { name: 'survey', milliseconds: 310 },
      { name: 'upload', milliseconds: 2100 },
    ],
    milliseconds: 12_340,
    ...change,
  };
}

export function planOf(change: Partial<PlanView> = {}): PlanView {
  const host = {
    roles: ['web'],
    from: '20261120080000',
    fromRevision: revision.replace('0', '1'),
    lockedBy: undefined,
    notes: [],
  };
  return {
    kind: 'plan',
    application: 'shop',
    stage: 'production',
    revision,
    refName: 'main',
    hosts: [
      { ...host, server: 'web1', batch: 1 },
      { ...host, server: 'web2', batch: 2 },
    ],
    steps: ['upload 312 files (4.1 MB)', 'updated: bundle', 'switch', 'published: restart'],
    unchanged: undefined,
    problems: [],
    warnings: [],
    rollback: { possible: 'yes', because: 'release 20261120080000 is complete on every server.' },
    ...change,
  };
}

export const unhealthy = new Failure('UNHEALTHY', 'the probe up got status 502 until its deadline of 60 s', {
  server: 'web2',
});

/** Words that somebody may put into a branch, a server's answer or a hook's name. */
export const hostile = [
  '<img src=x onerror=alert(1)>',
  'a | b | c',
  '`rm -rf /` ```',
  '@octo-org/admins please',
  'one\ntwo\r\n## three',
  '::set-output name=result::deployed',
  '##[error]gone',
  '[link](https://evil.example) ![pixel](https://evil.example/p.png)',
  '\u001b[31mred\u001b[0m \u202Eltr',
  '</details><!-- ',
] as const;
