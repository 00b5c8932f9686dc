import type { Reference } from '../../domain/secrets/reference.ts';
import { StoreUnavailable } from '../../domain/secrets/unavailable.ts';
import type { StoreAnswer, StoreEntry, StoreLimits } from '../../ports/secret-store.ts';
import { answerEach, inParallel } from './answers.ts';
import {
  type AwsDescription,
  type AwsValue,
  describedEntry,
  entryOf,
  names,
  refused,
  rotationOf,
} from './aws-answers.ts';
import type { AwsSession } from './aws-calls.ts';
import { invalid } from './content.ts';

/** As many as BatchGetSecretValue takes. */
const batchSize = 20;
/** Milliseconds that a rotation in flight is waited for, and between two looks at it. */
const rotationWait = 15_000;
const rotationPause = 2000;

/** Reads in batches what a batch can name, and one by one what is left. */
export async function readSecrets(
  aws: AwsSession,
  references: readonly Reference[],
  limits: StoreLimits,
): Promise<readonly StoreAnswer[]> {
  const known = await readBatches(aws, references, limits);
  return await answerEach(references, (reference) => read({ aws, known, limits }, reference));
}

/** Describes each secret: whether it may be read is not told by that, but whether it is there. */
export async function checkSecrets(
  aws: AwsSession,
  references: readonly Reference[],
  limits: StoreLimits,
): Promise<readonly StoreAnswer[]> {
  return await answerEach(references, async (reference) => {
    const answer = await aws.describe({ SecretId: idOf(aws, reference) }, limits);
    if (answer.kind === 'refused') throw refused(reference, answer.refusal);
    return describedEntry(reference, answer.value, aws.clock.now());
  });
}

/** Values by the locator that named them. A batch knows no versions; what it refuses or leaves out is read singly, where the reason is told. */
async function readBatches(
  aws: AwsSession,
  references: readonly Reference[],
  limits: StoreLimits,
): Promise<ReadonlyMap<string, AwsValue>> {
  const plain = references.filter(({ version, stage, locator }) => !version && !stage && locatorPattern.test(locator));
  const ids = [...new Set(plain.map(({ locator }) => locator))];
  const found: AwsValue[] = [];
  if (ids.length > 1) {
    const count = Math.ceil(ids.length / batchSize);
    const batches = Array.from({ length: count }, (_, index) => ids.slice(index * batchSize, (index + 1) * batchSize));
    await inParallel(batches, async (batch) => void found.push(...(await readBatch(aws, batch, limits))));
  }
  return new Map(
    ids.flatMap((id) => {
      const value = found.find((candidate) => names(id, candidate));
      return value === undefined ? [] : [[id, value]];
    }),
  );
}

/** AWS ends a page early where its values are large. */
async function readBatch(aws: AwsSession, ids: readonly string[], limits: StoreLimits): Promise<readonly AwsValue[]> {
  const found: AwsValue[] = [];
  let page: { readonly NextToken?: string } = {};
  do {
    const answer = await aws.batch({ SecretIdList: [...ids], ...page }, limits);
    if (answer.kind === 'refused') return found;
    const { SecretValues = [], NextToken } = answer.value;
    found.push(...SecretValues);
    page = NextToken === undefined ? {} : { NextToken };
  } while (page.NextToken !== undefined && found.length < ids.length);
  return found;
}

interface Reading {
  readonly aws: AwsSession;
  readonly known: ReadonlyMap<string, AwsValue>;
  readonly limits: StoreLimits;
}

/** A value that is being rotated is waited for and read again: the current one may stop working before its successor is current. */
async function read({ aws, known, limits }: Reading, reference: Reference): Promise<StoreEntry> {
  const single = () => readSingly(aws, reference, limits);
  const batched = reference.version || reference.stage ? undefined : known.get(reference.locator);
  const [value, description] = await Promise.all([batched ?? single(), describe(aws, reference, limits)]);
  const rotation = rotationOf(description, aws.clock.now());
  if (rotation.state !== 'in flight' || reference.version !== undefined) return entryOf(reference, value, rotation);
  const later = rotationOf(await afterRotation(aws, reference, limits), aws.clock.now());
  return entryOf(reference, await single(), later);
}

async function readSingly(aws: AwsSession, reference: Reference, limits: StoreLimits): Promise<AwsValue> {
  const { version, stage } = reference;
  const input = {
    SecretId: idOf(aws, reference),
    ...(version === undefined ? {} : { VersionId: version }),
    ...(stage === undefined ? {} : { VersionStage: stage }),
  };
  const answer = await aws.value(input, limits);
  if (answer.kind === 'refused') throw refused(reference, answer.refusal);
  return answer.value;
}

/** Facts that are good to have: a value is not refused because the role may not describe it. */
async function describe(
  aws: AwsSession,
  reference: Reference,
  limits: StoreLimits,
): Promise<AwsDescription | undefined> {
  try {
    const answer = await aws.describe({ SecretId: idOf(aws, reference) }, limits);
    return answer.kind === 'value' ? answer.value : undefined;
  } catch (thrown) {
    if (thrown instanceof StoreUnavailable) return undefined;
    throw thrown;
  }
}

async function afterRotation(
  aws: AwsSession,
  reference: Reference,
  limits: StoreLimits,
): Promise<AwsDescription | undefined> {
  const { clock } = aws;
  const left = limits.deadline.getTime() - clock.now().getTime();
  const until = clock.now().getTime() + Math.min(rotationWait, left / 2);
  for (;;) {
    const description = await describe(aws, reference, limits);
    const settled = rotationOf(description, clock.now()).state !== 'in flight';
    if (settled || clock.now().getTime() + rotationPause > until) return description;
    await clock.sleep(rotationPause, limits.signal);
  }
}

const locatorPattern =
  /^[A-Za-z0-9/_+=.@!-]{1,512}$|^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]{1,512}$/;

/** A name, or an ARN of this region. */
function idOf({ region }: AwsSession, reference: Reference): string {
  if (!locatorPattern.test(reference.locator)) throw invalid(reference, 'is neither the name nor the ARN of a secret');
  const named = reference.locator.startsWith('arn:') ? reference.locator.split(':')[3] : region;
  if (named !== region) throw invalid(reference, `is in the region ${named}, and the store in ${region}`);
  return reference.locator;
}
