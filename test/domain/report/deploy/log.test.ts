import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/domain/failure.ts';
import { outcomeLines, planLines } from '../../../../src/domain/report/deploy/log.ts';
import { hostile, hostOf, outcomeOf, planOf, unhealthy } from '../samples.ts';

describe('the last lines of the log', () => {
  it('say what to do once for a row of failures that are mended alike', () => {
    const failures = [
      ...['web1', 'web2'].map((server) => new Failure('UNREACHABLE', `${server} is silent`, { server })),
      new Failure('DISK_FULL', '12 MB are free', { server: 'web3' }),
    ];
    expect(
      outcomeLines(outcomeOf({ result: 'failed', failures }))
        .slice(0, 5)
        .join('\n'),
    ).toMatchInlineSnapshot(`
      "UNREACHABLE on web1: web1 is silent
      UNREACHABLE on web2: web2 is silent
        what to do: Check the name, the port, the firewall and that sshd runs.
      DISK_FULL on web3: 12 MB are free
        what to do: Free space or inodes on the file system of \`deploy_to\`, then deploy again."
    `);
  });

  it('end with what went wrong and the verdict', () => {
    const hosts = [
      hostOf('web1', { state: 'reverted', live: '20261120080000' }),
      hostOf('web2', { state: 'reverted', live: '20261120080000', failures: [unhealthy] }),
    ];
    const outcome = outcomeOf({
      result: 'reverted',
      hosts,
      failures: [unhealthy],
      warnings: ['web1 has little room left'],
    });
    expect(outcomeLines(outcome).join('\n')).toMatchInlineSnapshot(`
      "UNHEALTHY on web2: the probe up got status 502 until its deadline of 60 s
        what to do: Read the answer to the health check and the log of the application on that server; fix the cause, and deploy again. The release that was reverted is kept in \`.slipway/failed/\`.
      warning: web1 has little room left
      ↩️ Reverted: shop on production is back on 20261120080000
         On web2: the probe up got status 502 until its deadline of 60 s.
         On every server \`current\` is what it was before; this was read back from each of them.
         Rollback possible: yes, because release 20261120080000 was healthy and is complete on every server."
    `);
  });

  it('end with the steps of a plan', () => {
    expect(planLines(planOf()).join('\n')).toMatchInlineSnapshot(`
      "web1  batch 1, runs 20261120080000
      web2  batch 2, runs 20261120080000
      1. upload 312 files (4.1 MB)
      2. updated: bundle
      3. switch
      4. published: restart
      🔎 Plan: what a deploy of shop on production would do
         It would deploy 043a9ea (main) to web1 and web2 in 2 batches.
         Nothing was changed on any server.
         Rollback possible: yes, because release 20261120080000 is complete on every server."
    `);
  });

  it.each(hostile)('make no workflow command and no line of %j', (words) => {
    const failure = new Failure('HOOK_FAILED', words, {
      server: words,
      hint: words,
      problems: [new Failure('BUG', words, { server: words })],
    });
    const lines = [
      ...outcomeLines(
        outcomeOf({
          hosts: [hostOf(words, { failures: [failure] })],
          refName: words,
          warnings: [words],
          migrations: [words],
        }),
      ),
      ...planLines(planOf({ refName: words, problems: [failure], steps: [words] })),
    ];
    for (const line of lines) expect(line).not.toMatch(/^\s*::|##\[|[\n\r\u001b\u202e]/);
  });
});
