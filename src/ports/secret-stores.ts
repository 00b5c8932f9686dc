import type { Secret } from '../domain/secrets/secret.ts';
import type { SecretStore } from './secret-store.ts';

/** The stores of the configuration. Disposing disposes of every store that was opened. */
export interface SecretStores extends AsyncDisposable {
  /** The same store each time it is asked for. @throws Failure where it cannot be opened */
  open(store: string): Promise<SecretStore>;
}

/** Hides values in everything that is printed from then on. */
export interface Redaction {
  /**
   * Resolves when the runner has been told. Values that are too short or too common to hide are left out.
   * @param shown values that stay readable, also where they are a part of one of `secrets`
   */
  hide(secrets: readonly Secret[], shown: readonly Secret[]): Promise<void>;
  /** The text with `***` in place of every value. */
  redact(text: string): string;
  /** The same for the begin of a text whose rest was cut off, which may hold the begin of a value. */
  redactCut(text: string): string;
}
