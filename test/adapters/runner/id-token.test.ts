import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { requestIdToken } from '../../../src/adapters/runner/id-token.ts';
import { FakeClock, FakeRandom } from '../../fakes/fake-clock.ts';
import type { Issuer } from '../../rig/issuer.ts';
import { startIssuer } from '../../rig/issuer.ts';

describe('the identity token', () => {
  let issuer: Issuer;
  let masks: string[];
  let clock: FakeClock;
  beforeAll(async () => {
    issuer = await startIssuer();
  });
  beforeEach(() => {
    issuer.reset();
    masks = [];
    clock = new FakeClock();
  });
  afterAll(() => issuer[Symbol.asyncDispose]());

  const ask = (more: Record<string, string> = {}) =>
    requestIdToken(
      {
        variables: {
          ACTIONS_ID_TOKEN_REQUEST_URL: issuer.requestUrl,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.requestToken,
          ...more,
        },
        mask: (secret) => masks.push(secret.reveal()),
        clock,
        random: new FakeRandom(),
      },
      'for us',
    );

  test('is masked before anybody has it, and so is the token that asks', async () => {
    const token = await ask();
    expect(inspect(token)).toBe('[secret: identity token]');
    const text = token.reveal();
    expect(JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      aud: 'for us',
      iss: issuer.issuer,
    });
    expect(masks).toEqual([issuer.requestToken, text]);
  });

  test('is asked for again when GitHub is away for a moment', async () => {
    issuer.behaviour.failures.set('/request', { status: 503, times: 2 });
    expect((await ask()).reveal()).toMatch(/^ey/);
  });

  test('is asked for again no earlier than GitHub wants', async () => {
    issuer.behaviour.failures.set('/request', { status: 429, times: 1, retryAfter: '20' });
    const start = clock.now().getTime();
    await ask();
    expect(clock.now().getTime() - start).toBe(20_000);
  });

  test('is given up where GitHub wants to be left alone for longer than a job can wait', async () => {
    issuer.behaviour.failures.set('/request', { status: 503, times: 1, retryAfter: '3600' });
    await expect(ask()).rejects.toMatchObject({ code: 'ID_TOKEN_UNAVAILABLE' });
  });

  test.each([403, 302])('is given up at once at status %i', async (status) => {
    issuer.behaviour.failures.set('/request', { status, times: 1 });
    await expect(ask()).rejects.toMatchObject({
      code: 'ID_TOKEN_UNAVAILABLE',
      message: `GitHub gave no identity token: status ${status}.`,
    });
  });

  test.each([
    { ACTIONS_ID_TOKEN_REQUEST_URL: '' },
    { ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' },
    { ACTIONS_ID_TOKEN_REQUEST_URL: 'no address' },
  ])('is not to be had with %j', async (variables) => {
    await expect(ask(variables as Record<string, string>)).rejects.toMatchObject({
      code: 'ID_TOKEN_UNAVAILABLE',
      message: 'The job may not ask GitHub for an identity token.',
    });
  });
});
