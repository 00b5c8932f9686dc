import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import type { VaultAuth } from '../../../src/adapters/stores/vault/config.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import type { Issuer } from '../../rig/issuer.ts';
import { startIssuer } from '../../rig/issuer.ts';
import { suite } from '../../rig/part.ts';
import { missingOpenBao, type OpenBao, startOpenBao } from '../../rig/stores/openbao.ts';
import { open, reference, revealed, soon, within } from './vault-opening.ts';

const policy = `
path "kv/data/app/*" { capabilities = ["read"] }
path "kv/metadata/app/*" { capabilities = ["read", "list"] }
path "kv/data/narrow/*" { capabilities = ["read"] }
path "kv/subkeys/narrow/known" { capabilities = ["read"] }
path "kv1/*" { capabilities = ["read", "list"] }
path "many/*" { capabilities = ["read", "list"] }
`;

const jwt: VaultAuth = { method: 'jwt', mount: 'github', role: 'deploy-production' };

suite('Vault', missingOpenBao(), () => {
  let bao: OpenBao;
  let issuer: Issuer;

  beforeAll(async () => {
    issuer = await startIssuer();
    bao = await startOpenBao();
    await mountStores(bao);
    await trust(bao, issuer);
  });

  afterAll(async () => {
    await bao[Symbol.asyncDispose]();
    await issuer[Symbol.asyncDispose]();
  });

  const asJob = (auth: VaultAuth = jwt, more: Parameters<typeof open>[2] = {}) =>
    open(bao.url, auth, { idToken: (audience) => issuer.token(audience), ...more });
  const asRoot = () => open(bao.url, { method: 'token', token: secretOf(bao.rootToken) });

  describe('a login', () => {
    test('by the id token of the job lets it read, and both tokens are masked before they are used', async () => {
      await using job = asJob();
      expect(revealed((await job.entries('kv/app/db'))[0])).toEqual({ url: 'postgres://second', pool: '5' });
      expect(job.masked).toEqual([expect.stringMatching(/^eyJ/), expect.stringMatching(/^s\./)]);
    });

    test('of a job in another environment is refused with the words of the store', async () => {
      await using job = asJob();
      issuer.behaviour.claims = { environment: 'staging' };
      try {
        await expect(job.entries('kv/app/db')).rejects.toMatchObject({
          code: 'TRUST_REFUSED',
          message:
            'The store main refuses the role deploy-production at auth/github: error validating claims: claim "environment" does not match any associated bound claim values.',
        });
      } finally {
        issuer.behaviour.claims = {};
      }
      expect(await job.entries('kv/app/db')).toHaveLength(1);
    });

    test('with a token for another audience is refused', async () => {
      await using job = asJob(jwt, { audience: 'https://github.com/octo' });
      await expect(job.entries('kv/app/db')).rejects.toMatchObject({
        code: 'TRUST_REFUSED',
        message: expect.stringContaining('audience claim does not match any expected audience'),
      });
    });

    test('at a mount that is not there says where to look', async () => {
      await using job = asJob({ ...jwt, mount: 'gitlab' });
      await expect(job.entries('kv/app/db')).rejects.toMatchObject({
        code: 'TRUST_REFUSED',
        hint: expect.stringContaining('auth.mount'),
      });
    });

    test('takes one id token, however much is read', async () => {
      let asked = 0;
      const idToken = (audience: string) => {
        asked += 1;
        return issuer.token(audience);
      };
      await using job = asJob(jwt, { idToken });
      await job.entries('kv/app/db', 'kv1/old', 'kv/app/odd');
      await job.entries('kv/app/db');
      expect(asked).toBe(1);
    });

    test('by AppRole lets a job read', async () => {
      const { body: id } = await bao.ask('GET', 'auth/approle/role/deploy/role-id');
      const { body: secret } = await bao.ask('POST', 'auth/approle/role/deploy/secret-id', {});
      const roleId = String((id['data'] as { readonly role_id: string }).role_id);
      const secretId = String((secret['data'] as { readonly secret_id: string }).secret_id);
      const auth = { method: 'approle', mount: 'approle', roleId } as const;
      await using job = open(bao.url, { ...auth, secretId: secretOf(secretId) });
      expect(await job.entries('kv/app/db')).toHaveLength(1);
      expect(job.masked[0]).toBe(secretId);
      await using stranger = open(bao.url, { ...auth, secretId: secretOf('wrong') });
      await expect(stranger.entries('kv/app/db')).rejects.toMatchObject({
        code: 'TRUST_REFUSED',
        message: 'The store main refuses the AppRole at auth/approle: invalid role or secret ID.',
      });
    });

    test('with a token that the store does not know is refused before anything is read', async () => {
      await using stranger = open(bao.url, { method: 'token', token: secretOf('s.unknown') });
      await expect(stranger.entries('kv/app/db')).rejects.toMatchObject({
        code: 'TRUST_REFUSED',
        message: 'The store main refuses the token that it was given: permission denied.',
      });
    });
  });

  describe('reading', () => {
    test('tells versions, when they were written and when they end', async () => {
      await using job = asJob();
      const [newest] = await job.entries('kv/app/db');
      expect(newest).toMatchObject({ version: '2', created: expect.any(Date), expires: undefined, lease: undefined });
      expect(newest?.rotation).toEqual({ state: 'overdue', next: new Date('2026-01-01T00:00:00Z') });
      const [answer] = await job.store.read([reference('kv/app/db', { version: '1' })], soon());
      expect(answer).toMatchObject({ entries: [{ version: '1' }] });
      const [fading] = await job.entries('kv/app/fading');
      expect(fading?.expires?.getTime()).toBeGreaterThan(Date.now());
    });

    test('finds the older kind of store without being told, and a slash before the path does no harm', async () => {
      await using job = asJob();
      const [old] = await job.entries('/kv1/old');
      expect(revealed(old)).toEqual({ data: '{"data":"not KV 2"}', password: 'p' });
      expect(old).toMatchObject({ version: undefined, lease: undefined });
    });

    test('takes names literally, and gives as JSON what is no text', async () => {
      await using job = asJob();
      expect(revealed((await job.entries('kv/app/odd'))[0])).toEqual({
        'some-secret.with 1#?&%2F': 'odd',
        list: '[1,"two",null]',
        yes: 'true',
        nothing: 'null',
      });
      expect(revealed((await job.entries('kv/app/a b#c?d&e%2F+ü'))[0])).toEqual({ here: 'yes' });
    });

    test('of many places at once answers in their order, and one refusal does not spoil the others', async () => {
      await using job = asJob();
      const locators = ['kv/app/db', 'kv/app/nothing', 'kv1/old', 'kv/../app', 'kv/app/db'];
      const answers = await job.store.read(
        locators.map((locator) => reference(locator)),
        soon(),
      );
      expect(answers.map((answer) => ('failure' in answer ? answer.failure.code : answer.entries.length))).toEqual([
        1,
        'SECRET_MISSING',
        1,
        'REFERENCE_INVALID',
        1,
      ]);
      expect(answers.map((answer) => answer.reference.locator)).toEqual(locators);
    });

    test('below a folder takes every secret that stands, in folders too', async () => {
      await using job = asJob();
      expect((await job.entries('kv/app/tree/**')).map(({ path }) => path).sort()).toEqual(['deep/er/c', 'one', 'two']);
      expect((await job.entries('kv1/**')).map(({ path }) => path).sort()).toEqual(['old']);
    });

    test('below a folder of more than a hundred secrets is refused', async () => {
      await using job = asJob();
      expect(await job.refusal('many/**')).toMatchObject({
        code: 'REFERENCE_INVALID',
        message: 'main://many/** names more than 100 secrets.',
      });
    });

    test('is not done where a locator is no path', async () => {
      await using job = asJob();
      const wrong = ['kv', 'kv//app', 'kv/app/', 'kv/./app', 'kv/app/../db', 'kv/*/db', 'kv/app/**/db', '', '/', '/**'];
      const answers = await job.store.read(
        wrong.map((locator) => reference(locator)),
        soon(),
      );
      expect(answers.map((answer) => 'failure' in answer && answer.failure.code)).toEqual(
        wrong.map(() => 'REFERENCE_INVALID'),
      );
      expect((await job.refusal('kv/app/db', { version: 'latest' })).code).toBe('REFERENCE_INVALID');
      expect((await job.refusal('kv/app/db', { stage: 'AWSCURRENT' })).code).toBe('REFERENCE_INVALID');
      expect((await job.refusal('kv1/old', { version: '1' })).code).toBe('REFERENCE_INVALID');
      expect((await job.refusal('kv/app/**', { version: '1' })).code).toBe('REFERENCE_INVALID');
    });
  });

  describe('what is not there to be read has a sentence of its own:', () => {
    test.each([
      ['kv/app/gone', {}, 'SECRET_MISSING', /^Version 1 of kv\/app\/gone of the store main was deleted at 20/],
      ['kv/app/burnt', {}, 'SECRET_MISSING', /^Version 1 of kv\/app\/burnt of the store main was destroyed\.$/],
      ['kv/app/db', { version: '7' }, 'SECRET_MISSING', /^There is no version 7 of kv\/app\/db .*; the newest is 2\.$/],
      ['kv/app/nothing', {}, 'SECRET_MISSING', /^There is nothing at kv\/app\/nothing of the store main\.$/],
      [
        'kv/app/nothing',
        { version: '1' },
        'SECRET_MISSING',
        /^There is nothing at kv\/app\/nothing of the store main\.$/,
      ],
      ['kv1/nothing', {}, 'SECRET_MISSING', /^There is nothing at kv1\/nothing of the store main\.$/],
      [
        'kv/other/db',
        {},
        'STORE_DENIED',
        /^The policies of this job do not let it read kv\/other\/db of the store main\.$/,
      ],
      ['nowhere/db', {}, 'STORE_DENIED', /^No policy of this job allows anything at nowhere\/db of the store main\.$/],
    ])('%s %o', async (locator, more, code, message) => {
      await using job = asJob();
      const failure = await job.refusal(locator, more);
      expect(failure.code).toBe(code);
      expect(failure.message).toMatch(message);
      expect(await job.checked(locator, more)).toMatchObject({ failure: { code, message: failure.message } });
    });

    test('a folder that may not be listed', async () => {
      await using job = asJob();
      expect(await job.refusal('kv/other/**')).toMatchObject({
        code: 'STORE_DENIED',
        hint: 'Add to a policy of the role: path "kv/metadata/other/" { capabilities = ["list"] }',
      });
    });

    test('a path as the API has it', async () => {
      await using root = asRoot();
      expect(await root.refusal('kv/data/app/db')).toMatchObject({
        code: 'SECRET_MISSING',
        hint: 'Write the path as the vault CLI does, without `data/`: kv/app/db',
      });
    });
  });

  describe('checking', () => {
    test('says the version and the dates without the value', async () => {
      await using job = asJob();
      expect(await job.checked('kv/app/db')).toMatchObject({
        entries: [
          { content: { kind: 'not read' }, version: '2', created: expect.any(Date), rotation: { state: 'overdue' } },
        ],
      });
      expect(await job.checked('kv/app/db', { version: '1' })).toMatchObject({ entries: [{ version: '1' }] });
    });

    test('sees by the subkeys what is there, where the metadata are closed', async () => {
      await using job = asJob();
      expect(await job.checked('kv/narrow/known')).toMatchObject({ entries: [{ version: '1' }] });
      await bao.ask('DELETE', 'kv/data/narrow/known');
      expect(await job.checked('kv/narrow/known')).toMatchObject({
        failure: { message: expect.stringMatching(/deleted/) },
      });
    });

    test('proves access alone, where nothing else is open', async () => {
      await using job = asJob();
      expect(await job.checked('kv/narrow/unseen')).toMatchObject({ entries: [{ content: { kind: 'not read' } }] });
      expect(await job.checked('kv1/old')).toMatchObject({ entries: [{ content: { kind: 'not read' } }] });
    });

    test('says what it lacks, where the store does not tell what is allowed', async () => {
      await bao.write('auth/token/create', { id: 'blind', policies: ['app'], no_default_policy: true });
      await using blind = open(bao.url, { method: 'token', token: secretOf('blind') });
      expect(await blind.checked('kv/app/db')).toMatchObject({
        failure: { code: 'STORE_DENIED', hint: expect.stringContaining('sys/capabilities-self') },
      });
      expect(await blind.entries('kv/app/db')).toHaveLength(1);
    });
  });

  describe('the token', () => {
    const stands = async (token: string) =>
      (await bao.ask('GET', 'auth/token/lookup-self', undefined, { token })).status;

    test('is revoked when the store is disposed of', async () => {
      const job = asJob();
      await job.entries('kv/app/db');
      const token = job.masked[1] ?? '';
      expect(await stands(token)).toBe(200);
      await job[Symbol.asyncDispose]();
      expect(await stands(token)).toBe(403);
      await job[Symbol.asyncDispose]();
    });

    test('is revoked after a cancelled run too, even if its login was on its way', async () => {
      const cancel = new AbortController();
      const job = asJob();
      const reading = job.store.read([reference('kv/app/db')], within(20_000, cancel.signal));
      const cancelled = expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
      cancel.abort();
      await cancelled;
      await job[Symbol.asyncDispose]();
      const [, token] = job.masked;
      expect(token === undefined ? 403 : await stands(token)).toBe(403);
    });

    test('that was given is left alone', async () => {
      await bao.write('auth/token/create', { id: 'given', policies: ['app'] });
      await using job = open(bao.url, { method: 'token', token: secretOf('given') });
      await job.entries('kv/app/db');
      await job[Symbol.asyncDispose]();
      expect(await stands('given')).toBe(200);
    });

    test('that somebody revoked in the middle of the run is named', async () => {
      await using job = asJob();
      await job.entries('kv/app/db');
      await bao.write('auth/token/revoke', { token: job.masked[1] });
      await expect(job.entries('kv/app/db')).rejects.toMatchObject({
        code: 'TRUST_REFUSED',
        message: 'The store main no longer takes the token that it gave to this run.',
      });
    });

    test('that is about to end is replaced by another login', async () => {
      let later = 0;
      const clock = { ...systemClock, now: () => new Date(Date.now() + later) };
      await using job = asJob(jwt, { clock });
      await job.entries('kv/app/db');
      later = 9.95 * 60_000;
      const [answer] = await job.store.read([reference('kv/app/db')], within(later + 20_000));
      expect(answer).toHaveProperty('entries');
      expect(job.masked.filter((token) => token.startsWith('s.'))).toHaveLength(2);
    });
  });

  test('a namespace has mounts, logins and secrets of its own', async () => {
    await bao.write('sys/namespaces/team-a', {});
    const as = { namespace: 'team-a' };
    await trust(bao, issuer, as);
    await mountVersioned(bao, as);
    await bao.write('kv/data/app/db', { data: { url: 'of the team' } }, as);
    await using team = asJob(jwt, { namespace: 'team-a' });
    expect(revealed((await team.entries('kv/app/db'))[0])).toEqual({ url: 'of the team' });
    await using nobody = asJob(jwt, { namespace: 'team-b' });
    await expect(nobody.entries('kv/app/db')).rejects.toMatchObject({ code: 'TRUST_REFUSED' });
  });

  test('a rate limit is obeyed until there is room again', async () => {
    await bao.write('sys/mounts/slow', { type: 'kv', options: { version: '1' } });
    await bao.write('slow/one', { value: '1' });
    await bao.write('sys/quotas/config', { enable_rate_limit_response_headers: true });
    await using root = asRoot();
    await root.entries('slow/one');
    await bao.write('sys/quotas/rate-limit/slow', { path: 'slow/', rate: 1, interval: '1s', block_interval: '2s' });
    const limited = async () => (await bao.ask('GET', 'slow/one')).status;
    while ((await limited()) !== 429);
    expect(revealed((await root.entries('slow/one'))[0])).toEqual({ value: '1' });
    while ((await limited()) !== 429);
    await expect(root.store.read([reference('slow/one')], within(300))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      how: 'answered',
      message: 'The store main asks to be asked less often: status 429 until the deadline.',
    });
    await bao.ask('DELETE', 'sys/quotas/rate-limit/slow');
  });

  test('a store that is sealed is unavailable by its own word, and again of use when it is opened', async () => {
    await using job = asJob();
    await bao.seal();
    try {
      await expect(job.store.read([reference('kv/app/db')], within(600))).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        how: 'answered',
        message: 'The store main is sealed or in maintenance: status 503 until the deadline.',
      });
    } finally {
      await bao.unseal();
    }
    expect(await job.entries('kv/app/db')).toHaveLength(1);
  });
});

