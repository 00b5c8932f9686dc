import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { findings, findingsOf } from '../../../src/domain/report/findings.ts';
import {
  annotations,
  failureBlock,
  heartbeatLines,
  outputGroup,
  serverColumn,
  stepLine,
} from '../../../src/domain/report/log.ts';
import { hostile, hostOf, outcomeOf } from './samples.ts';

describe('the lines of the log', () => {
  it('stand in columns, one for each step and server', () => {
    const column = serverColumn(['web1', 'worker12']);
    const lines = [
      stepLine(column('web1'), 'upload', 'begun'),
      stepLine(column('worker12'), 'upload', 'done', 2140),
      stepLine(column('web1'), 'bundle', 'failed', 130_400),
      stepLine(column('web1'), 'restart web', 'skipped'),
    ];
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "web1      begun   upload
      worker12  done    upload (2.1 s)
      web1      failed  bundle (2m10s)
      web1      skipped restart web"
    `);
  });

  it('name who is silent, one line a step', () => {
    const waiting = [
      { server: 'web2', step: 'bundle', milliseconds: 130_000 },
      { server: 'web3', step: 'bundle', milliseconds: 61_000 },
      { server: 'db1', step: 'migrate', milliseconds: 3_725_000 },
    ];
    expect(heartbeatLines(waiting).join('\n')).toMatchInlineSnapshot(`
      "still running on web2, web3: bundle (2m10s)
      still running on db1: migrate (1h02m)"
    `);
  });

  it('name ten silent servers and count the others', () => {
    const waiting = Array.from({ length: 50 }, (_, index) => ({
      server: `web${index + 1}`,
      step: 'bundle',
      milliseconds: 45_000,
    }));
    expect(heartbeatLines(waiting)).toEqual([
      'still running on web1, web2, web3, web4, web5, web6, web7, web8, web9, web10 and 40 more: bundle (45.0 s)',
    ]);
  });

  it('show a failure with its remedy, and what it consists of below it', () => {
    const problems = [
      new Failure('LINKED_FILE_MISSING', '.env is not in shared/', { server: 'web1' }),
      new Failure('LINKED_FILE_MISSING', '.env is not in shared/', { server: 'web2' }),
      new Failure('TOOL_MISSING', 'tar and gzip are not there', { server: 'web2' }),
    ];
    expect(
      failureBlock(new Failure('PREFLIGHT', '3 problems were found', { problems })).join('\n'),
    ).toMatchInlineSnapshot(`
      "PREFLIGHT: 3 problems were found
        LINKED_FILE_MISSING on web1 and web2: .env is not in shared/
          what to do: Put the named files into \`shared/\` on the server; an empty one is never made.
        TOOL_MISSING on web2: tar and gzip are not there
          what to do: Install the named programs on the server; BusyBox has all of them.
        what to do: Fix all of the named problems; nothing was changed on any server."
    `);
  });

  it('annotate each cause once, and at most ten', () => {
    const hosts = ['web1', 'web2'].map((server) =>
      hostOf(server, { failures: [new Failure('DISK_FULL', '12 MB are free', { server, hint: 'Free some.' })] }),
    );
    expect(annotations(findings(outcomeOf({ result: 'failed', hosts })))).toEqual([
      { title: 'DISK_FULL on web1 and web2', text: '12 MB are free. Free some.' },
    ]);
    const problems = ['web1', 'web2'].map(
      (server) => new Failure('TOOL_MISSING', 'tar is not there', { server, hint: '' }),
    );
    expect(annotations(findingsOf(problems))).toEqual([
      { title: 'TOOL_MISSING on web1 and web2', text: 'tar is not there.' },
    ]);
    const failures = Array.from({ length: 30 }, (_, index) => new Failure('BUG', `${index}`));
    expect(annotations(findings(outcomeOf({ result: 'failed', failures })))).toHaveLength(10);
  });

  it('give what a step printed the name of its server', () => {
    expect(outputGroup('web2', 'bundle', ['Fetching rack', '\u001b[31mGone\u001b[0m'])).toEqual({
      title: 'web2: what bundle printed',
      lines: ['web2 | Fetching rack', 'web2 | Gone'],
    });
  });

  it.each(hostile)('make no workflow command and no line of %j', (words) => {
    const failure = new Failure('HOOK_FAILED', words, {
      server: words,
      hint: words,
      problems: [new Failure('BUG', words, { server: words })],
    });
    const group = outputGroup(words, words, [words]);
    const lines = [
      stepLine(serverColumn([words])(words), words, 'done', 1),
      ...heartbeatLines([{ server: words, step: words, milliseconds: 1 }]),
      ...failureBlock(failure),
      group.title,
      ...group.lines,
    ];
    for (const line of lines) expect(line).not.toMatch(/^\s*::|##\[|[\n\r\u001b\u202e]/);
  });
});
