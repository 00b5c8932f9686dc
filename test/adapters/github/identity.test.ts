import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { IdentityPorts } from '../../../src/adapters/github/identity.ts';
import { proveIdentity } from '../../../src/adapters/github/identity.ts';
import { FakeClock, FakeRandom } from '../../fakes/fake-clock.ts';
import { FakeRunner } from '../../fakes/fake-runner.ts';
import type { Issuer } from '../../rig/issuer.ts';
import { startIssuer } from '../../rig/issuer.ts';

const clock = new FakeClock();
let issuer: Issuer;

beforeAll(async () => {
  issuer = await startIssuer(() => clock.now());
});
beforeEach(() => issuer.reset());
afterAll(() => issuer[Symbol.asyncDispose]());

function ports(more: Partial<IdentityPorts> = {}): IdentityPorts {
  return {
    runner: new FakeRunner({ job: { serverUrl: issuer.serverUrl }, idToken: issuer.token }),
    clock,
    random: new FakeRandom(),
    variables: {},
    ...more,
  };
}

const prove = (more: Partial<IdentityPorts> = {}) => proveIdentity(ports(more), 'production');

describe('a job', () => {
  test('proves itself and its environment, and learns its check run', async () => {
    expect(await prove()).toMatchObject({
      repository: 'octo/shop',
      environment: 'production',
      checkRun: '5005',
      workflowSha: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
    });
  });

  test('asks for a token that is good for nothing else', async () => {
    const audiences: string[] = [];
    const idToken = (audience: string) => {
      audiences.push(audience);
      return issuer.token(audience);
    };
    await prove({ runner: new FakeRunner({ job: { serverUrl: issuer.serverUrl }, idToken }) });
    expect(audiences).toEqual([expect.stringMatching(/^slipway:octo\/shop:1001:1:[0-9a-f]{32}$/)]);
  });

  test('takes the tokens of an enterprise on the same server', async () => {
    const slug = `${issuer.issuer}/octocat-inc`;
    issuer.behaviour.claims = { iss: slug };
    const document = { issuer: slug, jwks_uri: `${issuer.issuer}/.well-known/jwks` };
    const bySlug: typeof fetch = async (url, options) =>
      String(url).startsWith(`${slug}/`) ? Response.json(document) : await fetch(url, options);
    expect(await prove({ fetch: bySlug })).toMatchObject({ checkRun: '5005' });
  });

  test('asks the issuer again when it is away for a moment', async () => {
    issuer.behaviour.failures.set('/_services/token/.well-known/jwks', { status: 503, times: 2 });
    expect(await prove()).toMatchObject({ environment: 'production' });
  });
});

describe('the proof fails', () => {
  test.each<[string, Record<string, unknown>]>([
    ['for another audience', { aud: 'https://vault.example.com' }],
    ['for another issuer', { iss: 'https://token.actions.githubusercontent.com' }],
    ['for a token that has expired', { exp: 1_000_000 }],
    ['for a token from the future', { nbf: 4_000_000_000 }],
    ['for a token without an end', { exp: undefined }],
    ['for a token without an id', { jti: undefined }],
    ['for another repository', { repository: 'octo/other' }],
    ['for another run', { run_id: '1002' }],
    ['for another attempt', { run_attempt: '2' }],
    ['for a token without a repository id', { repository_id: undefined }],
  ])('%s', async (_, claims) => {
    issuer.behaviour.claims = claims;
    await expect(prove()).rejects.toMatchObject({ code: 'ID_TOKEN_INVALID' });
  });

  test('for a key that the issuer does not show', async () => {
    issuer.behaviour.key = 'hidden';
    await expect(prove()).rejects.toMatchObject({
      code: 'ID_TOKEN_INVALID',
      message: expect.stringContaining('signature'),
    });
  });

  test.each([
    ['no token', 'nonsense'],
    ['a token without signature', `${btoa('{"alg":"none"}')}.${btoa('{"iss":"x"}')}.`],
  ])('for %s', async (_, token) => {
    const runner = new FakeRunner({ job: { serverUrl: issuer.serverUrl }, idToken: async () => token });
    await expect(prove({ runner })).rejects.toMatchObject({ code: 'ID_TOKEN_INVALID' });
  });

  test.each([
    ['keys of another origin', { jwks_uri: 'https://evil.example/jwks' }],
    ['another issuer', { issuer: 'https://evil.example' }],
    ['no keys', { jwks_uri: undefined }],
  ])('where the issuer describes %s', async (_, discovery) => {
    issuer.behaviour.discovery = discovery;
    await expect(prove()).rejects.toMatchObject({ code: 'ID_TOKEN_INVALID' });
  });

  test.each([503, 302])('where the issuer answers with status %i all the time', async (status) => {
    issuer.behaviour.failures.set('/_services/token/.well-known/openid-configuration', { status, times: 99 });
    await expect(prove()).rejects.toMatchObject({
      code: 'ID_TOKEN_INVALID',
      message: expect.stringContaining('cannot be read'),
    });
  });

  test('where certificates are not verified', async () => {
    await expect(prove({ variables: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })).rejects.toMatchObject({
      code: 'ID_TOKEN_INVALID',
    });
  });

  test('without the permission to ask', async () => {
    await expect(prove({ runner: new FakeRunner() })).rejects.toMatchObject({ code: 'ID_TOKEN_UNAVAILABLE' });
  });

  test('and no error holds the token', async () => {
    issuer.behaviour.claims = { aud: 'other' };
    let token = '';
    const idToken = async (audience: string) => {
      token = await issuer.token(audience);
      return token;
    };
    const runner = new FakeRunner({ job: { serverUrl: issuer.serverUrl }, idToken });
    const { inspect } = await import('node:util');
    const told = await prove({ runner }).then(
      () => '',
      (error: unknown) => inspect(error, { depth: 9 }),
    );
    expect(told).toContain('ID_TOKEN_INVALID');
    expect(told).not.toContain(token.split('.')[2]);
  });
});

test.each([
  [undefined, 'in no environment'],
  ['staging', '`staging`'],
])('a job in the environment %j is told what it has', async (environment, told) => {
  issuer.behaviour.claims = { environment };
  await expect(prove()).rejects.toMatchObject({ code: 'WRONG_ENVIRONMENT', message: expect.stringContaining(told) });
});
