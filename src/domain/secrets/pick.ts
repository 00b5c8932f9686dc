import { plain } from '../text/escape.ts';
import { nearest } from '../text/nearest.ts';
import type { StoreContent } from './entry.ts';
import type { Json } from './json-text.ts';
import { isNumber, membersOf, parseJson, textOf } from './json-text.ts';
import type { Selector } from './reference.ts';

/** What stands at a selector: one value, or all fields of the place. */
export type Picked =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'members'; readonly members: ReadonlyMap<string, string> }
  | { readonly kind: 'not read' };

const mostShown = 5;

/**
 * What the selector means in `content`. A key and a JSON pointer both enter a text that holds JSON.
 * @returns what is wrong, as the rest of a sentence that names fields and never values, where there is no such thing
 */
export function pick(content: StoreContent, selector: Selector | undefined): Picked | string {
  if (content.kind === 'not read') return content;
  if (content.kind === 'text') {
    const text = content.text.reveal();
    return selector === undefined ? { kind: 'value', text } : enter(text, tokensOf(selector));
  }
  const fields = new Map([...content.fields].map(([name, secret]) => [name, secret.reveal()]));
  if (selector === undefined) return { kind: 'members', members: fields };
  const [name = '', ...rest] = tokensOf(selector);
  const field = fields.get(name);
  if (field === undefined) return noField(name, [...fields.keys()]);
  return rest.length === 0 ? { kind: 'value', text: field } : enter(field, rest);
}

/** The members of a text that holds a JSON object, as text; those that are null are left out. */
export function membersIn(text: string): ReadonlyMap<string, string> | undefined {
  const json = parseJson(text);
  const members = json === undefined ? undefined : membersOf(json);
  if (members === undefined) return undefined;
  return new Map([...members].flatMap(([name, value]) => (value === null ? [] : [[name, textOf(value)] as const])));
}

function tokensOf(selector: Selector): readonly string[] {
  return selector.kind === 'key' ? [selector.key] : selector.tokens;
}

function enter(text: string, tokens: readonly string[]): Picked | string {
  let here = parseJson(text);
  if (here === undefined) return 'is no JSON, so no field of it can be taken';
  for (const token of tokens) {
    const next = step(here, token);
    if (typeof next === 'string') return next;
    here = next.value;
  }
  return here === null ? 'is null there' : { kind: 'value', text: textOf(here) };
}

function step(here: Json, token: string): { readonly value: Json } | string {
  if (isList(here)) {
    const value = /^(0|[1-9]\d{0,8})$/.test(token) ? here[Number(token)] : undefined;
    return value === undefined ? `has no item ${shown(token)} in a list of ${here.length}` : { value };
  }
  const members = membersOf(here);
  if (members === undefined) return `has no fields where ${shown(token)} is looked for`;
  const value = members.get(token);
  return value === undefined ? noField(token, [...members.keys()]) : { value };
}

/** The field that is most like it comes first. */
function noField(name: string, names: readonly string[]): string {
  const close = nearest(name, names);
  const others = names.filter((other) => other !== close).toSorted();
  const all = close === undefined ? others : [close, ...others];
  if (all.length === 0) return `has no field ${shown(name)}; it has none at all`;
  const more = all.length > mostShown ? ` and ${all.length - mostShown} more` : '';
  return `has no field ${shown(name)}; it has ${all.slice(0, mostShown).map(shown).join(', ')}${more}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value) && !isNumber(value);
}

function shown(name: string): string {
  return `"${plain(name, 60)}"`;
}
