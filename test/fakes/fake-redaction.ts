import type { Secret } from '../../src/domain/secrets/secret.ts';
import type { Redaction } from '../../src/ports/secret-stores.ts';

/** Remembers what it hides, and takes each value for one string. */
export class FakeRedaction implements Redaction {
  readonly hidden: string[] = [];
  readonly shown: string[] = [];

  async hide(secrets: readonly Secret[], shown: readonly Secret[]): Promise<void> {
    this.hidden.push(...secrets.map((secret) => secret.reveal()));
    this.shown.push(...shown.map((secret) => secret.reveal()));
  }

  redact(text: string): string {
    return this.hidden.reduce((redacted, value) => redacted.replaceAll(value, '***'), text);
  }

  redactCut(text: string): string {
    return this.redact(text);
  }
}
