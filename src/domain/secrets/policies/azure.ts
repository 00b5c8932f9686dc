import { render } from '../../remote/shell.ts';
import type { Reference } from '../reference.ts';
import type { AzureFacts } from '../store-facts.ts';
import { placesOf } from './places.ts';

/** Role assignments for a vault with RBAC, which is the rule for new ones; the access policy for older vaults. */
export function azurePolicy({ vault, client }: AzureFacts, references: readonly Reference[]): readonly string[] {
  const places = placesOf(references);
  const whole = places.some(({ extent }) => extent === 'below');
  const scope = `/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/${vault}`;
  const names = places.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  const scopes = whole ? [scope] : names.map((name) => `${scope}/secrets/${name}`);
  return [
    '# Put the subscription and the resource group of the vault in place of SUBSCRIPTION and GROUP.',
    ...(whole ? ['# Everything below a path is read, so the role is for the whole vault.'] : []),
    ...scopes.map((at) =>
      render([
        'az',
        'role',
        'assignment',
        'create',
        '--role',
        'Key Vault Secrets User',
        '--assignee',
        client,
        '--scope',
        at,
      ]),
    ),
    '# Where the vault has access policies and no RBAC (it knows them for the whole vault only):',
    render([
      'az',
      'keyvault',
      'set-policy',
      '--name',
      vault,
      '--spn',
      client,
      '--secret-permissions',
      ...(whole ? ['get', 'list'] : ['get']),
    ]),
  ];
}
