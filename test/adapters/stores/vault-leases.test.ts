import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import { type Issuer, startIssuer } from '../../rig/issuer.ts';
import { suite } from '../../rig/part.ts';
import { missingOpenBao, type OpenBao, startOpenBao } from '../../rig/stores/openbao.ts';
import { missingPostgres, type Postgres, startPostgres } from '../../rig/stores/postgres.ts';
import { type Opened, open, revealed } from './vault-opening.ts';

const policy = `
path "database/creds/+" { capabilities = ["read"] }
path "database/static-creds/lasting" { capabilities = ["read"] }
`;

suite('Vault lends database users, which', missingOpenBao() ?? missingPostgres(), () => {
  let bao: OpenBao;
  let issuer: Issuer;
  let postgres: Postgres;

  beforeAll(async () => {
    [bao, issuer, postgres] = await Promise.all([startOpenBao(), startIssuer(), startPostgres()]);
    await lendFrom(postgres, bao);
    await trust(bao, issuer);
  });

  afterAll(async () => {
    await Promise.all([bao, issuer, postgres].map((part) => part[Symbol.asyncDispose]()));
  });

  const asJob = (role = 'deploy') =>
    open(bao.url, { method: 'jwt', mount: 'jwt', role }, { idToken: (audience) => issuer.token(audience) });

  const lent = async (job: Opened, path = 'database/creds/app') => {
    const [entry] = await job.entries(path);
    const { username = '', password = '' } = revealed(entry);
    return { entry, worksAs: () => postgres.letsIn(username, password), username };
  };

  test('work while the run goes on and are useless afterwards', async () => {
    const job = asJob();
    const { entry, worksAs } = await lent(job);
    expect(entry).toMatchObject({
      version: undefined,
      created: expect.any(Date),
      expires: entry?.lease?.ends,
      lease: { id: expect.stringMatching(/^database\/creds\/app\//), renewable: 'renewable' },
    });
    expect(await worksAs()).toBe(true);
    await job[Symbol.asyncDispose]();
    // The store ends the leases of a revoked token by itself, a moment later.
    await expect.poll(worksAs, { timeout: 30_000 }).toBe(false);
  });

  test('are lent once, however many fields are named', async () => {
    await using job = asJob();
    const [first, second] = await job.entries('database/creds/app', 'database/creds/app');
    expect(revealed(first)).toEqual(revealed(second));
  });

  test('are renewed for as long as the run needs them', async () => {
    await using job = asJob();
    const { entry, worksAs } = await lent(job);
    const ends = entry?.lease?.ends.getTime() ?? 0;
    expect(await job.store.renew(new Date(ends + 60_000))).toEqual([]);
    const { body } = await bao.ask('POST', 'sys/leases/lookup', { lease_id: entry?.lease?.id });
    expect(Date.parse(String((body['data'] as { readonly expire_time: string }).expire_time))).toBeGreaterThan(ends);
    expect(await worksAs()).toBe(true);
  });

  test('are refused where their role ends them before the run does', async () => {
    await using job = asJob();
    await lent(job, 'database/creds/brief');
    expect(await job.store.renew(new Date(Date.now() + 120_000))).toMatchObject([
      {
        code: 'LEASED_SECRET',
        message: expect.stringMatching(
          /^What database\/creds\/brief of the store main lends ends at 20.*, before the run does\.$/,
        ),
      },
    ]);
  });

  test('are refused where the login ends before the run does', async () => {
    await using job = asJob('hasty');
    await lent(job);
    expect(await job.store.renew(new Date(Date.now() + 40 * 60_000))).toMatchObject([{ code: 'LEASED_SECRET' }]);
  });

  test('end with the token that they were lent under', async () => {
    let later = 0;
    const clock = { ...systemClock, now: () => new Date(Date.now() + later) };
    const auth = { method: 'jwt', mount: 'jwt', role: 'hasty' } as const;
    await using job = open(bao.url, auth, { idToken: (audience) => issuer.token(audience), clock });
    const { entry } = await lent(job, 'database/creds/long');
    later = 5 * 60_000;
    const until = new Date(Date.now() + later + 20_000);
    expect(entry?.lease?.ends.getTime()).toBeGreaterThan(until.getTime());
    expect(await job.store.renew(until)).toMatchObject([{ code: 'LEASED_SECRET' }]);
  });

  test('are taken back one by one where the token cannot be revoked', async () => {
    const job = asJob('batch');
    const { worksAs } = await lent(job);
    expect(job.masked[1]).toMatch(/^b\./);
    expect(await worksAs()).toBe(true);
    await job[Symbol.asyncDispose]();
    expect(await worksAs()).toBe(false);
  });

  test('are taken back from a token that was given, which stays', async () => {
    const job = open(bao.url, { method: 'token', token: new Secret('test', bao.rootToken) });
    const { worksAs } = await lent(job);
    await job[Symbol.asyncDispose]();
    expect(await worksAs()).toBe(false);
    expect((await bao.ask('GET', 'auth/token/lookup-self')).status).toBe(200);
  });

  test('are not made by a check', async () => {
    await using job = asJob();
    expect(await job.checked('database/creds/unlent')).toMatchObject({ entries: [{ content: { kind: 'not read' } }] });
    await using root = open(bao.url, { method: 'token', token: new Secret('test', bao.rootToken) });
    expect(await job.refusal('database/roles/app')).toMatchObject({ code: 'STORE_DENIED' });
    expect(await root.refusal('database/**')).toMatchObject({ code: 'REFERENCE_INVALID' });
    expect((await bao.ask('LIST', 'sys/leases/lookup/database/creds/unlent')).status).toBe(404);
  });

  test('have a password that the store changes in time, when they are lasting ones', async () => {
    await using job = asJob();
    const [entry] = await job.entries('database/static-creds/lasting');
    const { username, password } = revealed(entry);
    expect(Object.keys(revealed(entry)).sort()).toEqual(['password', 'username']);
    expect(await postgres.letsIn(username ?? '', password ?? '')).toBe(true);
    expect(entry).toMatchObject({ created: expect.any(Date), lease: undefined, rotation: { state: 'scheduled' } });
    const wait = (entry?.rotation.next?.getTime() ?? 0) - Date.now();
    expect(wait).toBeGreaterThan(23 * 3_600_000);
    expect(wait).toBeLessThanOrEqual(24 * 3_600_000);
  });
});

async function lendFrom(postgres: Postgres, bao: OpenBao): Promise<void> {
  await bao.write('sys/mounts/database', { type: 'database' });
  await bao.write('database/config/main', {
    plugin_name: 'postgresql-database-plugin',
    allowed_roles: '*',
    connection_url: `postgresql://{{username}}:{{password}}@127.0.0.1:${postgres.port}/postgres?sslmode=disable`,
    username: 'postgres',
    password: postgres.password,
    password_authentication: 'scram-sha-256',
  });
  const creation_statements = [`CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'`];
  const role = { db_name: 'main', creation_statements };
  await bao.write('database/roles/app', { ...role, default_ttl: '60s', max_ttl: '1h' });
  await bao.write('database/roles/brief', { ...role, default_ttl: '20s', max_ttl: '60s' });
  await bao.write('database/roles/long', { ...role, default_ttl: '1h', max_ttl: '2h' });
  await bao.write('database/roles/unlent', role);
  await postgres.run("CREATE ROLE lasting LOGIN PASSWORD 'first'");
  await bao.write('database/static-roles/lasting', { db_name: 'main', username: 'lasting', rotation_period: '24h' });
}

async function trust(bao: OpenBao, issuer: Issuer): Promise<void> {
  await bao.write('sys/auth/jwt', { type: 'jwt' });
  await bao.write('auth/jwt/config', { oidc_discovery_url: issuer.issuer, bound_issuer: issuer.issuer });
  const revoking = 'path "sys/leases/revoke" { capabilities = ["update"] }';
  await bao.write('sys/policies/acl/app', { policy });
  await bao.write('sys/policies/acl/revoking', { policy: revoking });
  const role = {
    role_type: 'jwt',
    user_claim: 'sub',
    bound_audiences: [bao.url],
    bound_claims: { repository_id: '74' },
    token_policies: ['app'],
  };
  await bao.write('auth/jwt/role/deploy', { ...role, token_ttl: '30m' });
  await bao.write('auth/jwt/role/hasty', { ...role, token_ttl: '5m', token_max_ttl: '10m' });
  const batch = { token_type: 'batch', token_policies: ['app', 'revoking'] };
  await bao.write('auth/jwt/role/batch', { ...role, ...batch, token_ttl: '10m' });
}
