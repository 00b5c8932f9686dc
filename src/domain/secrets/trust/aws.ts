import { partitionOf } from '../policies/aws.ts';
import type { AwsFacts } from '../store-facts.ts';
import type { TrustClaims } from './claims.ts';
import { namedNote, subjects } from './claims.ts';

const audience = 'sts.amazonaws.com';

/** The trust policy of the role. It holds when GitHub changes to subjects with ids, too. */
export function awsTrust({ role, region }: AwsFacts, claims: TrustClaims): readonly string[] {
  const [, partition = partitionOf(region), account = 'ACCOUNT'] =
    /^arn:([\w-]+):iam::(\d{12}):/.exec(role ?? '') ?? [];
  const accepted = subjects(claims);
  const both = accepted.immutable === undefined ? accepted.sent : [accepted.sent, accepted.immutable];
  const provider = claims.issuer.replace(/^https?:\/\//, '');
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${provider}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${provider}:aud`]: audience, [`${provider}:sub`]: both } },
      },
    ],
  };
  return [
    `# The trust policy of ${role ?? 'the role'}:`,
    ...JSON.stringify(policy, undefined, 2).split('\n'),
    ...namedNote(accepted),
    `# The account needs an identity provider for ${claims.issuer} with the audience ${audience}.`,
  ];
}
