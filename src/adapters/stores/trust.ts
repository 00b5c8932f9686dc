import { Failure } from '../../domain/failure.ts';
import type { Secret } from '../../domain/secrets/secret.ts';
import type { StoreSettings } from '../../domain/secrets/settings.ts';
import { storeFacts } from '../../domain/secrets/store-facts.ts';
import { trustAdvice } from '../../domain/secrets/trust/trust.ts';
import type { SecretStore } from '../../ports/secret-store.ts';

/** The identity token that a store was shown last. */
export interface Shown {
  token: Secret | undefined;
}

/** The same store; where it does not trust the job, the failure says what GitHub told it of the job, and what would make it trust. */
export function explainTrust(store: SecretStore, settings: StoreSettings, shown: Shown): SecretStore {
  const explained = (thrown: unknown): never => {
    throw thrown instanceof Failure && thrown.code === 'TRUST_REFUSED' ? withAdvice(thrown, settings, shown) : thrown;
  };
  return {
    read: (references, limits) => store.read(references, limits).catch(explained),
    check: (references, limits) => store.check(references, limits).catch(explained),
    renew: (until) => store.renew(until),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

function withAdvice(failure: Failure, settings: StoreSettings, { token }: Shown): Failure {
  const payload = token === undefined ? undefined : payloadOf(token);
  if (payload === undefined) return failure;
  return new Failure(failure.code, failure.message, {
    hint: failure.hint,
    advice: trustAdvice(storeFacts(settings), payload),
    cause: failure.cause,
  });
}

/** The claims of a token as they are; who issued them verified nothing of it here. */
function payloadOf(token: Secret): Readonly<Record<string, unknown>> | undefined {
  try {
    const [, payload = ''] = token.reveal().split('.');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
