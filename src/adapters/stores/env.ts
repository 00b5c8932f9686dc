import { Failure } from '../../domain/failure.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import { plain } from '../../domain/text/escape.ts';
import type { SecretStore, StoreAnswer, StoreContent } from '../../ports/secret-store.ts';

export interface EnvPorts {
  /** The variables of the step. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Called with every value before it is given away. */
  readonly mask: (secret: Secret) => void;
}

/** The store `env`: variables of the step, such as GitHub's secrets in its `env:`. */
export function openEnv(ports: EnvPorts): SecretStore {
  return {
    read: async (references) => references.map((reference) => answer(reference, ports, 'read')),
    check: async (references) => references.map((reference) => answer(reference, ports, 'check')),
    renew: async () => [],
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function answer(reference: Reference, { variables, mask }: EnvPorts, purpose: 'read' | 'check'): StoreAnswer {
  const { locator, version, stage } = reference;
  const refused = refusal(reference);
  if (refused !== undefined)
    return { reference, failure: new Failure('REFERENCE_INVALID', `${shown(locator)} ${refused}.`) };
  if (version !== undefined || stage !== undefined)
    return { reference, failure: new Failure('REFERENCE_INVALID', `${shown(locator)} has no versions and no stages.`) };
  const value = Object.hasOwn(variables, locator) ? (variables[locator] ?? '') : '';
  if (value === '') return { reference, failure: missing(locator) };
  const text = new Secret(`env://${locator}`, value);
  mask(text);
  return { reference, entries: [entryOf(purpose === 'read' ? { kind: 'text', text } : { kind: 'not read' })] };
}

/** The runner's own variables hold its tokens; names in small letters are those of the system. */
function refusal({ locator }: Reference): string | undefined {
  if (!/^[A-Z_][A-Z0-9_]*$/.test(locator)) return 'is no name of a variable in capitals';
  return /^(?:INPUT|STATE|ACTIONS|GITHUB|RUNNER)_/.test(locator) ? 'is a variable of the runner' : undefined;
}

function missing(locator: string): Failure {
  return new Failure('SECRET_MISSING', `${shown(locator)} is empty or not set.`, {
    hint: `Give the step \`env: {${locator}: …}\`. A secret of GitHub that does not exist, or that this event may not read, is empty.`,
  });
}

function shown(locator: string): string {
  return plain(`env://${locator}`, 200);
}

function entryOf(content: StoreContent) {
  return {
    path: '',
    content,
    version: undefined,
    created: undefined,
    expires: undefined,
    notBefore: undefined,
    rotation: { state: 'none', next: undefined },
    lease: undefined,
  } as const;
}
