import { describe, expect, test } from 'vitest';
import {
  commonProblems,
  ifEmpty,
  ifNoFlag,
  ifNoneOf,
  readCommonInputs,
  readServerInputs,
  wrongInputs,
} from '../../../src/actions/job/inputs.ts';
import { FakeRunner } from '../../fakes/fake-runner.ts';

describe('the inputs that actions share', () => {
  test('are there, or not given', () => {
    const runner = new FakeRunner({ inputs: { config: '.github/slipway.yml', stage: '', 'github-token': 'ghs_1' } });
    expect(readCommonInputs(runner)).toMatchObject({ config: '.github/slipway.yml', stage: undefined });
    expect(readServerInputs(runner)).toEqual({
      privateKey: undefined,
      passphrase: undefined,
      knownHosts: undefined,
      hosts: '',
      roles: '',
    });
  });

  test('hold secrets that print as their names and are masked', () => {
    const runner = new FakeRunner({ inputs: { 'ssh-passphrase': ' open sesame ', 'github-token': 'ghs_0123456789' } });
    const inputs = { ...readCommonInputs(runner), ...readServerInputs(runner) };
    expect(JSON.stringify(inputs)).not.toMatch(/sesame|0123456789/);
    expect(inputs.passphrase?.reveal()).toBe(' open sesame ');
    expect(runner.masks).toEqual(['ghs_0123456789', 'open sesame']);
  });
});

test('what is wrong with inputs is told together', () => {
  const problems = [
    ...ifNoneOf('mode', 'deplay', ['deploy', 'plan']),
    ...ifNoFlag('force', 'yes'),
    ...ifEmpty('revision', ''),
    ...commonProblems({ config: '', stage: undefined, token: undefined }),
  ];
  expect(wrongInputs(problems).problems.map(({ message }) => message)).toEqual([
    '`mode` is one of deploy, plan, not "deplay"',
    '`force` is true or false, not "yes"',
    '`revision` is empty',
    '`config` is empty',
  ]);
});

test('inputs that are right have no problems', () => {
  expect([...ifNoneOf('mode', 'plan', ['deploy', 'plan']), ...ifNoFlag('force', 'true'), ...ifEmpty('a', 'b')]).toEqual(
    [],
  );
});