function secretOf(value: string): Secret {
  return new Secret('test', value);
}

async function mountStores(bao: OpenBao): Promise<void> {
  await mountVersioned(bao);
  await bao.write('sys/mounts/kv1', { type: 'kv', options: { version: '1' } });
  await bao.write('sys/mounts/many', { type: 'kv', options: { version: '1' } });
  const put = (path: string, data: object) => bao.write(`kv/data/${path}`, { data });
  await put('app/db', { url: 'postgres://first' });
  await put('app/db', { url: 'postgres://second', pool: 5 });
  await bao.write('kv/metadata/app/db', { custom_metadata: { rotate_after: '2026-01-01T00:00:00Z' } });
  await bao.write('kv/metadata/app/fading', { delete_version_after: '1h' });
  await put('app/fading', { value: 'v' });
  await put('app/odd', {
    'some-secret.with 1#?&%2F': 'odd',
    list: [1, 'two', null],
    yes: true,
    nothing: null,
  });
  await put(encodeURIComponent('app/a b#c?d&e%2F+ü').replace('%2F', '/'), { here: 'yes' });
  for (const path of ['gone', 'burnt', 'tree/one', 'tree/two', 'tree/deep/er/c', 'tree/gone'])
    await put(`app/${path}`, { a: '1' });
  for (const path of ['narrow/known', 'narrow/unseen', 'other/db']) await put(path, { a: '1' });
  for (const path of ['gone', 'tree/gone']) await bao.ask('DELETE', `kv/data/app/${path}`);
  await bao.write('kv/metadata/app/tree/planned', { custom_metadata: { owner: 'shop' } });
  await bao.write('kv/destroy/app/burnt', { versions: [1] });
  await bao.write('kv1/old', { data: { data: 'not KV 2' }, password: 'p' });
  for (let number = 0; number < 101; number += 1) await bao.write(`many/folder/${number}`, { a: '1' });
}

/** For a moment KV 2 answers that it is being upgraded. */
async function mountVersioned(bao: OpenBao, as: { readonly namespace?: string } = {}): Promise<void> {
  await bao.write('sys/mounts/kv', { type: 'kv', options: { version: '2' } }, as);
  while ((await bao.ask('GET', 'kv/data/nothing', undefined, as)).status !== 404) await sleep(20);
}

async function trust(bao: OpenBao, issuer: Issuer, as: { readonly namespace?: string } = {}): Promise<void> {
  await bao.write('sys/auth/github', { type: 'jwt' }, as);
  await bao.write('auth/github/config', { oidc_discovery_url: issuer.issuer, bound_issuer: issuer.issuer }, as);
  await bao.write('sys/policies/acl/app', { policy }, as);
  const role = {
    role_type: 'jwt',
    user_claim: 'sub',
    bound_audiences: [bao.url],
    bound_claims: { repository_id: '74', environment: 'production' },
    token_policies: ['app'],
  };
  await bao.write('auth/github/role/deploy-production', { ...role, token_ttl: '10m' }, as);
  await bao.write('sys/auth/approle', { type: 'approle' }, as);
  await bao.write('auth/approle/role/deploy', { token_policies: ['app'], token_ttl: '10m' }, as);
}
