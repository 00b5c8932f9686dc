import type { Reference } from '../reference.ts';
import type { StoreFacts } from '../store-facts.ts';
import { awsPolicy } from './aws.ts';
import { azurePolicy } from './azure.ts';
import { gcpPolicy } from './gcp.ts';
import { vaultPolicy } from './vault.ts';

/** The least policy under which a store gives these secrets and no others, as lines for whoever administers it. */
export function leastPolicy(store: StoreFacts, references: readonly Reference[]): readonly string[] {
  switch (store.type) {
    case 'vault':
      return vaultPolicy(store, references);
    case 'aws':
      return awsPolicy(store, references);
    case 'azure':
      return azurePolicy(store, references);
    case 'gcp':
      return gcpPolicy(store, references);
    case 'sops':
      return ['# Whoever holds the age identity reads every secret of the file: keep it in an environment of GitHub.'];
    case 'command':
      return ['# The command has an account of its own: give it the named secrets and nothing else.'];
    case 'env':
      return ['# Secrets of GitHub that are passed to the step: keep them in an environment.'];
  }
}
