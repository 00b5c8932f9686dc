// Reads a store, as text that tests compare.
import { asFailure, type Failure } from '../../../src/domain/failure.ts';
import type { Reference } from '../../../src/domain/secrets/reference.ts';
import type { SecretStore, StoreContent } from '../../../src/ports/secret-store.ts';

export const limits = { deadline: new Date(8.64e15), signal: new AbortController().signal };

export function at(locator: string, more: Partial<Reference> = {}): Reference {
  return { store: 'file', locator, version: undefined, stage: undefined, selector: undefined, ...more };
}

/** What each locator gives: text, fields, `{path: text}` of a `/**`, or the code and the sentence of its failure. */
export async function valuesOf(store: SecretStore, ...locators: readonly string[]): Promise<readonly unknown[]> {
  const references = locators.map((locator) => at(locator));
  const answers = await store.read(references, limits);
  return answers.map((answer, index) => {
    if ('failure' in answer) return told(answer.failure);
    if (locators[index]?.endsWith('/**') !== true) return answer.entries.map(({ content }) => shown(content))[0];
    return Object.fromEntries(answer.entries.map(({ path, content }) => [path, shown(content)]));
  });
}

/** Code and sentence of what reading from the store throws. */
export async function refusalOf(store: SecretStore): Promise<string> {
  return await store.read([at('db')], limits).then(
    () => 'read',
    (thrown) => told(asFailure(thrown)),
  );
}

function told({ code, message }: Failure): string {
  return `${code} ${message}`;
}

function shown(content: StoreContent): unknown {
  if (content.kind === 'text') return content.text.reveal();
  if (content.kind === 'not read') return content.kind;
  return Object.fromEntries([...content.fields].map(([name, secret]) => [name, secret.reveal()]));
}
