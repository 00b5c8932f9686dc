import { describe, expect, test } from 'vitest';
import type { StoreFacts } from '../../../../src/domain/secrets/store-facts.ts';
import { readTrustClaims, subjects } from '../../../../src/domain/secrets/trust/claims.ts';
import { trustAdvice } from '../../../../src/domain/secrets/trust/trust.ts';

const named = {
  iss: 'https://token.actions.githubusercontent.com',
  aud: 'https://vault.example.com:8200',
  sub: 'repo:acme/shop:environment:production',
  repository: 'acme/shop',
  repository_id: '123',
  repository_owner_id: '9',
  environment: 'production',
  ref: 'refs/heads/main',
};
const immutable = { ...named, sub: 'repo:acme@9/shop@123:environment:production' };
const { environment: _environment, ...noEnvironment } = { ...named, sub: 'repo:acme/shop:ref:refs/heads/main' };

const vault: StoreFacts = { type: 'vault', mount: 'github', role: 'deploy', audience: named.aud, engines: new Map() };
const aws: StoreFacts = { type: 'aws', region: 'eu-west-1', role: 'arn:aws:iam::123456789012:role/deploy' };
const azure: StoreFacts = { type: 'azure', vault: 'my-vault', tenant: 'tenant', client: 'client' };
const gcp: StoreFacts = {
  type: 'gcp',
  project: 'my-project',
  location: undefined,
  provider: 'projects/42/locations/global/workloadIdentityPools/pool/providers/github',
  serviceAccount: 'deploy@my-project.iam.gserviceaccount.com',
};

/** The first JSON object of the advice. */
function jsonOf(lines: readonly string[]): unknown {
  return JSON.parse(lines.slice(lines.indexOf('{'), lines.lastIndexOf('}') + 1).join('\n'));
}

describe('advice on trust', () => {
  test('begins with the claims that were sent, and leaves out what stores do not look at', () => {
    const lines = trustAdvice(vault, { ...named, jti: 'x', run_id: '5', iat: 1, repository: 'a\n::error::b' });
    expect(lines.slice(0, lines.indexOf(''))).toEqual([
      'The claims that GitHub sent:',
      'iss: https://token.actions.githubusercontent.com',
      'aud: https://vault.example.com:8200',
      'sub: repo:acme/shop:environment:production',
      'repository: a ::error::b',
      'repository_id: 123',
      'repository_owner_id: 9',
      'environment: production',
      'ref: refs/heads/main',
      'iat: 1',
    ]);
  });

  test.each([
    ['an environment', named, { repository_id: '123', environment: 'production' }],
    ['a subject with ids', immutable, { repository_id: '123', environment: 'production' }],
    ['no environment', noEnvironment, { repository_id: '123', ref: 'refs/heads/main' }],
  ])('for Vault is a role that binds ids, with %s', (_what, payload, bound) => {
    const lines = trustAdvice(vault, payload);
    expect(lines).toContain("vault write auth/github/role/deploy - <<'JSON'");
    expect(jsonOf(lines)).toMatchObject({
      bound_audiences: [named.aud],
      bound_claims: bound,
      user_claim: 'repository_id',
      token_policies: ['deploy'],
    });
    expect(lines.join('\n')).not.toContain('another audience');
  });

  test('for Vault tells an audience that is not the one of the store', () => {
    expect(trustAdvice(vault, { ...named, aud: 'other' }).join('\n')).toContain('another audience');
  });

  test.each([
    ['names', named, [named.sub, immutable.sub]],
    ['ids', immutable, immutable.sub],
  ])('for AWS is a trust policy for a subject with %s', (_what, payload, sub) => {
    const lines = trustAdvice(aws, payload);
    expect(jsonOf(lines)).toMatchObject({
      Statement: [
        {
          Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' },
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub': sub,
            },
          },
        },
      ],
    });
  });

  test.each([
    ['names', named, [named.sub, immutable.sub]],
    ['ids', immutable, [immutable.sub]],
  ])('for Azure is one federated credential for each subject, sent with %s', (_what, payload, expected) => {
    const created = trustAdvice(azure, payload).filter((line) =>
      line.startsWith('az ad app federated-credential create'),
    );
    expect(created.map((line) => JSON.parse(line.slice(line.indexOf("'") + 1, -1)).subject)).toEqual(expected);
  });

  test('warns of the subject without ids where the one with ids was sent', () => {
    for (const store of [aws, azure])
      expect(trustAdvice(store, immutable).filter((line) => line.includes(named.sub))).toEqual([
        expect.stringContaining('Take it out'),
      ]);
  });

  test('for Google is a mapping and a condition of the provider, and who may be the service account', () => {
    const [provider, account] = trustAdvice(gcp, named).slice(-2);
    expect(provider).toContain("workload-identity-pools providers update-oidc github '--project=42'");
    expect(provider).toContain(
      "assertion.repository_id == '\\''123'\\'' && assertion.environment == '\\''production'\\''",
    );
    expect(account).toContain('workloadIdentityPools/pool/attribute.repository_id/123');
  });

  test('for Google maps another subject where the own one is too long', () => {
    const long = { ...named, environment: 'e'.repeat(120), sub: `repo:acme/shop:environment:${'e'.repeat(120)}` };
    expect(trustAdvice(gcp, long).join('\n')).toContain(
      'google.subject=assertion.repository_id + ":" + assertion.environment',
    );
  });

  test('is the claims alone for stores without trust in GitHub', () => {
    expect(trustAdvice({ type: 'sops' }, named)).not.toContain('This would accept them:');
  });

  test('knows one form only of a subject that an organisation made up', () => {
    const made = readTrustClaims({ ...named, sub: 'environment:production:repository_owner:acme' });
    expect(subjects(made)).toEqual({ sent: made.subject, immutable: undefined, named: undefined });
  });

  test('is safe to paste into a shell', () => {
    const odd = { ...named, environment: "it's $(id)", sub: "repo:acme/shop:environment:it's $(id)" };
    const [created = ''] = trustAdvice(azure, odd).filter((line) => line.startsWith('az ad'));
    expect(created).toContain(`environment:it'\\''s $(id)"`);
  });
});
