import { Failure } from '../failure.ts';
import type { FetchedSecret } from './fetched.ts';

/** Something about the age of a secret, and whether the run may go on with it. */
export interface RotationFinding {
  readonly weight: 'warning' | 'failure';
  /** The name of the secret. */
  readonly name: string;
  /** `stale`: it is older than it should be, or its dates say so now. `changing`: it ends soon, or its store is replacing it. */
  readonly kind: 'stale' | 'changing';
  /** `SECRET_STALE`, naming the secret. */
  readonly failure: Failure;
}

/** A secret that expires within this time is told. */
const soon = 7 * 86_400_000;
const cureOfRotation = 'Look at the rotation of the secret in its store: it was due and did not happen.';

/** What the age of a secret is judged by. */
export type Aged = Pick<FetchedSecret, 'name' | 'entry' | 'request'>;

/** What is wrong with the age of each secret. A new version that is being made is never more than a warning: it passes by itself. */
export function judgeRotation(secrets: readonly Aged[], now: Date): readonly RotationFinding[] {
  return secrets.flatMap((secret) => [
    ...inFlight(secret),
    ...[ofAge(secret, now), ofDates(secret, now), ofStore(secret, now)].flatMap((finding) => finding ?? []),
  ]);
}

/** Whether the value may be read again soon, as the store is making a new version of it. */
export function isInFlight({ entry }: Pick<FetchedSecret, 'entry'>): boolean {
  return entry.rotation.state === 'in flight';
}

/** `400 d`, `5 h`, `12 min`: a length of time that speaks of secrets. */
export function ageWords(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / (24 * 60))} d`;
}

function ofAge(secret: Aged, now: Date): RotationFinding | undefined {
  const { name, entry, request } = secret;
  if (request.maxAge === undefined) return undefined;
  const limit = `its \`max_age\` is ${ageWords(request.maxAge)}`;
  if (entry.created === undefined) return finding(secret, `The store does not tell how old ${name} is, but ${limit}.`);
  const age = now.getTime() - entry.created.getTime();
  return age > request.maxAge ? finding(secret, `${name} is ${ageWords(age)} old, and ${limit}.`) : undefined;
}

function ofDates(secret: Aged, now: Date): RotationFinding | undefined {
  const { name, entry } = secret;
  const ahead = (date: Date): number => date.getTime() - now.getTime();
  if (entry.notBefore !== undefined && ahead(entry.notBefore) > 0)
    return finding(
      secret,
      `${name} is not valid before ${entry.notBefore.toISOString()}, in ${ageWords(ahead(entry.notBefore))}.`,
    );
  if (entry.expires === undefined) return undefined;
  const left = ahead(entry.expires);
  // What is lent for a time ends soon by its nature.
  if (left > (entry.lease === undefined ? soon : 0)) return undefined;
  if (left <= 0) return finding(secret, `${name} expired ${ageWords(-left)} ago, on ${entry.expires.toISOString()}.`);
  return changing(name, `${name} expires in ${ageWords(left)}, on ${entry.expires.toISOString()}.`);
}

function ofStore(secret: Aged, now: Date): RotationFinding | undefined {
  const { name, entry } = secret;
  if (entry.rotation.state !== 'overdue') return undefined;
  const { next } = entry.rotation;
  const since = next === undefined ? '' : ` ${ageWords(now.getTime() - next.getTime())} ago`;
  return finding(secret, `The store meant to rotate ${name}${since} and has not.`, cureOfRotation);
}

function inFlight(secret: Aged): readonly RotationFinding[] {
  const { name } = secret;
  return isInFlight(secret)
    ? [changing(name, `A new version of ${name} is being made in its store; this run has the one before it.`)]
    : [];
}

function finding({ name, request }: Aged, sentence: string, hint?: string): RotationFinding {
  const failure = new Failure('SECRET_STALE', sentence, hint === undefined ? {} : { hint });
  return { weight: request.onStale === 'fail' ? 'failure' : 'warning', name, kind: 'stale', failure };
}

function changing(name: string, sentence: string): RotationFinding {
  return { weight: 'warning', name, kind: 'changing', failure: new Failure('SECRET_STALE', sentence) };
}
