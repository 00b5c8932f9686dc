import { Failure } from '../../domain/failure.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import { StoreUnavailable } from '../../domain/secrets/unavailable.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StoreLimits } from '../../ports/secret-store.ts';
import type { AwsDescription, AwsRefusal, AwsValue } from './aws-answers.ts';
import { type Attempt, untilDeadline } from './client/attempts.ts';
import type { StorePorts } from './client/ports.ts';
import { mayPass } from './client/unavailable.ts';
import { objectOf, reason, textOf } from './content.ts';

/** What came of a call: an answer, or AWS's refusal of it. */
export type Called<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'refused'; readonly refusal: AwsRefusal };

interface AwsBatch {
  readonly SecretValues?: readonly AwsValue[] | undefined;
  readonly NextToken?: string | undefined;
}

/** Secrets Manager in one region, as far as we use it. The names are those of its API. */
export interface AwsSession {
  readonly region: string;
  readonly clock: Clock;
  value(input: ValueInput, limits: StoreLimits): Promise<Called<AwsValue>>;
  batch(input: BatchInput, limits: StoreLimits): Promise<Called<AwsBatch>>;
  describe(input: { readonly SecretId: string }, limits: StoreLimits): Promise<Called<AwsDescription>>;
}

interface ValueInput {
  readonly SecretId: string;
  readonly VersionId?: string;
  readonly VersionStage?: string;
}

interface BatchInput {
  readonly SecretIdList: string[];
  readonly NextToken?: string;
}

/** Makes one call of the SDK. What may pass is another attempt's. */
export async function called<T>(store: string, call: () => Promise<T>): Promise<Attempt<Called<T>>> {
  try {
    return { kind: 'done', value: { kind: 'value', value: await call() } };
  } catch (thrown) {
    if (thrown instanceof StoreUnavailable && mayPass(thrown)) return { kind: 'again', failure: thrown };
    if (thrown instanceof Failure) throw thrown;
    const refusal = refusalOf(thrown);
    if (refusal === undefined) throw strange(store);
    const throttled = /^(?:Throttl|TooManyRequests|RequestLimitExceeded)/.test(refusal.code);
    return throttled ? { kind: 'again', failure: busy(store) } : { kind: 'done', value: { kind: 'refused', refusal } };
  }
}

/** Credentials that ended, or that this service does not know any more. */
export function endsSession<T>(answer: Called<T>): boolean {
  return (
    answer.kind === 'refused' && /^(?:ExpiredToken|UnrecognizedClient|InvalidClientTokenId)/.test(answer.refusal.code)
  );
}

interface Trust {
  readonly ports: StorePorts;
  readonly limits: StoreLimits;
  readonly token: Secret;
  readonly role: string;
}

/** How often STS is asked where its refusal may come from a change that has not spread yet. */
const trustAttempts = 4;

/** Logs in at STS. @throws Failure `TRUST_REFUSED` */
export async function trusted<T>(
  { ports, limits, token, role }: Trust,
  assume: (ms: number) => Promise<T>,
): Promise<T> {
  let attempts = 0;
  return await untilDeadline(ports, limits, async (ms) => {
    attempts += 1;
    const result = await called(ports.store, () => assume(ms));
    if (result.kind === 'again') return result;
    if (result.value.kind === 'value') return { kind: 'done', value: result.value.value };
    const { code, message } = result.value.refusal;
    const why = `${reason(code)}: ${reason(message, token)}`;
    const failure = new Failure(
      'TRUST_REFUSED',
      `AWS refuses the job the role ${role} of the store ${ports.store} (${why}).`,
    );
    if (attempts < trustAttempts && maySpread(code, message)) return { kind: 'again', failure };
    throw failure;
  });
}

export function noCredentials(store: string): Failure {
  return new Failure('TRUST_REFUSED', `The runner has no AWS credentials for the store ${store}.`, {
    hint: 'Name the `role` of the store, which the job then takes by its identity token; or give the runner a role of its own.',
  });
}

/** A role or its trust policy that was just made is not known everywhere at once, and STS fetches the keys of GitHub itself. */
function maySpread(code: string, message: string): boolean {
  return /^(?:AccessDenied|IDPCommunicationError)/.test(code) || /retrieve verification key/.test(message);
}

/** Errors of the service bear its code as their name; all other errors do not say what they are of. */
function refusalOf(thrown: unknown): AwsRefusal | undefined {
  const { name, message, $metadata, $fault } = objectOf(thrown);
  const status = objectOf($metadata)['httpStatusCode'];
  const code = textOf(name);
  if (code === undefined || typeof status !== 'number' || $fault === undefined) return undefined;
  return { code, message: textOf(message) ?? '' };
}

function busy(store: string): StoreUnavailable {
  return new StoreUnavailable(
    'answered',
    `The store ${store} does not serve: AWS asks for fewer requests until the deadline.`,
  );
}

/** The error of the SDK is not kept: those of its parser quote what they read. */
function strange(store: string): StoreUnavailable {
  return new StoreUnavailable('not trusted', `The store ${store} answered with something that AWS does not say.`, {
    hint: 'Something else answers at this address. Check `endpoint` and `sts_endpoint`, and the proxy in between.',
  });
}
