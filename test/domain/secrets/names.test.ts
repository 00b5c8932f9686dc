import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { checkNames, nameProblem } from '../../../src/domain/secrets/names.ts';

describe('names of secrets', () => {
  test.each([
    'PATH',
    'LD_PRELOAD',
    'DYLD_INSERT_LIBRARIES',
    'NODE_OPTIONS',
    'BASH_ENV',
    'ENV',
    'IFS',
    'HOME',
    'GITHUB_TOKEN',
    'RUNNER_TEMP',
    'ACTIONS_RUNTIME_TOKEN',
    'INPUT_X',
    'STATE_x',
    'GIT_SSH_COMMAND',
    'SLIPWAY_STAGE',
    'PYTHONPATH',
    'RUBYOPT',
    'npm_config_script_shell',
    'Path',
    'A B',
    '1A',
    'A-B',
    '',
    'Ä',
  ])('%j is refused in an environment', (name) => {
    expect(nameProblem(name, 'environment')).toBeDefined();
  });

  test.each(['DATABASE_URL', 'api_key', '_X', 'GITHUBTOKEN', 'HOMEPAGE', 'AWS_SECRET_ACCESS_KEY', 'NPM_TOKEN'])(
    '%s is taken everywhere',
    (name) => {
      expect([nameProblem(name, 'environment'), nameProblem(name, 'file')]).toEqual([undefined, undefined]);
    },
  );

  test.each([
    ['HOME', undefined],
    ['NODE_ENV', undefined],
    ['GIT_TOKEN', undefined],
    ['PATH', expect.any(String)],
    ['LD_LIBRARY_PATH', expect.any(String)],
    ['NODE_OPTIONS', expect.any(String)],
    ['A B', expect.any(String)],
  ])('in a delivered file %s is judged by the shorter list', (name, problem) => {
    expect(nameProblem(name, 'file')).toEqual(problem);
  });

  test('that are refused are told together', () => {
    const check = () => checkNames(['PATH', 'OK', 'IFS'], 'file');
    expect(check).toThrow(Failure);
    try {
      check();
    } catch (error) {
      expect((error as Failure).code).toBe('SECRET_NAME_REFUSED');
      expect((error as Failure).problems.map(({ message }) => message.split('"')[1])).toEqual(['PATH', 'IFS']);
    }
  });
});
