/** What a JSON text holds. Numbers stay as they are written: a double would lose digits of a long one. */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | { readonly [key: string]: Json };

/** A number as it is written. */
export interface JsonNumber {
  readonly rawJSON: string;
}

/** ECMAScript's "JSON.parse source text access", which Node 24 has and the type library does not know yet. */
interface SourceText {
  rawJSON(text: string): JsonNumber;
  isRawJSON(value: unknown): value is JsonNumber;
}
type Reviver = (key: string, value: Json, context: { readonly source?: string }) => Json;

/** What `text` holds; `undefined` where it is no JSON. The parser's own error is never shown, since it quotes the text. */
export function parseJson(text: string): Json | undefined {
  const keep: Reviver = (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? sourceText().rawJSON(source) : value;
  try {
    return JSON.parse(text, keep as (key: string, value: Json) => Json) as Json;
  } catch {
    return undefined;
  }
}

/** The value as a secret has it: text as it is, everything else as its JSON. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value's own keys and what stands there; `undefined` where it is no object. */
export function membersOf(value: Json): ReadonlyMap<string, Json> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isNumber(value)) return undefined;
  return new Map(Object.entries(value));
}

export function isNumber(value: Json): value is JsonNumber {
  return sourceText().isRawJSON(value);
}

function sourceText(): SourceText {
  return JSON as unknown as SourceText;
}
