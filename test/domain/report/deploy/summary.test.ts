import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.ts';
import { renderPlan } from '../../../../src/domain/report/deploy/plan-summary.ts';
import { renderSummary } from '../../../../src/domain/report/deploy/summary.ts';
import { hostile, hostOf, outcomeOf, planOf, unhealthy } from '../samples.ts';

describe('the summary of a run', () => {
  it('says that a release is live, and where', () => {
    expect(renderSummary(outcomeOf(), 'names')).toMatchInlineSnapshot(`
      "## ✅ Deployed shop to production: \`20261121193711\`

      Release \`20261121193711\` (main, \`043a9ea\`) is live on web1 and web2. All health checks passed.

      |  |  |
      | --- | --- |
      | Release | \`20261121193711\` |
      | Previous release | \`20261120080000\` |
      | Revision | [\`043a9ea\`](https://github.com/acme/shop/commit/043a9eaa9932b830b43ccd2fd4897b326ee835ab) (main) |
      | By | octocat |
      | Run | [this run](https://github.com/acme/shop/actions/runs/42/attempts/1) |
      | Took | 12.3 s |

      ### Servers

      | Server | Roles | State | Live | Health |
      | --- | --- | --- | --- | --- |
      | web1, web2 | web | ✅ healthy | \`20261121193711\` | healthy: up |

      **Rollback possible: yes**, because release 20261120080000 was healthy and is complete on every server.

      <details><summary>Timeline</summary>

      | Phase | Took |
      | --- | --- |
      | survey | 310 ms |
      | upload | 2.1 s |

      </details>
      "
    `);
  });

  it('says that nothing was probed where the configuration asks nothing', () => {
    const summary = renderSummary(outcomeOf({ hosts: [hostOf('web1', { health: [] })] }), 'names');
    expect(paragraph(summary)).toMatchInlineSnapshot(
      `"Release \`20261121193711\` (main, \`043a9ea\`) is live on web1. Nothing was probed, because the configuration has no \`health\` for these servers; \`current\` and REVISION were read back."`,
    );
  });

  it('says that nothing was done, and how to have it done', () => {
    const hosts = ['web1', 'web2', 'web3', 'web4'].map((name) => hostOf(name, { state: 'unchanged' }));
    expect(head(renderSummary(outcomeOf({ result: 'unchanged', hosts }), 'names'))).toMatchInlineSnapshot(`
      "## ✅ Unchanged: shop on production runs \`20261121193711\` already

      Release \`20261121193711\` (main, \`043a9ea\`) is live already on all 4 servers, with the same configuration, so nothing was done. To deploy all the same, set \`force: true\`."
    `);
  });

  it('says who was left out of a deploy', () => {
    const hosts = [hostOf('web1'), hostOf('web2', { state: 'absent', live: undefined, health: [] })];
    expect(paragraph(renderSummary(outcomeOf({ hosts }), 'names'))).toMatchInlineSnapshot(
      `"Release \`20261121193711\` (main, \`043a9ea\`) is live on web1. All health checks passed. Left out, because unreachable: web2. The next run brings what was left out up to date first."`,
    );
  });

  it('says why a run was reverted, what stays, and what to do', () => {
    const health = [{ probe: 'up', verdict: 'unhealthy', required: 'required', detail: 'status 502' }] as const;
    const hosts = [
      hostOf('web1', { state: 'reverted', live: '20261120080000' }),
      hostOf('web2', { state: 'reverted', live: '20261120080000', health, failures: [unhealthy] }),
    ];
    expect(
      renderSummary(outcomeOf({ result: 'reverted', hosts, failures: [unhealthy], migrations: ['migrate'] }), 'names'),
    ).toMatchInlineSnapshot(`
      "## ↩️ Reverted: shop on production is back on \`20261120080000\`

      On web2: the probe up got status 502 until its deadline of 60 s. On every server \`current\` is what it was before; this was read back from each of them. Migrations that ran stay done: migrate.

      **What to do:** Read the answer to the health check and the log of the application on that server; fix the cause, and deploy again. The release that was reverted is kept in \`.slipway/failed/\`.

      |  |  |
      | --- | --- |
      | Reverted release | \`20261121193711\` |
      | Live again | \`20261120080000\` |
      | Revision | [\`043a9ea\`](https://github.com/acme/shop/commit/043a9eaa9932b830b43ccd2fd4897b326ee835ab) (main) |
      | By | octocat |
      | Run | [this run](https://github.com/acme/shop/actions/runs/42/attempts/1) |
      | Took | 12.3 s |

      ### Servers

      | Server | Roles | State | Live | Health | What went wrong |
      | --- | --- | --- | --- | --- | --- |
      | web2 | web | ↩️ reverted | \`20261120080000\` | unhealthy: up (status 502) | \`UNHEALTHY\` |
      | web1 | web | ↩️ reverted | \`20261120080000\` | healthy: up |  |

      ### What went wrong

      - **\`UNHEALTHY\`** on web2: the probe up got status 502 until its deadline of 60 s
        <br>What to do: Read the answer to the health check and the log of the application on that server; fix the cause, and deploy again. The release that was reverted is kept in \`.slipway/failed/\`.

      ### Migrations that ran and stay

      - migrate

      **Rollback possible: yes**, because release 20261120080000 was healthy and is complete on every server.

      <details><summary>Timeline</summary>

      | Phase | Took |
      | --- | --- |
      | survey | 310 ms |
      | upload | 2.1 s |

      </details>
      "
    `);
  });

  it('says that nothing is live after a first deploy that was reverted', () => {
    const hosts = [hostOf('web1', { state: 'reverted', live: undefined })];
    expect(
      head(
        renderSummary(outcomeOf({ result: 'reverted', hosts, previous: undefined, failures: [unhealthy] }), 'names'),
      ),
    ).toMatchInlineSnapshot(`
      "## ↩️ Reverted: shop on production is back to nothing live

      On web2: the probe up got status 502 until its deadline of 60 s. No release was live before this first deploy, and none is now; this was read back from every server."
    `);
  });

  it('says of a fleet with a new server that each server runs what it ran before', () => {
    const hosts = [
      hostOf('web1', { state: 'reverted', live: undefined }),
      hostOf('web2', { state: 'reverted', live: '20261120080000' }),
    ];
    expect(
      head(renderSummary(outcomeOf({ result: 'reverted', hosts, failures: [unhealthy] }), 'names')),
    ).toMatchInlineSnapshot(`
      "## ↩️ Reverted: shop on production is back on what each server ran before

      On web2: the probe up got status 502 until its deadline of 60 s. On every server \`current\` is what it was before; this was read back from each of them."
    `);
  });

  it('says that a run which failed early has changed nothing', () => {
    const hosts = [
      hostOf('web1', { state: 'untouched', live: '20261120080000' }),
      hostOf('web2', { state: 'untouched', live: '20261120080000' }),
    ];
    const problems = ['web1', 'web2'].map(
      (server) => new Failure('LINKED_FILE_MISSING', '.env is not in shared/', { server }),
    );
    const failure = new Failure('PREFLIGHT', '2 problems were found before anything was changed', { problems });
    expect(renderSummary(outcomeOf({ result: 'failed', hosts, failures: [failure] }), 'names')).toMatchInlineSnapshot(`
      "## ❌ Failed: shop on production

      On web1 and web2: .env is not in shared/. Nothing has changed for users: no server was switched.

      **What to do:** Put the named files into \`shared/\` on the server; an empty one is never made.

      |  |  |
      | --- | --- |
      | Release that was tried | \`20261121193711\` |
      | Live before the run | \`20261120080000\` |
      | Revision | [\`043a9ea\`](https://github.com/acme/shop/commit/043a9eaa9932b830b43ccd2fd4897b326ee835ab) (main) |
      | By | octocat |
      | Run | [this run](https://github.com/acme/shop/actions/runs/42/attempts/1) |
      | Took | 12.3 s |

      ### Servers

      | Server | Roles | State | Live | Health |
      | --- | --- | --- | --- | --- |
      | web1, web2 | web | untouched | \`20261120080000\` | healthy: up |

      ### What went wrong

      - **\`LINKED_FILE_MISSING\`** on web1 and web2: .env is not in shared/
        <br>What to do: Put the named files into \`shared/\` on the server; an empty one is never made.

      **Rollback possible: yes**, because release 20261120080000 was healthy and is complete on every server.

      <details><summary>Timeline</summary>

      | Phase | Took |
      | --- | --- |
      | survey | 310 ms |
      | upload | 2.1 s |

      </details>
      "
    `);
  });

  it('says what was reconciled before a run that failed early', () => {
    const hosts = [hostOf('web1', { state: 'untouched' }), hostOf('web2', { state: 'untouched' })];
    expect(
      head(renderSummary(outcomeOf({ result: 'failed', hosts, reconciled: ['web2'], failures: [unhealthy] }), 'names')),
    ).toMatchInlineSnapshot(`
      "## ❌ Failed: shop on production

      On web2: the probe up got status 502 until its deadline of 60 s. No server was switched to the new release. Servers that an earlier run had left out of sync were reconciled first: web2."
    `);
  });

  it('says of each server how it stands when a run fails in the middle', () => {
    const lost = new Failure('CONNECTION_LOST', 'the connection was lost during the switch', { server: 'web1' });
    const hosts = [
      hostOf('web1', { state: 'in doubt', live: undefined, health: [], failures: [lost] }),
      hostOf('web5', { state: 'in doubt', liveness: 'known', health: [] }),
      hostOf('web2', { state: 'live' }),
      hostOf('web3', { state: 'reverted', live: '20261120080000' }),
      hostOf('web4', { state: 'untouched', live: '20261120080000', health: [] }),
    ];
    expect(renderSummary(outcomeOf({ result: 'failed', hosts, failures: [lost] }), 'names')).toMatchInlineSnapshot(`
      "## ❌ Failed: shop on production

      On web1: the connection was lost during the switch. What runs on web1 is not known: it could not be read back. Not fully reverted: web5. The new release is live on web2, but its health is not known. Reverted to what ran before: web3. Never switched: web4.

      **What to do:** It is not known whether the last step ended. Check the server, then run again: the next run reads the state that it finds there.

      |  |  |
      | --- | --- |
      | Release that was tried | \`20261121193711\` |
      | Live before the run | \`20261120080000\` |
      | Revision | [\`043a9ea\`](https://github.com/acme/shop/commit/043a9eaa9932b830b43ccd2fd4897b326ee835ab) (main) |
      | By | octocat |
      | Run | [this run](https://github.com/acme/shop/actions/runs/42/attempts/1) |
      | Took | 12.3 s |

      ### Servers

      | Server | Roles | State | Live | Health | What went wrong |
      | --- | --- | --- | --- | --- | --- |
      | web1 | web | ❌ in doubt | not known | – | \`CONNECTION_LOST\` |
      | web5 | web | ❌ in doubt | \`20261121193711\` | – |  |
      | web2 | web | ⚠️ live, health unknown | \`20261121193711\` | healthy: up |  |
      | web3 | web | ↩️ reverted | \`20261120080000\` | healthy: up |  |
      | web4 | web | untouched | \`20261120080000\` | – |  |

      ### What went wrong

      - **\`CONNECTION_LOST\`** on web1: the connection was lost during the switch
        <br>What to do: It is not known whether the last step ended. Check the server, then run again: the next run reads the state that it finds there.

      **Rollback possible: yes**, because release 20261120080000 was healthy and is complete on every server.

      <details><summary>Timeline</summary>

      | Phase | Took |
      | --- | --- |
      | survey | 310 ms |
      | upload | 2.1 s |

      </details>
      "
    `);
  });

  it('calls servers by number where their names are nobody’s business, in every text', () => {
    const failure = new Failure('UNREACHABLE', 'web1.example.com:2222 does not answer, nor does (web1.example.com)', {
      server: 'web1.example.com:2222',
    });
    const hosts = [
      hostOf('web1.example.com:2222', { state: 'untouched', failures: [failure] }),
      hostOf('web10.example.com', { state: 'untouched' }),
    ];
    const summary = renderSummary(
      outcomeOf({ result: 'failed', hosts, failures: [failure], warnings: ['web10.example.com is slow'] }),
      'numbers',
    );
    expect(summary).not.toContain('example.com');
    expect(paragraph(summary)).toMatchInlineSnapshot(
      `"On server 1: server 1 does not answer, nor does &#40;server 1&#41;. Nothing has changed for users: no server was switched."`,
    );
    expect(summary).toContain('- server 2 is slow');
  });

  it('does not call what was live all along the release before it', () => {
    const { release } = outcomeOf();
    expect(renderSummary(outcomeOf({ result: 'unchanged', previous: release }), 'names')).not.toContain(
      'Previous release',
    );
  });

  it('says what to do once for consecutive failures with the same remedy', () => {
    const failures = ['web1', 'web2'].map((server) => new Failure('UNREACHABLE', `${server} is silent`, { server }));
    const [, after = ''] = renderSummary(outcomeOf({ result: 'failed', failures }), 'names').split(
      '### What went wrong\n',
    );
    expect(after.split('\n').slice(1, 5).join('\n')).toMatchInlineSnapshot(`
      "- **\`UNREACHABLE\`** on web1: web1 is silent
      - **\`UNREACHABLE\`** on web2: web2 is silent
        <br>What to do: Check the name, the port, the firewall and that sshd runs.
      "
    `);
  });

  it('shows equal servers in one row and stays below 1 MiB, whatever the servers say', () => {
    const well = Array.from({ length: 300 }, (_, index) => hostOf(`web${index}`));
    const ill = Array.from({ length: 300 }, (_, index) => {
      const failures = Array.from(
        { length: 20 },
        (_, number) => new Failure('STEP_FAILED', `${index} ${number} ${'<&|'.repeat(500)}`, { server: `job${index}` }),
      );
      return hostOf(`job${index}`, { state: 'in doubt', failures });
    });
    const summary = renderSummary(outcomeOf({ hosts: well }), 'names');
    expect(rows(summary, 'Servers')).toEqual([expect.stringMatching(/^\| web0, web1, .*web11 and 288 more \|/)]);
    const many = ill.map((_, index) => `${index} ${'\u{1F6A2}'.repeat(2000)}`);
    const phases = many.map((name) => ({ name, milliseconds: 1 }));
    const change = {
      hosts: [...well, ...ill],
      warnings: many,
      migrations: many,
      phases,
      application: '<'.repeat(5000),
      stage: '<'.repeat(5000),
    };
    const huge = renderSummary(outcomeOf({ result: 'failed', ...change }), 'names');
    expect(new TextEncoder().encode(huge).length).toBeLessThan(1_000_000);
    expect(rows(huge, 'Servers')[0]).toMatch(/^\| job0, job1, /);
    expect(huge).toMatch(/… and \d+ more that did not fit/);
  });

  it.each(hostile)('shows %j as it is written, as no markup, link or mention', (words) => {
    const failure = new Failure('HOOK_FAILED', words, { server: words, hint: words });
    const health = [{ probe: words, verdict: 'unhealthy', required: 'informs', detail: words }] as const;
    const outcome = outcomeOf({
      result: 'failed',
      application: words,
      stage: words,
      release: words,
      previous: words,
      revision: words,
      refName: words,
      actor: words,
      runUrl: words,
      hosts: [hostOf(words, { roles: [words], live: words, failures: [failure], health })],
      failures: [failure],
      warnings: [words],
      migrations: [words],
      rollback: { possible: 'no', because: words },
      phases: [{ name: words, milliseconds: 1 }],
    });
    const view = planOf({
      application: words,
      stage: words,
      revision: words,
      refName: words,
      hosts: [
        { server: words, roles: [words], batch: 1, from: words, fromRevision: words, lockedBy: words, notes: [words] },
      ],
      steps: [words],
      problems: [failure],
      warnings: [words],
      rollback: { possible: 'no', because: words },
    });
    for (const naming of ['names', 'numbers'] as const) {
      for (const text of [renderSummary(outcome, naming), renderPlan(view, naming)]) {
        const tame = text.replaceAll('<br>', '').replace(/<\/?(details|summary)>/g, '');
        expect(tame).not.toMatch(/[<>]|@\w|\]\(|https?:\/\/|\u001b|\u202e/);
        expect(tame.match(/^## /gm)).toHaveLength(1);
        for (const line of text.split('\n').filter((line) => line.startsWith('|')))
          expect([4, 8]).toContain(line.split('|').length);
      }
    }
  });
});

describe('the summary of a plan', () => {
  it('says what a deploy would do', () => {
    expect(renderPlan(planOf(), 'names')).toMatchInlineSnapshot(`
      "## 🔎 Plan: what a deploy of shop on production would do

      It would deploy \`043a9ea\` (main) to web1 and web2 in 2 batches. Nothing was changed on any server.

      |  |  |
      | --- | --- |
      | Revision | \`043a9ea\` (main) |

      ### Servers

      | Server | Roles | Batch | Runs now | Lock | Notes |
      | --- | --- | --- | --- | --- | --- |
      | web1 | web | 1 | \`20261120080000\` (\`143a9ea\`) | free |  |
      | web2 | web | 2 | \`20261120080000\` (\`143a9ea\`) | free |  |

      ### Steps

      1. upload 312 files &#40;4.1 MB&#41;
      2. updated: bundle
      3. switch
      4. published: restart

      **Rollback possible: yes**, because release 20261120080000 is complete on every server.
      "
    `);
  });

  it('says why a deploy would be refused', () => {
    const problems = [
      new Failure('LOCK_HELD', 'the lock is held by run 41 of acme/shop (octocat, deploy)', { server: 'web1' }),
      new Failure('DISK_FULL', '12 MB are free, 500 MB are wanted', { server: 'web2' }),
    ];
    expect(head(renderPlan(planOf({ problems }), 'names'))).toMatchInlineSnapshot(`
      "## 🔎 Plan: a deploy of shop on production would be refused

      On web1: the lock is held by run 41 of acme/shop &#40;octocat, deploy&#41;. 1 more problem below. Nothing was changed on any server."
    `);
  });

  it('counts a problem that several servers share once', () => {
    const problems = ['web1', 'web2'].map(
      (server) => new Failure('POLICY_DOWNGRADE', 'it is older than what is live', { server }),
    );
    expect(head(renderPlan(planOf({ kind: 'check', problems }), 'names'))).toMatchInlineSnapshot(`
      "## 🔎 Check: 1 problem found for shop on production

      On web1 and web2: it is older than what is live. Nothing was changed on any server."
    `);
  });

  it('says that a stage is ready, or what prevents a deploy', () => {
    expect(head(renderPlan(planOf({ kind: 'check' }), 'names'))).toMatchInlineSnapshot(`
      "## 🔎 Check: shop on production is ready

      Both servers could be reached and are ready for a deploy. Nothing was changed on any server."
    `);
    const problems = [new Failure('TOOL_MISSING', 'tar is not there', { server: 'web2' })];
    expect(head(renderPlan(planOf({ kind: 'check', problems }), 'numbers'))).toMatchInlineSnapshot(`
      "## 🔎 Check: 1 problem found for shop on production

      On server 2: tar is not there. Nothing was changed on any server."
    `);
  });
});

function head(summary: string): string {
  return summary.split('\n').slice(0, 3).join('\n');
}

function paragraph(summary: string): string {
  return summary.split('\n')[2] ?? '';
}

function rows(summary: string, title: string): string[] {
  const [, after = ''] = summary.split(`### ${title}\n`);
  const [part = ''] = after.split(/\n### |<details>/);
  return part
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
}
