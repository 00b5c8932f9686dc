import { describe, expect, test } from 'vitest';
import { leastPolicy } from '../../../../src/domain/secrets/policies/policy.ts';
import type { Reference } from '../../../../src/domain/secrets/reference.ts';
import type { AwsFacts, AzureFacts, Engine, GcpFacts, StoreFacts } from '../../../../src/domain/secrets/store-facts.ts';
import { reference } from '../../../rig/references.ts';

const at = (...locators: readonly string[]): readonly Reference[] =>
  locators.map((locator) => reference('main', locator));
const vault = (engines: Readonly<Record<string, Engine>>): StoreFacts => ({
  type: 'vault',
  mount: 'github',
  role: 'deploy',
  audience: 'https://vault.example.com',
  engines: new Map(Object.entries(engines)),
});
const aws: AwsFacts = { type: 'aws', region: 'eu-west-1', role: 'arn:aws:iam::123456789012:role/deploy' };
const azure: AzureFacts = { type: 'azure', vault: 'my-vault', tenant: 'tenant', client: 'client' };
const gcp: GcpFacts = {
  type: 'gcp',
  project: 'my-project',
  location: undefined,
  provider: 'projects/42/locations/global/workloadIdentityPools/pool/providers/github',
  serviceAccount: 'deploy@my-project.iam.gserviceaccount.com',
};

const rules = (lines: readonly string[]) => lines.filter((line) => line !== '' && !line.startsWith('#'));
const revoke = 'path "auth/token/revoke-self" { capabilities = ["update"] }';

/** The statements of an AWS policy by their id. */
function statements(lines: readonly string[]): Readonly<Record<string, unknown>> {
  const { Statement } = JSON.parse(rules(lines).join('\n')) as {
    readonly Statement: readonly { readonly Sid: string; readonly Resource: unknown }[];
  };
  return Object.fromEntries(Statement.map(({ Sid, Resource }) => [Sid, Resource]));
}

describe('the least policy of Vault', () => {
  test.each<[string, Readonly<Record<string, Engine>>, string, readonly string[]]>([
    [
      'KV version 2',
      { kv: 'kv 2' },
      'kv/app/x',
      ['path "kv/data/app/x" { capabilities = ["read"] }', 'path "kv/metadata/app/x" { capabilities = ["read"] }'],
    ],
    ['KV version 1', { kv: 'kv 1' }, 'kv/app/x', ['path "kv/app/x" { capabilities = ["read"] }']],
    [
      'a mount of several parts',
      { 'team/kv': 'kv 2', team: 'kv 1' },
      'team/kv/x',
      ['path "team/kv/data/x" { capabilities = ["read"] }', 'path "team/kv/metadata/x" { capabilities = ["read"] }'],
    ],
    [
      'everything below a path',
      { kv: 'kv 2' },
      'kv/app/**',
      [
        'path "kv/data/app/*" { capabilities = ["read"] }',
        'path "kv/metadata/app/*" { capabilities = ["read", "list"] }',
      ],
    ],
    ['everything below the mount', { kv: 'kv 1' }, 'kv/**', ['path "kv/*" { capabilities = ["read", "list"] }']],
    [
      'leased secrets',
      { database: 'leased' },
      'database/creds/app',
      [
        'path "database/creds/app" { capabilities = ["read"] }',
        'path "sys/leases/renew" { capabilities = ["update"] }',
      ],
    ],
    [
      'a mount that is not known',
      {},
      'kv/app',
      [
        'path "kv/app" { capabilities = ["read"] }',
        'path "kv/data/app" { capabilities = ["read"] }',
        'path "kv/metadata/app" { capabilities = ["read"] }',
      ],
    ],
    ['a name with signs of HCL', { kv: 'kv 1' }, 'kv/a"b', ['path "kv/a\\"b" { capabilities = ["read"] }']],
  ])('names %s', (_what, engines, locator, lines) => {
    expect(rules(leastPolicy(vault(engines), at(locator)))).toEqual([...lines, revoke]);
  });

  test('names each path once, whatever is taken of it', () => {
    expect(rules(leastPolicy(vault({ kv: 'kv 1' }), at('kv/b', 'kv/a', 'kv/b')))).toEqual([
      'path "kv/a" { capabilities = ["read"] }',
      'path "kv/b" { capabilities = ["read"] }',
      revoke,
    ]);
  });

  test.each(['kv/+/x', 'kv/a*', 'kv/{{identity.entity.id}}', 'kv/${x}'])(
    'does not name %s, which means other paths',
    (locator) => {
      expect(rules(leastPolicy(vault({ kv: 'kv 1' }), at(locator)))).toEqual([revoke]);
    },
  );
});

