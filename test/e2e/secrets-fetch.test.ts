import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Issuer, startIssuer } from '../rig/issuer.ts';
import { type JobRequest, type JobResult, runJob } from '../rig/job.ts';
import { suite } from '../rig/part.ts';
import { watchArguments } from '../rig/process-arguments.ts';
import { readCommand } from '../rig/runner-files.ts';
import { RunnerMasker } from '../rig/runner-masker.ts';
import { type Authority, makeAuthority } from '../rig/stores/authority.ts';
import { type Aws, lackingAws, startAws } from '../rig/stores/aws.ts';
import { missingOpenBao, type OpenBao, startOpenBao } from '../rig/stores/openbao.ts';
import { missingPostgres, type Postgres, startPostgres } from '../rig/stores/postgres.ts';
import { ageKey, encrypted, missingSops } from '../rig/stores/sops.ts';

const canary = 'c4n4ry-9Xk/2+Q=_value';
const key =
  '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END KEY-----\n';

const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** A checked-out repository with these files. */
function repository(files: Readonly<Record<string, string>> = {}): string {
  const home = mkdtempSync(join(tmpdir(), 'slipway-fetch-'));
  homes.push(home);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  return home;
}

const direct = { stores: '{}' };

async function fetch(
  inputs: Readonly<Record<string, string>>,
  more: Partial<Omit<JobRequest, 'action' | 'with'>> = {},
): Promise<JobResult> {
  return await runJob({ action: 'secrets-fetch', with: inputs, workspace: repository(), ...more });
}

/** The log without the commands that tell the runner what to mask. */
function unmaskedLog({ rawLog, post }: JobResult): string {
  const lines = [rawLog, post?.rawLog ?? ''].join('\n').split('\n');
  return lines.filter((line) => readCommand(line)?.name !== 'add-mask').join('\n');
}

/** Where a value stands that should not. */
function leaksOf(job: JobResult, values: readonly string[]): readonly string[] {
  const places = {
    log: unmaskedLog(job),
    summary: job.summary,
    'summary of post': job.post?.summary ?? '',
    state: JSON.stringify(job.state),
    annotations: JSON.stringify(job.annotations),
  };
  const lines = values.flatMap((value) => value.split('\n')).filter((line) => line !== '' && !line.startsWith('-----'));
  return Object.entries(places).flatMap(([place, text]) => (lines.some((line) => text.includes(line)) ? [place] : []));
}

/** The codes of what went wrong, from the annotations. */
function codes({ annotations }: JobResult): readonly string[] {
  return annotations.filter(({ name }) => name === 'error').map(({ properties }) => properties['title'] ?? '');
}

