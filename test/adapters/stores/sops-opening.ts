// Opens a text as a store of SOPS.
import { openSops } from '../../../src/adapters/stores/sops.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import type { SecretStore } from '../../../src/ports/secret-store.ts';

export interface SopsText {
  readonly path?: string;
  /** `undefined`: there is no file. */
  readonly text: string | undefined;
  readonly identity: string;
}

export function storeOf({ path = 'secrets.enc.yaml', text, identity }: SopsText): SecretStore {
  const workspace = { text: async (asked: string) => (asked === path ? text : undefined) };
  return openSops({ name: 'file', path, identity: new Secret('env://AGE_KEY', identity) }, workspace);
}
