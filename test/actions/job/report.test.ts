import { describe, expect, test } from 'vitest';
import { notYet } from '../../../src/actions/job/not-yet.ts';
import { reportRefusal, reportStatus, writeOutputs } from '../../../src/actions/job/report.ts';
import { Failure, together } from '../../../src/domain/failure.ts';
import type { DeployOutput } from '../../../src/generated/inputs.ts';
import type { Runs } from '../../../src/ports/runs.ts';
import { FakeRunner } from '../../fakes/fake-runner.ts';

describe('a refusal', () => {
  const problems = ['`force` is empty', '`config` is empty'].map((text) => new Failure('INPUT_INVALID', text));
  const failure = together('INPUT_INVALID', '2 inputs are wrong', problems);

  test('is red, and stands in the log, at the top of the page and in the summary', async () => {
    const runner = new FakeRunner();
    await reportRefusal(runner, failure, 'Failed before it began');
    expect(runner.colour).toBe('red');
    expect(runner.log.filter((line) => line.startsWith('error: '))).toHaveLength(2);
    expect(runner.log[0]).toBe('INPUT_INVALID: 2 inputs are wrong');
    expect(runner.summary).toMatch(/^## ❌ Failed before it began\n/);
    expect(runner.summary).toContain('config&#96; is empty');
  });

  test('is what an action of a later version gives, before it reads anything', async () => {
    const runner = new FakeRunner({ inputs: { 'github-token': 'ghs_0123456789' } });
    await notYet('rollback')(runner);
    expect([runner.colour, runner.masks]).toEqual(['red', []]);
    expect(runner.log[0]).toBe('NOT_YET: The action rollback comes with a later version.');
  });
});

describe('outputs', () => {
  test('are all written', () => {
    const written: [string, string][] = [];
    writeOutputs({ result: 'failed', hosts: '{}' }, (name: DeployOutput, value) => written.push([name, value]));
    expect(written).toEqual([
      ['result', 'failed'],
      ['hosts', '{}'],
    ]);
  });

  test('that the action does not have do not compile', () => {
    const outputs = { result: 'failed', colour: 'red' } as const;
    // @ts-expect-error: deploy has no output `colour`
    writeOutputs(outputs, (_name: DeployOutput, _value) => undefined);
  });
});

test('a status that GitHub does not take is a warning', async () => {
  const runner = new FakeRunner();
  const runs: Runs = {
    ended: async () => 'unknown',
    deploymentStatus: async () => ({ refused: 'status 403' }),
  };
  await reportStatus(runner, runs, { state: 'success', description: 'deployed' });
  expect(runner.log).toEqual([
    'warning: deployment status: The status of the deployment could not be written: status 403',
  ]);
  expect(runner.colour).toBe('green');
});
