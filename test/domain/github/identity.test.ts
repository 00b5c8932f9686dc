import { describe, expect, test } from 'vitest';
import { acceptsIssuer, issuerOf, readClaims, strangeClaims } from '../../../src/domain/github/identity.ts';

describe('the issuer follows from the server URL', () => {
  test.each([
    ['https://github.com', 'https://token.actions.githubusercontent.com'],
    ['https://github.com/', 'https://token.actions.githubusercontent.com'],
    ['https://octo.ghe.com', 'https://token.actions.octo.ghe.com'],
    ['https://git.example.com', 'https://git.example.com/_services/token'],
    ['http://127.0.0.1:4711', 'http://127.0.0.1:4711/_services/token'],
    ['http://localhost:4711', 'http://localhost:4711/_services/token'],
  ])('%s → %s', (server, issuer) => {
    expect(issuerOf(server)).toBe(issuer);
  });

  test.each([
    'http://github.com',
    'http://git.example.com',
    'http://127.0.0.1.example.com',
    'ftp://localhost',
    'github.com',
    '',
  ])('%j has none', (server) => {
    expect(() => issuerOf(server)).toThrow(expect.objectContaining({ code: 'ID_TOKEN_INVALID' }));
  });

  test.each([
    ['https://token.actions.githubusercontent.com', true],
    ['https://token.actions.githubusercontent.com/octocat-inc', true],
    ['https://token.actions.githubusercontent.com/', false],
    ['https://token.actions.githubusercontent.com/a/b', false],
    ['https://token.actions.githubusercontent.com/..', false],
    ['https://token.actions.githubusercontent.com.evil.example', false],
    ['https://evil.example', false],
    ['', false],
  ])('github.com takes tokens of %j: %s', (issuer, taken) => {
    expect(acceptsIssuer('https://github.com', issuer)).toBe(taken);
  });
});

const payload = {
  repository: 'Octo/Shop',
  repository_id: '74',
  run_id: '1001',
  run_attempt: '2',
  environment: 'Production',
  check_run_id: '555',
  jti: 'x',
};
const job = { repository: 'octo/shop', runId: '1001', attempt: 2 };

describe('the claims', () => {
  test('are this job in the environment of the stage, whatever the case', () => {
    const claims = readClaims(payload);
    expect(strangeClaims(claims, job, 'production')).toBeUndefined();
    expect(claims).toMatchObject({ checkRun: '555', repositoryId: '74', environment: 'Production' });
  });

  test.each(['repository', 'repository_id', 'run_id', 'run_attempt'])('are refused without %s', (name) => {
    expect(() => readClaims({ ...payload, [name]: undefined })).toThrow(
      expect.objectContaining({ code: 'ID_TOKEN_INVALID', message: expect.stringContaining(name) }),
    );
  });

  test.each([
    ['repository', { repository: 'octo/other' }],
    ['run', { run_id: '1002' }],
    ['attempt', { run_attempt: '1' }],
  ])('of another %s are refused', (name, other) => {
    const failure = strangeClaims(readClaims({ ...payload, ...other }), job, 'production');
    expect(failure?.code).toBe('ID_TOKEN_INVALID');
    expect(failure?.message).toContain(name);
  });

  test.each([
    [undefined, /in no environment/],
    ['', /in no environment/],
    ['staging', /`staging`/],
  ])('with the environment %j are the wrong environment', (environment, told) => {
    const failure = strangeClaims(readClaims({ ...payload, environment }), job, 'production');
    expect(failure?.code).toBe('WRONG_ENVIRONMENT');
    expect(failure?.message).toMatch(told);
  });
});
