import { asFailure, Failure } from '../../../domain/failure.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Lease, StoreLimits } from '../../../ports/secret-store.ts';
import type { VaultApi } from './api.ts';
import { type Json, textOf } from './json.ts';
import { endsBefore, secondsAfter, secondsUntil } from './times.ts';

/** A lease and what was lent under it. */
export interface HeldLease extends Lease {
  readonly path: string;
}

/** The lease of an answer; KV has a duration and no lease. */
export function leaseOf(body: Json, path: string, now: Date): HeldLease | undefined {
  const id = textOf(body['lease_id']);
  const ends = secondsAfter(now, body['lease_duration']);
  if (id === undefined || ends === undefined) return undefined;
  return { id, path, ends, renewable: body['renewable'] === true ? 'renewable' : 'fixed' };
}

export interface Renewal {
  readonly until: Date;
  /** Leases end with their token. */
  readonly tokenEnds: Date | undefined;
  readonly limits: StoreLimits;
}

export interface Renewed {
  /** As it is now. */
  readonly lease: HeldLease;
  /** There where it still ends too early. */
  readonly failure?: Failure;
}

interface Lender extends VaultApi {
  readonly ports: { readonly store: string; readonly clock: Clock };
}

/** Renews each lease that ends before `until`. */
export function renewLeases(
  lender: Lender,
  leases: readonly HeldLease[],
  renewal: Renewal,
): Promise<readonly Renewed[]> {
  return Promise.all(leases.map((lease) => renewLease(lender, lease, renewal)));
}

async function renewLease(lender: Lender, lease: HeldLease, renewal: Renewal): Promise<Renewed> {
  const { until, tokenEnds } = renewal;
  const kept = await prolonged(lender, lease, renewal).catch(asFailure);
  if (kept instanceof Failure) return { lease, failure: kept };
  const ends = [kept.ends, tokenEnds].find((end) => endsBefore(end, until));
  return ends === undefined ? { lease: kept } : { lease: kept, failure: tooShort(lender.ports.store, kept, ends) };
}

/** The lease as it is after it was asked to last until then; unchanged where the store does not want to. */
async function prolonged(lender: Lender, lease: HeldLease, { until, limits }: Renewal): Promise<HeldLease> {
  if (lease.renewable === 'fixed' || !endsBefore(lease.ends, until)) return lease;
  const now = lender.ports.clock.now();
  const body = { lease_id: lease.id, increment: secondsUntil(now, until) };
  const answer = await lender.ask({ verb: 'write', path: 'sys/leases/renew', body }, limits);
  const ends = answer.kind === 'ok' ? secondsAfter(now, answer.body['lease_duration']) : undefined;
  return ends === undefined ? lease : { ...lease, ends };
}

function tooShort(store: string, { path }: HeldLease, ends: Date): Failure {
  const sentence = `What ${path} of the store ${store} lends ends at ${ends.toISOString()}, before the run does.`;
  return new Failure('LEASED_SECRET', sentence, {
    hint: 'Raise `max_ttl` of that role, and `token_ttl` and `token_max_ttl` of the role that this job logs in with.',
  });
}
