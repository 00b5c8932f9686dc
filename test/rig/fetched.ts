import type { StoreEntry } from '../../src/domain/secrets/entry.ts';
import type { FetchedSecret } from '../../src/domain/secrets/fetched.ts';
import type { SecretRequest } from '../../src/domain/secrets/request.ts';
import { Secret } from '../../src/domain/secrets/secret.ts';
import { reference } from './references.ts';

interface Given {
  readonly value?: string;
  readonly entry?: Partial<StoreEntry>;
  readonly request?: Partial<SecretRequest>;
  readonly source?: FetchedSecret['source'];
}

/** A secret as it was fetched from the store `main`, with what differs from the usual one. */
export function fetched(
  name: string,
  { value = `${name}-value`, entry, request, source = 'store' }: Given = {},
): FetchedSecret {
  const secret = new Secret(name, value);
  return {
    name,
    value: secret,
    source,
    entry: {
      path: '',
      content: { kind: 'text', text: secret },
      version: undefined,
      created: undefined,
      expires: undefined,
      notBefore: undefined,
      rotation: { state: 'none', next: undefined },
      lease: undefined,
      ...entry,
    },
    request: {
      names: { kind: 'single', name },
      from: reference('main', `kv/${name}`),
      maxAge: undefined,
      onStale: 'warn',
      mask: 'masked',
      fallback: undefined,
      ...request,
    },
  };
}