describe('the least policy of AWS', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret';

  test('names one secret by its name and the six characters behind it', () => {
    expect(statements(leastPolicy(aws, at('prod/app')))).toEqual({ ReadTheseSecrets: [`${arn}:prod/app-??????`] });
  });

  test('names a whole ARN as it is', () => {
    expect(statements(leastPolicy(aws, at(`${arn}:prod/app-AbCdEf`)))).toEqual({
      ReadTheseSecrets: [`${arn}:prod/app-AbCdEf`],
    });
  });

  test('allows batches and lists where they are used', () => {
    expect(statements(leastPolicy(aws, at('prod/app', 'all/**')))).toEqual({
      ReadTheseSecrets: [`${arn}:all/*`, `${arn}:prod/app-??????`],
      ReadThemInBatches: '*',
      FindThem: '*',
    });
  });

  test.each([
    ['cn-north-1', 'arn:aws-cn:secretsmanager:cn-north-1:*:secret:x-??????'],
    ['us-gov-west-1', 'arn:aws-us-gov:secretsmanager:us-gov-west-1:*:secret:x-??????'],
  ])('knows the partition of %s', (region, resource) => {
    expect(statements(leastPolicy({ type: 'aws', region, role: undefined }, at('x')))).toEqual({
      ReadTheseSecrets: [resource],
    });
  });
});

describe('the least policy of other stores', () => {
  test('is a role on each secret of a key vault', () => {
    const scope = '/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/my-vault';
    expect(rules(leastPolicy(azure, at('my-vault/cert', 'db')))).toEqual([
      `az role assignment create --role 'Key Vault Secrets User' --assignee client --scope ${scope}/secrets/db`,
      `az role assignment create --role 'Key Vault Secrets User' --assignee client --scope ${scope}/secrets/cert`,
      'az keyvault set-policy --name my-vault --spn client --secret-permissions get',
    ]);
    expect(rules(leastPolicy(azure, at('my-vault/**')))).toEqual([
      `az role assignment create --role 'Key Vault Secrets User' --assignee client --scope ${scope}`,
      'az keyvault set-policy --name my-vault --spn client --secret-permissions get list',
    ]);
  });

  test('is two roles on each secret of Google', () => {
    const [access, view, ...more] = rules(leastPolicy({ ...gcp, location: 'europe-west3' }, at('my-project/token')));
    expect(access).toBe(
      "gcloud secrets add-iam-policy-binding token '--project=my-project' '--location=europe-west3' '--role=roles/secretmanager.secretAccessor' '--member=serviceAccount:deploy@my-project.iam.gserviceaccount.com'",
    );
    expect(view).toContain("'--role=roles/secretmanager.viewer'");
    expect(more).toEqual([]);
  });

  test('is for the pool where Google has no service account', () => {
    expect(rules(leastPolicy({ ...gcp, serviceAccount: undefined }, at('token')))[0]).toContain(
      "'--member=principalSet://iam.googleapis.com/projects/42/locations/global/workloadIdentityPools/pool/attribute.repository_id/REPOSITORY_ID'",
    );
  });

  test.each(['sops', 'command', 'env'] as const)('is a remark for %s', (type) => {
    expect(rules(leastPolicy({ type }, at('x')))).toEqual([]);
  });

  test('is safe to paste into a shell', () => {
    expect(rules(leastPolicy(gcp, at("$(id)'")))[0]).toContain(`add-iam-policy-binding '$(id)'\\''' `);
  });
});
