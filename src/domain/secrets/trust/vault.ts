import { render } from '../../remote/shell.ts';
import type { VaultFacts } from '../store-facts.ts';
import type { TrustClaims } from './claims.ts';
import { boundTo } from './claims.ts';

/**
 * A JWT role that binds ids and the environment rather than `sub`, of which there are two forms.
 * The alias is the repository's id: OpenBao since 2.6 refuses policies whose templates are filled with a slash, as OWNER/NAME has one.
 */
export function vaultTrust({ mount, role, audience }: VaultFacts, claims: TrustClaims): readonly string[] {
  const { claim, value } = boundTo(claims);
  const body = {
    role_type: 'jwt',
    user_claim: 'repository_id',
    bound_audiences: [audience],
    bound_claims: { repository_id: claims.repositoryId, [claim]: value },
    claim_mappings: { repository_id: 'repository_id', [claim]: claim },
    token_policies: [role],
    token_ttl: '15m',
    token_max_ttl: '30m',
  };
  return [
    `${render(['vault', 'write', `auth/${mount}/role/${role}`, '-'])} <<'JSON'`,
    ...JSON.stringify(body, undefined, 2).split('\n'),
    'JSON',
    '# `bao` takes the same. The policy of that name is what `mode: policy` of secrets-fetch prints.',
    `# The method must know the issuer: ${render(['vault', 'write', `auth/${mount}/config`, `oidc_discovery_url=${claims.issuer}`, `bound_issuer=${claims.issuer}`])}`,
    ...(claims.audience === audience
      ? []
      : [
          `# The token was made for another audience than the store's: compare "aud" with ${JSON.stringify(audience)}.`,
        ]),
  ];
}
