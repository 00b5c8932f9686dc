import { asFailure, Failure, together } from '../../domain/failure.ts';
import { fallbackFor } from '../../domain/secrets/fallback.ts';
import type { FetchedSecret } from '../../domain/secrets/fetched.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import type { SecretRequest } from '../../domain/secrets/request.ts';
import { judgeRotation } from '../../domain/secrets/rotation.ts';
import { select } from '../../domain/secrets/select.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StoreAnswer, StoreLimits } from '../../ports/secret-store.ts';
import type { Redaction, SecretStores } from '../../ports/secret-stores.ts';
import { hideAll } from './hide.ts';
import { askStores } from './read.ts';

/** What is fetched, and with what. */
export interface Fetching {
  readonly requests: readonly SecretRequest[];
  /** Milliseconds for all stores together. */
  readonly deadline: number;
  /** Whether the stage has a gate: then a fallback is used only where it is allowed. */
  readonly stage: 'gated' | 'open';
  readonly stores: SecretStores;
  readonly redaction: Redaction;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface Fetched {
  readonly secrets: readonly FetchedSecret[];
  /** Sentences for people: fallbacks that were used, and ages that only warn. */
  readonly warnings: readonly string[];
  /** Names of the secrets that are older than they should be, or whose dates say so. */
  readonly stale: readonly string[];
}

/**
 * Fetches all secrets, from all stores at once. Every value is hidden before anything else happens to it.
 * @throws Failure with everything that is wrong with any of them; `CANCELLED`
 */
export async function fetchSecrets(fetching: Fetching): Promise<Fetched> {
  const sources = await askAll(fetching);
  const results = sources.map(resultOf);
  const secrets = results.flatMap((result) => result.secrets);
  await hideAll(
    fetching.redaction,
    sources.map(({ answer }) => answer),
    secrets,
  );
  const findings = judgeRotation(secrets, fetching.clock.now());
  const problems = [
    ...results.flatMap(({ failures }) => failures),
    ...nameTwice(secrets),
    ...findings.filter(({ weight }) => weight === 'failure').map(({ failure }) => failure),
  ];
  throwAll(problems);
  const stale = new Set(findings.filter(({ kind }) => kind === 'stale').map(({ name }) => name));
  return {
    secrets,
    warnings: [...degraded(sources), ...findings.map(({ failure }) => failure.message)],
    stale: [...stale],
  };
}

/** One request with the answer that counts for it: that of its own reference, or of its fallback. */
interface Source {
  readonly request: SecretRequest;
  readonly reference: Reference;
  readonly answer: StoreAnswer;
  readonly source: FetchedSecret['source'];
  /** Why the fallback was asked. */
  readonly before: Failure | undefined;
}

interface RequestResult {
  readonly secrets: readonly FetchedSecret[];
  readonly failures: readonly Failure[];
}

/** Stores that a fallback stands in for get half of the time, so that the other half is left for it. */
async function askAll(fetching: Fetching): Promise<readonly Source[]> {
  const { requests, clock, deadline, signal } = fetching;
  const begin = clock.now().getTime();
  const limitsOf = (share: number): StoreLimits => ({ deadline: new Date(begin + deadline * share), signal });
  const replaceable = new Set(requests.flatMap(({ from, fallback }) => (fallback === undefined ? [] : [from.store])));
  const parts = Map.groupBy(requests, ({ from }) => (replaceable.has(from.store) ? 'half' : 'whole'));
  const [whole, half] = await Promise.all([
    askFirst(fetching, parts.get('whole') ?? [], limitsOf(1)),
    askFirst(fetching, parts.get('half') ?? [], limitsOf(0.5)).then((sources) =>
      askFallbacks(fetching, sources, limitsOf(1)),
    ),
  ]);
  const sources = new Map([...whole, ...half].map((source) => [source.request, source]));
  return requests.map((request) => sources.get(request) as Source);
}

async function askFirst(
  { stores }: Fetching,
  requests: readonly SecretRequest[],
  limits: StoreLimits,
): Promise<readonly Source[]> {
  const references = requests.map(({ from }) => from);
  const answers = await askStores({ stores, limits, manner: 'read' }, references);
  return requests.map((request, index) => {
    const answer = answers[index] as StoreAnswer;
    return { request, reference: request.from, answer, source: 'store', before: undefined };
  });
}

async function askFallbacks(
  { stores, stage }: Fetching,
  sources: readonly Source[],
  limits: StoreLimits,
): Promise<readonly Source[]> {
  const wanted = sources.flatMap((source) => {
    const failure = 'failure' in source.answer ? source.answer.failure : undefined;
    const reference = fallbackFor(source.request, failure, stage);
    return reference === undefined ? [] : [{ source, reference, failure }];
  });
  const references = wanted.map(({ reference }) => reference);
  const answers = await askStores({ stores, limits, manner: 'read' }, references);
  const replaced = new Map(
    wanted.map(({ source, reference, failure }, index): [Source, Source] => {
      const answer = answers[index] as StoreAnswer;
      return [source, { ...source, reference, answer, source: 'fallback', before: failure }];
    }),
  );
  return sources.map((source) => replaced.get(source) ?? source);
}

/** What a request comes to. Nothing of it is shown before all values are hidden. */
function resultOf({ request, reference, answer, source, before }: Source): RequestResult {
  if ('failure' in answer) return { secrets: [], failures: before ? [before, answer.failure] : [answer.failure] };
  try {
    const selected = select(request.names, reference, answer.entries);
    return {
      secrets: selected.map(({ name, value, entry }) => ({ name, value, entry, request, source })),
      failures: [],
    };
  } catch (thrown) {
    return { secrets: [], failures: [asFailure(thrown)] };
  }
}

/** A store that cannot be used as a whole is told once. */
function throwAll(problems: readonly Failure[]): void {
  const distinct = [...new Set(problems)];
  const cancelled = distinct.find(({ code }) => code === 'CANCELLED');
  if (cancelled !== undefined) throw cancelled;
  const [first] = distinct;
  if (first !== undefined)
    throw together(first.code, `${distinct.length} things are wrong with the secrets.`, distinct);
}

function degraded(sources: readonly Source[]): readonly string[] {
  const used = sources.filter(({ source, answer }) => source === 'fallback' && 'entries' in answer);
  const pairs = Map.groupBy(used, ({ request, reference }) => `${request.from.store} ${reference.store}`);
  return [...pairs.values()].flatMap((all) => {
    const [source] = all;
    if (source === undefined) return [];
    const count = all.length === 1 ? '1 secret comes' : `${all.length} secrets come`;
    return [
      `${count} from the fallback ${source.reference.store}, because ${source.request.from.store} is unavailable.`,
    ];
  });
}

/** Two requests must not fill one name: which of them counted would depend on their order. */
function nameTwice(secrets: readonly FetchedSecret[]): readonly Failure[] {
  const twice = [...Map.groupBy(secrets, ({ name }) => name)].filter(([, all]) => all.length > 1);
  return twice.map(([name]) => new Failure('SECRET_NAME_REFUSED', `Two references give a secret the name ${name}.`));
}
