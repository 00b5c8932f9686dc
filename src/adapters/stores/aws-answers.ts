import { Failure } from '../../domain/failure.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import type { Rotation, StoreEntry } from '../../ports/secret-store.ts';
import { contentOf, reason, shown } from './content.ts';

/** A value as GetSecretValue and BatchGetSecretValue give it. */
export interface AwsValue {
  readonly ARN?: string | undefined;
  readonly Name?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
  readonly CreatedDate?: Date | undefined;
}

/** What DescribeSecret says. */
export interface AwsDescription {
  readonly RotationEnabled?: boolean | undefined;
  readonly NextRotationDate?: Date | undefined;
  readonly LastChangedDate?: Date | undefined;
  readonly DeletedDate?: Date | undefined;
  readonly VersionIdsToStages?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** A refusal: the code and the text of AWS's error. */
export interface AwsRefusal {
  readonly code: string;
  readonly message: string;
}

/** Milliseconds after which a rotation that was begun is not thought to end any more. */
const rotationLimit = 3_600_000;

export function entryOf(reference: Reference, value: AwsValue, rotation: Rotation): StoreEntry {
  return {
    path: '',
    content: contentOf(reference, value.SecretString ?? value.SecretBinary ?? new Uint8Array()),
    version: value.VersionId,
    created: value.CreatedDate,
    expires: undefined,
    notBefore: undefined,
    rotation,
    lease: undefined,
  };
}

/** AWSPENDING on a version that is not AWSCURRENT is a rotation on its way, unless it was left lying. */
export function rotationOf(description: AwsDescription | undefined, now: Date): Rotation {
  const { RotationEnabled, NextRotationDate: next, LastChangedDate, VersionIdsToStages = {} } = description ?? {};
  const pending = Object.values(VersionIdsToStages).some(
    (stages) => stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT'),
  );
  const age = now.getTime() - (LastChangedDate?.getTime() ?? 0);
  if (pending && age < rotationLimit) return { state: 'in flight', next };
  if (RotationEnabled !== true) return { state: 'none', next: undefined };
  if (next !== undefined && next.getTime() < now.getTime()) return { state: 'overdue', next };
  return { state: 'scheduled', next };
}

/** What a description says about the version that a reference names. @throws Failure `SECRET_MISSING` */
export function describedEntry(reference: Reference, description: AwsDescription, now: Date): StoreEntry {
  if (description.DeletedDate !== undefined) throw deleted(reference);
  const stage = reference.stage ?? 'AWSCURRENT';
  const found = Object.entries(description.VersionIdsToStages ?? {}).find(([id, stages]) =>
    reference.version === undefined ? stages.includes(stage) : id === reference.version,
  );
  if (found === undefined) throw new Failure('SECRET_MISSING', `${shown(reference)} has no such version.`);
  const [version] = found;
  return {
    path: '',
    content: { kind: 'not read' },
    version,
    created: undefined,
    expires: undefined,
    notBefore: undefined,
    rotation: rotationOf(description, now),
    lease: undefined,
  };
}

/** Whether `value` is what `locator` names: a name, an ARN, or an ARN without its six random characters. */
export function names(locator: string, { ARN = '', Name }: AwsValue): boolean {
  return locator === Name || locator === ARN || locator === ARN.replace(/-[0-9A-Za-z]{6}$/, '');
}

/** The failure of one reference behind a refusal. */
export function refused(reference: Reference, refusal: AwsRefusal): Failure {
  const { code, message } = refusal;
  if (/^ResourceNotFound/.test(code))
    return new Failure('SECRET_MISSING', `${shown(reference)} is not in Secrets Manager.`);
  if (/^InvalidRequest/.test(code) && /delet/i.test(message)) return deleted(reference);
  if (/^(?:InvalidRequest|InvalidParameter|Validation)/.test(code))
    return new Failure('REFERENCE_INVALID', `Secrets Manager does not take ${shown(reference)} (${reason(code)}).`);
  return new Failure('STORE_DENIED', `Secrets Manager refuses ${shown(reference)} (${reason(code)}).`, {
    ...hintFor(code),
  });
}

function hintFor(code: string): { readonly hint?: string } {
  if (/^DecryptionFailure/.test(code)) return { hint: 'Let the role use the KMS key of the secret (`kms:Decrypt`).' };
  if (/^(?:InvalidSignature|RequestTimeTooSkewed)/.test(code)) return { hint: 'Set the clock of the runner.' };
  return {};
}

function deleted(reference: Reference): Failure {
  return new Failure('SECRET_MISSING', `${shown(reference)} is marked for deletion.`, {
    hint: 'Restore the secret in Secrets Manager (`RestoreSecret`), or name another one.',
  });
}