describe('secrets of the step', () => {
  const env = { A_TOKEN: canary, A_KEY: key, SHORT: 'no', LEVEL: 'chatty' };
  const secrets = 'TOKEN = env://A_TOKEN\nKEY = env://A_KEY';

  test('come as one JSON object, masked before the first line, and nowhere else', async () => {
    using seen = watchArguments([canary]);
    const job = await fetch({ ...direct, secrets }, { env });
    expect([job.exitCode, job.post?.exitCode]).toEqual([0, 0]);
    expect(JSON.parse(job.outputs['secrets'] ?? '')).toEqual({ TOKEN: canary, KEY: key });
    expect(leaksOf(job, [canary, key])).toEqual([]);
    expect(seen.found).toEqual([]);
    expect([job.env, Object.keys(job.outputs).toSorted()]).toEqual([{}, ['secrets', 'stale']]);
    expect(job.log).toContain('fetched 2 secrets from 1 store');
    expect(job.summary).toContain('| TOKEN | env |');
    const first = job.rawLog.split('\n').findIndex((line) => readCommand(line)?.name !== 'add-mask');
    expect(job.rawLog.split('\n').slice(0, first).join('\n')).toContain(`::add-mask::${canary}`);
  });

  test('are hidden by the runner in later steps, in the forms in which programs print them', async () => {
    const job = await fetch({ ...direct, secrets }, { env });
    const runner = new RunnerMasker();
    for (const line of job.rawLog.split('\n')) {
      const command = readCommand(line);
      if (command?.name === 'add-mask') runner.addMask(command.value);
    }
    const bytes = Buffer.from(canary);
    const forms = [
      canary,
      bytes.toString('hex'),
      encodeURIComponent(canary),
      JSON.stringify({ token: canary }),
      ...key.split('\n').filter((line) => line !== '' && !line.startsWith('-----')),
    ];
    for (const form of forms) {
      const shown = runner.log(`it is ${form}.`);
      expect(shown).toContain('***');
      expect(shown).not.toContain(form);
    }
    expect(runner.log(bytes.toString('base64'))).toMatch(/^.{0,6}\*\*\*.{0,6}$/);
  });

  test('are given to later steps and outputs where that is asked for, whatever lines they have', async () => {
    const job = await fetch({ ...direct, secrets, 'export-env': 'true', 'export-outputs': 'true' }, { env });
    expect(job.exitCode).toBe(0);
    expect(job.env).toEqual({ TOKEN: canary, KEY: key });
    expect(job.outputs).toMatchObject({ TOKEN: canary, KEY: key });
    expect(job.log).toContain('GitHub drops them where a job makes them outputs of its own');
    expect(leaksOf(job, [canary, key])).toEqual([]);
  });

  test('that cannot be masked are refused by name, and given where that is written', async () => {
    const short = 'SHORT = env://SHORT';
    const refused = await fetch({ ...direct, secrets: `${short}\nTOKEN = env://A_TOKEN` }, { env });
    expect([refused.exitCode, codes(refused)]).toEqual([1, ['SECRET_VALUE_REFUSED']]);
    expect([refused.outputs, refused.env]).toEqual([{}, {}]);
    expect(refused.log).toContain('The value of SHORT cannot be masked: it is too short.');
    const shown = await fetch(
      { ...direct, secrets: `${short} mask=false\nLEVEL = env://LEVEL mask=false`, 'export-env': 'true' },
      { env },
    );
    expect([shown.exitCode, shown.env]).toEqual([0, { SHORT: 'no', LEVEL: 'chatty' }]);
    expect(shown.rawLog).not.toContain('::add-mask::chatty');
  });

  test('with names that steer programs are refused before anything is read', async () => {
    const job = await fetch({ ...direct, secrets: 'LD_PRELOAD = env://MISSING', 'export-env': 'true' }, { env });
    expect([job.exitCode, codes(job)]).toEqual([1, ['SECRET_NAME_REFUSED']]);
  });

  test('that are wrong are told together, with line and column, and nothing is given', async () => {
    const job = await fetch({ ...direct, secrets: 'A = main://x\nB - env://B\n\nC = env://path' }, { env });
    expect(job.exitCode).toBe(1);
    for (const place of ['secrets:1:5', 'secrets:2:1', 'secrets:4:']) expect(job.log).toContain(place);
    const missing = await fetch({ ...direct, secrets: 'A = env://NONE_A\nB = env://NONE_B' }, { env });
    expect(missing.log).toContain('env://NONE_A is empty or not set.');
    expect(missing.log).toContain('env://NONE_B is empty or not set.');
  });

  test('stand in a file that only this user can read, until the job ends', async () => {
    const temp = repository();
    const before: { mode?: number; text?: string } = {};
    const job = await fetch(
      { ...direct, secrets: 'TOKEN = env://A_TOKEN', file: 'conf/app.env' },
      {
        env: { ...env, RUNNER_TEMP: temp },
        watch: (line) => {
          if (!line.startsWith('given to the file')) return;
          before.mode = statSync(join(temp, 'conf/app.env')).mode & 0o777;
        },
      },
    );
    expect([job.exitCode, job.outputs['file'], before.mode]).toEqual([0, join(temp, 'conf/app.env'), 0o600]);
    expect(job.state).toEqual({ file: join(temp, 'conf/app.env') });
    expect(job.post?.log).toContain('removed ');
    expect(existsSync(join(temp, 'conf/app.env'))).toBe(false);
    expect(leaksOf(job, [canary])).toEqual([]);
  });

  test.each(['../out.env', '/etc/out.env', '.'])('are not written to %s', async (file) => {
    const job = await fetch({ ...direct, secrets: 'TOKEN = env://A_TOKEN', file }, { env });
    expect([job.exitCode, codes(job)]).toEqual([1, ['INPUT_INVALID']]);
    expect(job.outputs).toEqual({});
  });

  test('are not written over a file that is there, and that one stays', async () => {
    const temp = repository({ 'app.env': 'mine' });
    const job = await fetch(
      { ...direct, secrets: 'TOKEN = env://A_TOKEN', file: 'app.env' },
      { env: { ...env, RUNNER_TEMP: temp } },
    );
    expect([job.exitCode, codes(job), existsSync(join(temp, 'app.env'))]).toEqual([1, ['INPUT_INVALID'], true]);
  });

  test('come from a configuration that holds nothing else, and from the lines besides', async () => {
    const workspace = repository({ '.github/slipway.yml': 'secrets: {TOKEN: "env://A_TOKEN"}\n' });
    const job = await fetch({ secrets: 'KEY = env://A_KEY' }, { env, workspace });
    expect(Object.keys(JSON.parse(job.outputs['secrets'] ?? '{}'))).toEqual(['TOKEN', 'KEY']);
    const twice = await fetch({ secrets: 'TOKEN = env://A_KEY' }, { env, workspace });
    expect([twice.exitCode, codes(twice)]).toEqual([1, ['REFERENCE_INVALID']]);
  });

  test('of an event that anybody can cause are refused', async () => {
    const job = await fetch({ ...direct, secrets }, { env: { ...env, GITHUB_EVENT_NAME: 'pull_request_target' } });
    expect([job.exitCode, codes(job)]).toEqual([1, ['TRIGGER_REFUSED']]);
  });

  test('in the syntax of another action come later', async () => {
    const job = await fetch({ ...direct, secrets, syntax: 'vault-action' }, { env });
    expect([job.exitCode, codes(job)]).toEqual([1, ['NOT_YET']]);
  });
});

