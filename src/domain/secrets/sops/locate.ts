import type { Tree, TreeItem } from './tree.ts';
import { textOf } from './values.ts';

/** What stands at a place of the file. `path` is below the locator of a `/**`, else empty. */
export interface Place {
  readonly path: string;
  readonly content: Content;
}

export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, string> };

/**
 * What a locator means: `db/password` is a value, `db` a map with its fields, `db/**` every value below it; items of a list have numbers from 0.
 * All documents of the file are one space of names.
 * @returns what is wrong, as the rest of a sentence that names keys and never values, where there is no such thing
 */
export function locate(documents: readonly Tree[], locator: string): readonly Place[] | string {
  const all = locator.endsWith('/**');
  const keys = (all ? locator.slice(0, -3) : locator).split('/');
  const found = documents.flatMap((document) => step(document, keys) ?? []);
  const [tree, another] = found;
  if (tree === undefined) return 'is not in the file';
  if (another !== undefined) return 'is in several documents of the file';
  const places = all ? placesBelow(tree, []) : placeAt(tree);
  return places.includes(undefined)
    ? 'holds bytes that are no text: store them as base64'
    : places.length === 0
      ? 'holds nothing'
      : places.filter((place) => place !== undefined);
}

function step(tree: Tree, [key, ...rest]: readonly string[]): Tree | undefined {
  if (key === undefined) return tree;
  const next = itemsOf(tree).find((item) => item.key === key)?.value;
  return next === undefined ? undefined : step(next, rest);
}

/** `undefined` in place of what is no text. */
function placeAt(tree: Tree): readonly (Place | undefined)[] {
  if (isNull(tree)) return [];
  if (tree.kind !== 'map') return [placeOf(textIn(tree), [])];
  const fields = tree.items
    .filter(({ value }) => !isNull(value))
    .map(({ key, value }) => [key, textIn(value)] as const);
  const texts = fields.flatMap(([key, text]) => (text === undefined ? [] : [[key, text] as const]));
  return texts.length < fields.length
    ? [undefined]
    : [{ path: '', content: { kind: 'fields', fields: new Map(texts) } }];
}

function placesBelow(tree: Tree, path: readonly string[]): readonly (Place | undefined)[] {
  if (isNull(tree)) return [];
  if (tree.kind === 'leaf') return [placeOf(textIn(tree), path)];
  return itemsOf(tree).flatMap(({ key, value }) => placesBelow(value, [...path, key]));
}

function placeOf(text: string | undefined, path: readonly string[]): Place | undefined {
  return text === undefined ? undefined : { path: path.join('/'), content: { kind: 'text', text } };
}

function itemsOf(tree: Tree): readonly TreeItem[] {
  if (tree.kind === 'leaf') return [];
  return tree.kind === 'map' ? tree.items : tree.items.map((value, index) => ({ key: String(index), value }));
}

function isNull(tree: Tree): boolean {
  return tree.kind === 'leaf' && tree.value.type === 'null';
}

/** Text as it is, everything else as its JSON. */
function textIn(tree: Tree): string | undefined {
  return tree.kind === 'leaf' ? textOf(tree.value) : json(tree);
}

/** Written by hand: numbers keep all their digits, and keys their order. */
function json(tree: Tree): string | undefined {
  if (tree.kind === 'leaf') return leafJson(tree);
  const items = itemsOf(tree).map(({ key, value }) => ({ key, text: json(value) }));
  if (items.some(({ text }) => text === undefined)) return undefined;
  return tree.kind === 'map'
    ? `{${items.map(({ key, text }) => `${JSON.stringify(key)}:${text}`).join(',')}}`
    : `[${items.map(({ text }) => text).join(',')}]`;
}

function leafJson({ value }: Tree & { readonly kind: 'leaf' }): string | undefined {
  if (value.type === 'null') return 'null';
  const text = textOf(value);
  const bare = value.type === 'int' || value.type === 'bool' || (value.type === 'float' && /\d/.test(text ?? ''));
  return text === undefined || bare ? text : JSON.stringify(text);
}
