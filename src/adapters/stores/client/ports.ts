import type { Secret } from '../../../domain/secrets/secret.ts';
import type { AttemptPorts } from './attempts.ts';
import type { Variables } from './proxy.ts';

/** What a store of the cloud needs from the run. */
export interface StorePorts extends AttemptPorts {
  /** The store's name in `stores:`. */
  readonly store: string;
  /** The process's variables: `https_proxy`, `no_proxy`. */
  readonly variables: Variables;
  /** Names the run in the logs of the store, as `1001-1`. */
  readonly run: string;
  /** A new identity token of the job, masked, good for `audience` only. @throws Failure `ID_TOKEN_UNAVAILABLE` */
  readonly idToken: (audience: string) => Promise<Secret>;
  /** Hides a credential in the log; called for each one before it is used. */
  readonly mask: (credential: Secret) => void;
}
