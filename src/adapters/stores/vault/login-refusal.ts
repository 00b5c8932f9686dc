import { Failure } from '../../../domain/failure.ts';
import type { Secret } from '../../../domain/secrets/secret.ts';
import { plain } from '../../../domain/text/escape.ts';
import type { Refused } from './api.ts';
import type { VaultAuth } from './config.ts';
import type { Json } from './json.ts';

/** Who asked to be let in. */
export interface Caller {
  readonly store: string;
  readonly auth: VaultAuth;
  /** Credentials of the request: an answer that holds them is not shown with them. */
  readonly sent: readonly Secret[];
}

/** With the reason of the store; the claims of the job are added by whoever has them. */
export function loginRefused({ store, auth, sent }: Caller, { status, errors }: Refused): Failure {
  const reason = sent.reduce((text, secret) => text.replaceAll(secret.reveal(), `${secret}`), errors.join('; '));
  const said = plain(reason.replace(/\s+/g, ' ').trim(), 500);
  const sentence = `The store ${store} refuses ${callerOf(auth)}: ${said === '' ? `status ${status}` : said}`;
  // What a role does not accept is 400; other answers come from paths without a login.
  const astray = auth.method !== 'token' && status !== 400;
  const hint = { hint: 'Check `auth.mount` and `namespace` of the store: there seems to be no such login.' };
  return new Failure('TRUST_REFUSED', sentence.replace(/\.*$/, '.'), astray ? hint : {});
}

/** For a login that is accepted and gives no token. */
export function withoutToken({ store, auth }: Caller, { mfa_requirement: factor }: Json): Failure {
  const why = factor === undefined ? 'it gives no token' : 'it wants a second factor, which a job does not have';
  return new Failure('TRUST_REFUSED', `The store ${store} does not let in ${callerOf(auth)}: ${why}.`);
}

/** For a token that was taken before. */
export function usedUp(store: string): Failure {
  return new Failure('TRUST_REFUSED', `The store ${store} no longer takes the token that it gave to this run.`, {
    hint: 'Somebody revoked it, or the role gives tokens for too few requests (`token_num_uses`) or too short a time.',
  });
}

function callerOf(auth: VaultAuth): string {
  switch (auth.method) {
    case 'jwt':
      return `the role ${auth.role} at auth/${auth.mount}`;
    case 'approle':
      return `the AppRole at auth/${auth.mount}`;
    case 'cert':
      return `the certificate${auth.name === undefined ? '' : ` for ${auth.name}`} at auth/${auth.mount}`;
    case 'token':
      return 'the token that it was given';
  }
}