suite('secrets of OpenBao and of a SOPS file', missingOpenBao() ?? missingSops(), () => {
  let bao: OpenBao;
  let issuer: Issuer;
  const age = missingSops() === undefined ? ageKey() : { identity: '', recipient: '' };

  beforeAll(async () => {
    [bao, issuer] = await Promise.all([startOpenBao(), startIssuer()]);
    await bao.write('secret/data/app', { data: { url: `postgres://u:${canary}@db/x`, key } });
    await bao.write('sys/policies/acl/app', {
      policy:
        'path "secret/*" { capabilities = ["read", "list"] }\npath "database/creds/+" { capabilities = ["read"] }',
    });
    await bao.write('sys/auth/github', { type: 'jwt' });
    await bao.write('auth/github/config', { oidc_discovery_url: issuer.issuer, bound_issuer: issuer.issuer });
    await bao.write('auth/github/role/deploy-production', {
      role_type: 'jwt',
      user_claim: 'repository_id',
      bound_audiences: [bao.url],
      bound_claims: { repository_id: '74', environment: 'production' },
      token_policies: ['app'],
      token_ttl: '10m',
    });
  });

  afterAll(async () => {
    await bao?.[Symbol.asyncDispose]();
    await issuer?.[Symbol.asyncDispose]();
  });

  const identity = (): Readonly<Record<string, string>> => ({
    ACTIONS_ID_TOKEN_REQUEST_URL: issuer.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.requestToken,
    GITHUB_SERVER_URL: issuer.serverUrl,
    GITHUB_REPOSITORY: 'octo/shop',
    GITHUB_RUN_ID: '1001',
    GITHUB_SHA: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
  });
  const main = (): object => ({
    type: 'vault',
    url: bao.url,
    auth: { method: 'jwt', mount: 'github', role: 'deploy-production' },
  });
  const tokens = async (): Promise<number> => {
    const { body } = await bao.ask('LIST', 'auth/token/accessors');
    return (body['data'] as { readonly keys: readonly string[] }).keys.length;
  };

  test('are fetched together, and the token of the store is revoked', async () => {
    const workspace = repository({
      'secrets.enc.yaml': encrypted('stripe: sk_live_canary_51Hx\n', { format: 'yaml', recipients: [age.recipient] }),
    });
    const stores = stringify({ main: main(), file: { type: 'sops', path: 'secrets.enc.yaml', identity: 'env://AGE' } });
    const before = await tokens();
    using seen = watchArguments([canary, age.identity, 'sk_live_canary_51Hx']);
    const job = await fetch(
      { stores, secrets: 'URL = main://secret/app#url\nAPP_* = main://secret/app\nSTRIPE = file://stripe' },
      { workspace, env: { ...identity(), AGE: age.identity } },
    );
    expect([job.exitCode, codes(job)]).toEqual([0, []]);
    expect(JSON.parse(job.outputs['secrets'] ?? '')).toEqual({
      URL: `postgres://u:${canary}@db/x`,
      APP_URL: `postgres://u:${canary}@db/x`,
      APP_KEY: key,
      STRIPE: 'sk_live_canary_51Hx',
    });
    expect(leaksOf(job, [canary, key, age.identity, 'sk_live_canary_51Hx', issuer.requestToken])).toEqual([]);
    expect(seen.found).toEqual([]);
    expect(await tokens()).toBe(before);
    expect(job.summary).toMatch(/\| URL \| main \| 1 \| 0 min \|/);
  });

  test('are checked without a value, all faults at once, with what is still outside', async () => {
    const workspace = repository({
      '.github/slipway.yml': stringify({
        application: 'shop',
        deploy_to: '/srv/shop',
        linked_files: ['.env', 'config/master.key'],
        stages: { production: { servers: [{ host: 'web1.example.com', user: 'deploy' }] } },
        stores: { main: main() },
        secrets: { URL: 'main://secret/app#url', GONE: 'main://secret/gone', OLD: 'env://OLD' },
        deliver: [{ to: 'shared/.env', format: 'dotenv', secrets: ['URL'] }],
      }),
    });
    const env = { ...identity(), OLD: canary };
    const job = await fetch({ mode: 'check' }, { workspace, env });
    expect([job.exitCode, codes(job)]).toEqual([1, ['SECRET_MISSING']]);
    expect(job.outputs).toEqual({});
    expect(job.log).toContain('1 secret still comes from `env://`, outside of any store: OLD');
    expect(job.log).toContain(
      '1 linked file is kept on the servers by hand, since nothing delivers it: config/master.key',
    );
    expect(leaksOf(job, [canary])).toEqual([]);
  });

  test('need a policy that is printed without asking any store', async () => {
    const job = await fetch({
      mode: 'policy',
      stores: stringify({ main: main() }),
      secrets: 'A = main://secret/app#key',
    });
    expect(job.exitCode).toBe(0);
    expect(job.log).toContain('path "secret/data/app" { capabilities = ["read"] }');
    expect(job.summary).toContain('path "secret/data/app" { capabilities = ["read"] }');
  });

  test('of a store that does not trust the job are refused, with the claims and the role that would', async () => {
    issuer.behaviour.claims = { environment: 'staging' };
    const job = await fetch(
      { stores: stringify({ main: main() }), secrets: 'A = main://secret/app#url' },
      { env: identity() },
    );
    issuer.reset();
    expect([job.exitCode, codes(job)]).toEqual([1, ['TRUST_REFUSED']]);
    expect(job.log).toContain('environment: staging');
    expect(job.log).toContain('vault write auth/github/role/deploy-production -');
    expect(job.rawLog).not.toMatch(/^(?!::add-mask::).*eyJ/m);
  });

  test('of a stage that names its environment are refused to a job of another one, before its store is asked', async () => {
    const workspace = repository({
      '.github/slipway.yml': stringify({
        application: 'shop',
        deploy_to: '/srv/shop',
        stages: { production: { environment: 'production', servers: [{ host: 'web1.example.com', user: 'deploy' }] } },
        stores: { main: main() },
        secrets: { URL: 'main://secret/app#url' },
      }),
    });
    const inside = await fetch({}, { workspace, env: identity() });
    expect([codes(inside), inside.exitCode]).toEqual([[], 0]);
    issuer.behaviour.claims = { environment: 'staging', sub: 'repo:octo@70/shop@74:environment:staging' };
    const outside = await fetch({}, { workspace, env: identity() });
    issuer.reset();
    expect([outside.exitCode, codes(outside)]).toEqual([1, ['WRONG_ENVIRONMENT']]);
    expect(outside.outputs).toEqual({});
  });

  describe('whose step is ended while another store is slow', () => {
    const slow = { type: 'command', run: ['sh', '-c', 'sleep 60; echo', '{locator}'], timeout: '60s' };
    const inputs = () => ({
      stores: stringify({ main: main(), slow }),
      secrets: 'A = main://secret/app#url\nB = slow://x',
      file: 'app.env',
    });

    test('leave no token when it is cancelled', async () => {
      const before = await tokens();
      const job = await fetch(inputs(), { env: identity(), cancel: { after: 3000 } });
      expect([job.exitCode, codes(job)]).toEqual([1, ['CANCELLED']]);
      expect(await tokens()).toBe(before);
    });

    test('leave no token when it is killed, for its post step revokes it', async () => {
      const before = await tokens();
      const job = await fetch(inputs(), { env: identity(), kill: { after: 3000 } });
      expect(job.exitCode).toBeUndefined();
      expect(Object.keys(job.state)).toEqual(['revoke']);
      expect(job.post?.log).toContain('revoked what main gave to this job');
      expect(await tokens()).toBe(before);
    });
  });

  suite('with credentials that are lent', missingPostgres(), () => {
    let postgres: Postgres;
    beforeAll(async () => {
      postgres = await startPostgres();
      await lendFrom(postgres, bao);
    });
    afterAll(() => postgres?.[Symbol.asyncDispose]());

    const lent = async (more: { readonly post?: 'lost' }) => {
      const secrets = 'DB_* = main://database/creds/app';
      const job = await fetch({ stores: stringify({ main: main() }), secrets }, { env: identity(), ...more });
      const given = JSON.parse(job.outputs['secrets'] ?? '{}') as Record<string, string>;
      const { DB_USERNAME = '', DB_PASSWORD = '' } = given;
      return { job, password: DB_PASSWORD, work: () => postgres.letsIn(DB_USERNAME, DB_PASSWORD) };
    };

    test('work after the step', async () => {
      const { job, work } = await lent({ post: 'lost' });
      expect([job.exitCode, await work()]).toEqual([0, true]);
    });

    test('are useless after the job', async () => {
      const before = await tokens();
      const { job, password, work } = await lent({});
      expect([job.exitCode, leaksOf(job, [password])]).toEqual([0, []]);
      expect(job.post?.log).toContain('revoked what main gave to this job');
      await expect.poll(work, { timeout: 30_000 }).toBe(false);
      expect(await tokens()).toBe(before);
    });
  });
});

