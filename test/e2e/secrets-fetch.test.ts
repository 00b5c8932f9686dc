// secrets-fetch as a workflow uses it: the built action, real stores, and what the runner shows of it.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startIssuer } from '../rig/issuer.ts';
import { type JobRequest, type JobResult, runJob } from '../rig/job.ts';
import { suite } from '../rig/part.ts';
import { missingOpenBao, type OpenBao, startOpenBao } from '../rig/stores/openbao.ts';

const recorded = join(import.meta.dirname, '..', 'adapters', 'stores', 'recorded', 'sops');
const identity = readFileSync(join(recorded, 'identities.txt'), 'utf8');
const token = 'correct horse battery staple 1';
const password = "p@ss: 'word' é😀";
const workspace = mkdtempSync(join(tmpdir(), 'secrets-fetch-'));

beforeAll(() => {
  mkdirSync(join(workspace, '.github'));
  cpSync(join(recorded, 'values.enc.yaml'), join(workspace, 'secrets.enc.yaml'));
  writeFileSync(
    join(workspace, '.github', 'slipway.yml'),
    `stores:
  file: {type: sops, path: secrets.enc.yaml, identity: "env://AGE_KEY"}
secrets:
  DB_PASSWORD: file://db/password
  STRIPE_KEY: {from: "file://stripe_key", max_age: 1d}
`,
  );
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

function fetched(inputs: Readonly<Record<string, string>> = {}, more: Partial<JobRequest> = {}): Promise<JobResult> {
  const env = { AGE_KEY: identity, APP_TOKEN: token };
  return runJob({ action: 'secrets-fetch', workspace, with: inputs, ...more, env: { ...env, ...more.env } });
}

/** Everything that a person, a later job or another process could read of it. */
function shown(job: JobResult): string {
  return [job.log, job.summary, JSON.stringify(job.state), job.post?.log, job.post?.summary].join('\n');
}

describe('secrets-fetch with an encrypted file of the repository', () => {
  test('gives the secrets as one output, and shows their names, stores, versions and ages', async () => {
    const job = await fetched();
    expect(job.exitCode).toBe(0);
    expect(JSON.parse(job.outputs['secrets'] ?? '')).toEqual({ DB_PASSWORD: password, STRIPE_KEY: 'sk_test_1' });
    expect(job.summary).toContain('DB&#95;PASSWORD');
    expect(job.log).toContain('2 secrets fetched');
    expect(shown(job)).not.toContain(password);
    expect(shown(job)).not.toContain('sk_test_1');
  });

  test('adds lines of the step to those of the file', async () => {
    const job = await fetched({ secrets: '# of GitHub\nAPP_TOKEN = env://APP_TOKEN' });
    expect(JSON.parse(job.outputs['secrets'] ?? '')).toMatchObject({ DB_PASSWORD: password, APP_TOKEN: token });
    expect(shown(job)).not.toContain(token);
  });

  test('exports nothing unless it is asked to, and then every secret', async () => {
    expect((await fetched()).env).toEqual({});
    const job = await fetched({ 'export-env': 'true', 'export-outputs': 'true' });
    expect(job.env).toEqual({ DB_PASSWORD: password, STRIPE_KEY: 'sk_test_1' });
    expect(job.outputs).toMatchObject({ DB_PASSWORD: password, STRIPE_KEY: 'sk_test_1' });
    expect(shown(job)).not.toContain(password);
  });

  test('writes a file that this user alone can read, and removes it in the post step', async () => {
    const home = mkdtempSync(join(tmpdir(), 'secrets-temp-'));
    const path = join(home, 'app.env');
    try {
      const job = await fetched({ file: 'app.env', format: 'json' }, { env: { RUNNER_TEMP: home }, post: 'lost' });
      expect(job.outputs['file']).toBe(path);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ DB_PASSWORD: password, STRIPE_KEY: 'sk_test_1' });
      rmSync(path);
      expect((await fetched({ file: 'app.env' }, { env: { RUNNER_TEMP: home } })).post?.exitCode).toBe(0);
      expect(existsSync(path)).toBe(false);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  test('refuses a name that would steer programs, before anything is given away', async () => {
    const job = await fetched({ secrets: 'NODE_OPTIONS = env://APP_TOKEN', 'export-env': 'true' });
    expect(job).toMatchObject({ exitCode: 1, env: {} });
    expect(job.outputs['secrets']).toBeUndefined();
    expect(job.log).toContain('SECRET_NAME_REFUSED');
  });

  test('names the place of a line that cannot be read, and asks no store', async () => {
    const job = await fetched({ secrets: 'A = nowhere://x\nB kv/app' });
    expect(job.exitCode).toBe(1);
    expect(job.log).toMatch(/secrets:1:\d+/);
    expect(job.log).toMatch(/secrets:2:\d+/);
  });

  test('fails with the name of what is missing, and gives nothing away', async () => {
    const job = await fetched({ secrets: 'A = file://nobody' });
    expect(job.exitCode).toBe(1);
    expect(job.log).toContain('SECRET_MISSING');
    expect(job.outputs['secrets']).toBeUndefined();
  });

  test('`check` finds all of them without giving one, and says which are still outside of a store', async () => {
    const job = await fetched({ mode: 'check', secrets: 'APP_TOKEN = env://APP_TOKEN' });
    expect(job.exitCode).toBe(0);
    expect(job.log).toContain('3 secrets found');
    expect(job.log).toContain('1 secret still outside of a store: APP_TOKEN');
    expect(job.outputs['secrets']).toBeUndefined();
  });
});

suite('secrets-fetch with OpenBao', missingOpenBao(), () => {
  let bao: OpenBao;
  beforeAll(async () => {
    bao = await startOpenBao();
    await bao.write('secret/data/app', { data: { url: 'postgres://u:s3cr3tvalue@db/app', key: 'k-0123456789' } });
  });
  afterAll(() => bao[Symbol.asyncDispose]());

  test('reads fields of one path by a token, and prints the least policy', async () => {
    const stores = `main: {type: vault, url: "${bao.url}", auth: {method: token, token: "env://BAO_TOKEN"}}`;
    const lines = 'DATABASE_URL = main://secret/app#url\nAPI_KEY = main://secret/app#key';
    const inputs = { config: 'none.yml', stores, secrets: lines };
    const env = { BAO_TOKEN: bao.rootToken };
    const job = await fetched(inputs, { env });
    expect(JSON.parse(job.outputs['secrets'] ?? '{}')).toEqual({
      DATABASE_URL: 'postgres://u:s3cr3tvalue@db/app',
      API_KEY: 'k-0123456789',
    });
    expect(shown(job)).not.toContain('s3cr3tvalue');
    const policy = await fetched({ ...inputs, mode: 'policy' }, { env });
    expect(policy.log).toContain('path "secret/data/app"');
  });

  test('logs in by OIDC as the job, with the address of the store as audience, and says what a refused job showed', async () => {
    await using issuer = await startIssuer();
    await bao.write('sys/auth/github', { type: 'jwt' });
    await bao.write('auth/github/config', { oidc_discovery_url: issuer.issuer, bound_issuer: issuer.issuer });
    await bao.write('sys/policies/acl/app', { policy: 'path "secret/data/app" { capabilities = ["read"] }' });
    const role = { role_type: 'jwt', user_claim: 'sub', bound_audiences: [bao.url], token_policies: ['app'] };
    await bao.write('auth/github/role/deploy', { ...role, bound_claims: { environment: 'production' } });
    await bao.write('auth/github/role/other', { ...role, bound_claims: { environment: 'staging' } });
    const env = {
      ACTIONS_ID_TOKEN_REQUEST_URL: issuer.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.requestToken,
    };
    const as = (name: string) => {
      const stores = `main: {type: vault, url: "${bao.url}", auth: {method: jwt, mount: github, role: ${name}}}`;
      return fetched({ config: 'none.yml', stores, secrets: 'API_KEY = main://secret/app#key' }, { env });
    };
    const job = await as('deploy');
    expect(JSON.parse(job.outputs['secrets'] ?? '{}')).toEqual({ API_KEY: 'k-0123456789' });
    const refused = await as('other');
    expect(refused.exitCode).toBe(1);
    expect(refused.log).toContain('TRUST_REFUSED');
    expect(refused.log).toContain('environment');
    expect(refused.log).not.toContain('eyJ');
  });

  test('says that the store is sealed, and gives nothing away', async () => {
    await bao.seal();
    try {
      const stores = `main: {type: vault, url: "${bao.url}", auth: {method: token, token: "env://BAO_TOKEN"}}`;
      const inputs = { config: 'none.yml', stores: `${stores}`, secrets: 'A = main://secret/app#url' };
      writeFileSync(join(workspace, 'short.yml'), 'secrets_deadline: 2s\n');
      const job = await fetched({ ...inputs, config: 'short.yml' }, { env: { BAO_TOKEN: bao.rootToken } });
      expect(job.exitCode).toBe(1);
      expect(job.log).toContain('STORE_UNAVAILABLE');
    } finally {
      await bao.unseal();
    }
  });
});
