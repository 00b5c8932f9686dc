import type { Reference } from '../reference.ts';
import type { AwsFacts } from '../store-facts.ts';
import type { Place } from './places.ts';
import { placesOf } from './places.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

/** An identity policy for the role of the store. Reading in batches, and listing, cannot be limited to single secrets by IAM. */
export function awsPolicy(store: AwsFacts, references: readonly Reference[]): readonly string[] {
  const places = placesOf(references);
  const statements: readonly Statement[] = [
    allow(
      'ReadTheseSecrets',
      ['GetSecretValue', 'DescribeSecret'],
      places.map((place) => arnOf(store, place)),
    ),
    ...(places.length > 1 ? [allow('ReadThemInBatches', ['BatchGetSecretValue'], '*')] : []),
    ...(places.some(({ extent }) => extent === 'below') ? [allow('FindThem', ['ListSecrets'], '*')] : []),
  ];
  return [
    ...JSON.stringify({ Version: '2012-10-17', Statement: statements }, undefined, 2).split('\n'),
    '# Where a secret has a KMS key of its own, the role needs kms:Decrypt for that key, too.',
  ];
}

function allow(id: string, actions: readonly string[], resource: Statement['Resource']): Statement {
  return { Sid: id, Effect: 'Allow', Action: actions.map((action) => `secretsmanager:${action}`), Resource: resource };
}

/** A whole ARN as it is; a name with the six characters that Secrets Manager puts behind it. */
function arnOf({ region, role }: AwsFacts, { path, extent }: Place): string {
  if (path.startsWith('arn:')) return /-[A-Za-z0-9]{6}$/.test(path) ? path : `${path}-??????`;
  const account = /^arn:[\w-]+:iam::(\d{12}):/.exec(role ?? '')?.[1] ?? '*';
  return `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:${path}${extent === 'below' ? '/*' : '-??????'}`;
}

export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