suite('secrets of AWS', lackingAws(), () => {
  let authority: Authority;
  let issuer: Issuer;
  let aws: Aws;
  let role: string;

  beforeAll(async () => {
    authority = makeAuthority();
    issuer = await startIssuer();
    aws = await startAws(authority, issuer.issuer);
    role = await aws.role('deploy', ['repo:octo@70/shop@74:environment:production']);
    await aws.allow('deploy', [
      { actions: ['GetSecretValue', 'DescribeSecret', 'BatchGetSecretValue'], resource: '*' },
    ]);
    await aws.put('prod/app', JSON.stringify({ token: canary }));
  });
  afterAll(async () => {
    await aws?.[Symbol.asyncDispose]();
    await issuer?.[Symbol.asyncDispose]();
  });

  test('are read with the identity of the job alone, over our own authority', async () => {
    const { origin } = aws.service;
    const store = { type: 'aws', region: aws.region, role, endpoint: origin, sts_endpoint: origin, ca: 'ca.pem' };
    const job = await fetch(
      { stores: stringify({ aws: store }), secrets: 'TOKEN = aws://prod/app#token' },
      {
        workspace: repository({ 'ca.pem': authority.ca }),
        env: {
          ACTIONS_ID_TOKEN_REQUEST_URL: issuer.requestUrl,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.requestToken,
        },
      },
    );
    expect([job.exitCode, codes(job)]).toEqual([0, []]);
    expect(JSON.parse(job.outputs['secrets'] ?? '')).toEqual({ TOKEN: canary });
    expect(leaksOf(job, [canary])).toEqual([]);
    expect(job.env).toEqual({});
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
  await bao.write('database/roles/app', { db_name: 'main', creation_statements, default_ttl: '5m', max_ttl: '1h' });
}
