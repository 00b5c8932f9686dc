import { Failure } from '../../domain/failure.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import type { Content, Place } from '../../domain/secrets/sops/locate.ts';
import { locate } from '../../domain/secrets/sops/locate.ts';
import type { Tree } from '../../domain/secrets/sops/tree.ts';
import { plain } from '../../domain/text/escape.ts';
import type { SecretStore, StoreAnswer, StoreContent, StoreEntry } from '../../ports/secret-store.ts';
import type { Workspace } from '../../ports/workspace.ts';
import type { SopsFile } from './sops-file.ts';
import { openSopsFile } from './sops-file.ts';

export interface SopsStore {
  /** Of the store, for messages. */
  readonly name: string;
  /** Relative to the workspace, `{stage}` filled. */
  readonly path: string;
  /** Age identities. */
  readonly identity: Secret;
}

/** A file of SOPS, encrypted for age recipients. It is read once, and its MAC is verified before any value is used. */
export function openSops(store: SopsStore, workspace: Workspace): SecretStore {
  let opening: Promise<SopsFile> | undefined;
  const file = (): Promise<SopsFile> => {
    opening ??= open(store, workspace);
    return opening;
  };
  const answer = async (references: readonly Reference[], take: (content: Content, name: string) => StoreContent) => {
    const { documents, changed } = await file();
    return references.map((reference) => answerOf(reference, { documents, changed, take }));
  };
  return {
    read: (references) => answer(references, secretContent),
    check: (references) => answer(references, () => ({ kind: 'not read' })),
    renew: async () => [],
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function open({ name, path, identity }: SopsStore, workspace: Workspace): Promise<SopsFile> {
  const text = await workspace.text(path);
  if (text !== undefined) return await openSopsFile(path, text, identity);
  throw new Failure('STORE_INVALID', `There is no \`${plain(path, 200)}\` in the workspace for the store ${name}.`, {
    hint: 'Check out the repository before this step, and look at `path` of the store.',
  });
}

interface Answering {
  readonly documents: readonly Tree[];
  readonly changed: string;
  readonly take: (content: Content, name: string) => StoreContent;
}

function answerOf(reference: Reference, { documents, changed, take }: Answering): StoreAnswer {
  const { store, locator } = reference;
  const name = `${store}://${locator}`;
  const places = pinFault(reference, changed) ?? locate(documents, locator);
  if (places instanceof Failure) return { reference, failure: places };
  if (typeof places === 'string')
    return { reference, failure: new Failure('SECRET_MISSING', `${plain(name, 300)} ${places}.`) };
  return {
    reference,
    entries: places.map((place) => entryOf(place, changed, take(place.content, nameOf(name, place)))),
  };
}

/** The only version of a file is the one that is checked out. */
function pinFault({ store, locator, version, stage }: Reference, changed: string): Failure | undefined {
  const name = plain(`${store}://${locator}`, 300);
  if (stage !== undefined) return new Failure('REFERENCE_INVALID', `${name} names a stage, and a SOPS file has none.`);
  if (version === undefined || version === changed) return undefined;
  return new Failure('SECRET_MISSING', `${name} is here as of ${changed}, not as of ${plain(version, 60)}.`, {
    hint: 'The versions of a SOPS file are commits: check out the one that is meant, or leave `version` out.',
  });
}

function nameOf(name: string, { path }: Place): string {
  return path === '' ? name : `${name.replace(/\*\*$/, '')}${path}`;
}

function entryOf({ path }: Place, changed: string, content: StoreContent): StoreEntry {
  return {
    path,
    content,
    version: changed,
    created: new Date(changed),
    expires: undefined,
    notBefore: undefined,
    rotation: { state: 'none', next: undefined },
    lease: undefined,
  };
}

function secretContent(content: Content, name: string): StoreContent {
  if (content.kind === 'text') return { kind: 'text', text: new Secret(name, content.text) };
  const fields = [...content.fields].map(([key, text]) => [key, new Secret(`${name}#${key}`, text)] as const);
  return { kind: 'fields', fields: new Map(fields) };
}
