import type { StoreFacts } from '../store-facts.ts';
import { awsTrust } from './aws.ts';
import { azureTrust } from './azure.ts';
import type { TrustClaims } from './claims.ts';
import { claimLines, readTrustClaims } from './claims.ts';
import { gcpTrust } from './gcp.ts';
import { vaultTrust } from './vault.ts';

/** For `TRUST_REFUSED`: the claims that the store was shown, and what would make it accept them, in its own words. */
export function trustAdvice(store: StoreFacts, payload: Readonly<Record<string, unknown>>): readonly string[] {
  const accepting = acceptingTrust(store, readTrustClaims(payload));
  return [
    'The claims that GitHub sent:',
    ...claimLines(payload),
    ...(accepting.length === 0 ? [] : ['', 'This would accept them:', ...accepting]),
  ];
}

function acceptingTrust(store: StoreFacts, claims: TrustClaims): readonly string[] {
  switch (store.type) {
    case 'vault':
      return vaultTrust(store, claims);
    case 'aws':
      return awsTrust(store, claims);
    case 'azure':
      return azureTrust(store, claims);
    case 'gcp':
      return gcpTrust(store, claims);
    case 'sops':
    case 'command':
    case 'env':
      return [];
  }
}
