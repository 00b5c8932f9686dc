import { quote, render } from '../../remote/shell.ts';
import type { AzureFacts } from '../store-facts.ts';
import type { TrustClaims } from './claims.ts';
import { namedNote, subjects } from './claims.ts';

const audience = 'api://AzureADTokenExchange';

/** Federated credentials. Entra compares issuer, subject and audience exactly, so each form of the subject is one of its own. */
export function azureTrust({ client }: AzureFacts, claims: TrustClaims): readonly string[] {
  const accepted = subjects(claims);
  return [
    credential(client, 'slipway', { issuer: claims.issuer, subject: accepted.sent }),
    ...(accepted.immutable === undefined
      ? []
      : [
          '# For when GitHub changes to subjects with ids:',
          credential(client, 'slipway-ids', { issuer: claims.issuer, subject: accepted.immutable }),
        ]),
    ...namedNote(accepted),
    '# A new credential is known to Entra after some minutes only.',
  ];
}

function credential(client: string, name: string, accepts: Readonly<Record<'issuer' | 'subject', string>>): string {
  const words = ['az', 'ad', 'app', 'federated-credential', 'create', '--id', client, '--parameters'];
  return `${render(words)} ${quote(JSON.stringify({ name, ...accepts, audiences: [audience] }))}`;
}
