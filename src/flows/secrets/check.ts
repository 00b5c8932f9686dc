import type { Failure } from '../../domain/failure.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import { renderNames, type SecretRequest } from '../../domain/secrets/request.ts';
import { judgeRotation } from '../../domain/secrets/rotation.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StoreAnswer, StoreEntry, StoreLimits } from '../../ports/secret-store.ts';
import type { SecretStores } from '../../ports/secret-stores.ts';
import { askStores } from './read.ts';

export interface Checking {
  readonly requests: readonly SecretRequest[];
  /** Milliseconds for all stores together. */
  readonly deadline: number;
  readonly stores: SecretStores;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** One reference of one request, and what its store says of it. */
export interface CheckedReference {
  /** `NAME` or `NAME_*`. */
  readonly names: string;
  readonly reference: Reference;
  readonly role: 'own' | 'fallback';
  /** What is there; more than one below a `/**`. Without content. */
  readonly entries: readonly StoreEntry[];
  readonly failure: Failure | undefined;
}

export interface Checked {
  readonly references: readonly CheckedReference[];
  /** A store that cannot be used as a whole is told once. */
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
}

/** Whether every secret exists and may be read, its fallback too. No value is kept, and where a store allows it none is read. */
export async function checkSecrets({ requests, stores, clock, deadline, signal }: Checking): Promise<Checked> {
  const limits: StoreLimits = { deadline: new Date(clock.now().getTime() + deadline), signal };
  const wanted = requests.flatMap((request) => [
    { request, reference: request.from, role: 'own' as const },
    ...(request.fallback === undefined
      ? []
      : [{ request, reference: request.fallback.from, role: 'fallback' as const }]),
  ]);
  const answers = await askStores(
    { stores, limits, manner: 'check' },
    wanted.map(({ reference }) => reference),
  );
  const references = wanted.map(({ request, reference, role }, index): CheckedReference => {
    const answer = answers[index] as StoreAnswer;
    const names = renderNames(request.names);
    return 'failure' in answer
      ? { names, reference, role, entries: [], failure: answer.failure }
      : { names, reference, role, entries: answer.entries, failure: undefined };
  });
  const findings = judgeRotation(
    references.flatMap(({ names, entries }, index) =>
      entries.map((entry) => ({ name: names, entry, request: wanted[index]?.request as SecretRequest })),
    ),
    clock.now(),
  );
  const stale = findings.filter(({ weight }) => weight === 'failure').map(({ failure }) => failure);
  return {
    references,
    failures: [...new Set([...references.flatMap(({ failure }) => failure ?? []), ...stale])],
    warnings: findings.filter(({ weight }) => weight === 'warning').map(({ failure }) => failure.message),
  };
}
