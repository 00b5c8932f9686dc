import type { SecretsConfiguration } from '../../domain/config/reading/secrets.ts';
import type { StorePolicy } from '../../domain/report/secrets/policies.ts';
import { leastPolicy } from '../../domain/secrets/policies/policy.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import { credentialsOf } from '../../domain/secrets/settings.ts';
import { storeFacts } from '../../domain/secrets/store-facts.ts';

/** The least policy of each store that something is read from: secrets, fallbacks, credentials of other stores. */
export function policiesOf({ stores, secrets }: SecretsConfiguration): readonly StorePolicy[] {
  const references = [
    ...secrets.flatMap(({ from, fallback }): readonly Reference[] =>
      fallback === undefined ? [from] : [from, fallback.from],
    ),
    ...Object.values(stores).flatMap(credentialsOf),
  ];
  const byStore = Map.groupBy(references, ({ store }) => store);
  return [...byStore].map(([store, own]) => {
    const settings = stores[store];
    return { store, lines: leastPolicy(settings === undefined ? { type: 'env' } : storeFacts(settings), own) };
  });
}
