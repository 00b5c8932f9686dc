import { expect, test } from 'vitest';
import { failureFrom, statusText } from '../../../src/domain/programs/verdict.ts';
import type { ProgramEnd, ProgramReport } from '../../../src/domain/remote/end.ts';
import type { Step } from '../../../src/domain/remote/program.ts';

const step: Step = { id: 'upload', name: 'upload', effect: 'changes', run: ['true'] };
const hook: Step = { ...step, name: 'bundle', kind: 'hook' };
const report: ProgramReport = { steps: [], facts: new Map(), leftRunning: [], group: undefined };
const failed = (at: Step, status = 1, facts: ReadonlyMap<string, string> = new Map()): ProgramEnd => ({
  ...report,
  facts,
  kind: 'failed',
  at: { step: at, status, output: [] },
});
const unknown = (why: Extract<ProgramEnd, { kind: 'unknown' }>['why'], during?: Step): ProgramEnd => ({
  ...report,
  kind: 'unknown',
  why,
  during,
  detail: 'said \n::error::x',
});
const endings = {
  itself: { why: 'itself' },
  cancelled: { why: 'cancelled' },
  'time limit': { why: 'time limit', limit: 90_000 },
  silence: { why: 'silence', limit: 90_000 },
} as const;
const verdict = (end: ProgramEnd, ended: keyof typeof endings = 'itself') =>
  failureFrom(end, { server: 'web1', program: 'prepare', ended: endings[ended] });

test('a program that succeeded is no failure', () => {
  expect(verdict({ ...report, kind: 'succeeded' })).toBeUndefined();
});

test.each([
  ['STEP_FAILED', failed(step), 'itself'],
  ['HOOK_FAILED', failed(hook), 'itself'],
  ['HOOK_TIMEOUT', failed(hook, 143), 'time limit'],
  ['STEP_FAILED', failed(step, 143), 'time limit'],
  ['CANCELLED', failed(hook, 143), 'cancelled'],
  ['DISK_FULL', failed(step, 1, new Map([['disk', 'x 9 9 0 100% /']])), 'itself'],
  ['DISK_FULL', failed(step, 1, new Map([['inodes', 'x 9 9 0 100% /']])), 'itself'],
  ['LOCK_LOST', { ...report, kind: 'lock lost', before: step }, 'itself'],
  ['PROGRAM_CUT', unknown('cut'), 'itself'],
  ['PROGRAM_REFUSED', unknown('refused'), 'itself'],
  ['CONNECTION_LOST', unknown('connection lost', step), 'itself'],
  ['PROGRAM_KILLED', unknown('killed', step), 'itself'],
  ['HOOK_TIMEOUT', unknown('killed', hook), 'time limit'],
  ['CANCELLED', unknown('killed', step), 'cancelled'],
  ['PROGRAM_UNFINISHED', unknown('unfinished', step), 'itself'],
] as const)('%s', (code, end, ended) => {
  const failure = verdict(end as ProgramEnd, ended);
  expect(failure).toMatchObject({ code, server: 'web1' });
  expect(failure?.message).not.toContain('\n');
});

test('a program that sudo did not run did nothing, and the cure is a line for sudoers', () => {
  const told = { server: 'web1', program: 'survey', ended: { why: 'itself' }, become: 'shop' } as const;
  expect(failureFrom(unknown('refused'), told)).toMatchObject({
    code: 'PROGRAM_REFUSED',
    message: expect.stringMatching(/^sudo does not run the program survey as shop \(said /),
    hint: expect.stringContaining('`mode: check` prints the line for sudoers'),
  });
  expect(failureFrom(unknown('unfinished'), told)?.message).toMatch(
    /^the program ended without its final report during survey/,
  );
});

test('what took too long is told with the limit that it had', () => {
  expect([
    verdict(failed(hook, 143), 'time limit'),
    verdict(failed(hook, 143), 'silence'),
    verdict(failed(step, 143), 'time limit'),
  ]).toMatchObject([
    {
      message: 'the hook bundle took longer than 1m30s and was ended with its process group',
      hint: expect.stringContaining('longer `timeout`'),
    },
    {
      message: 'the hook bundle printed nothing for 1m30s and was ended with its process group',
      hint: expect.stringContaining('`limits.idle_timeout`'),
    },
    {
      message: 'upload took longer than 1m30s and was ended',
      hint: expect.stringContaining('`limits.command_timeout`'),
    },
  ]);
});

test('a status is told as a person would', () => {
  expect([statusText(3), statusText(143), statusText(137), statusText(200)]).toEqual([
    'exit status 3',
    'killed by SIGTERM',
    'killed by SIGKILL, perhaps because memory ran out',
    'killed by signal 72',
  ]);
});

const compare: Step = { ...step, name: 'compare', means: 'ARTIFACT_MISMATCH' };
const differs = (status: number, facts: ReadonlyMap<string, string> = new Map()): ProgramEnd => ({
  ...report,
  facts,
  kind: 'failed',
  at: { step: compare, status, output: ['only on the server: 81a4 ./extra', 'only in the artefact: 81a4 ./gone'] },
});

test('a step that gives its failure a meaning fails with that code and with what it said first', () => {
  expect(verdict(differs(1))).toMatchObject({
    code: 'ARTIFACT_MISMATCH',
    message: 'the files on the server are not the files that were sent: only on the server: 81a4 ./extra',
  });
});

test('it means nothing of the kind when it was killed, or the disk is full', () => {
  const full = new Map([['disk', 'x 9 9 0 100% /']]);
  expect([verdict(differs(137))?.code, verdict(differs(1, full))?.code]).toEqual(['STEP_FAILED', 'DISK_FULL']);
});
