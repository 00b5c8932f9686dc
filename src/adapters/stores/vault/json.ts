/** What a store answered, read with care: nothing of it is taken for granted. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * JSON in which every number is written again as it stood there: 12345678901234567890 and 1.0 would otherwise change.
 * @returns `undefined` where it is no JSON, without a word of what stood there
 */
export function parseExact(text: string): unknown {
  try {
    return JSON.parse(text, keepNumber as Parameters<typeof JSON.parse>[1]);
  } catch {
    return undefined;
  }
}

/** The third parameter of a reviver and `JSON.rawJSON` are newer than the types of our target (ECMAScript 2026). */
function keepNumber(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context.source === undefined || String(value) === context.source) return value;
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(context.source);
}

/** The object at `names` within `value`; an empty one where there is none. */
export function objectAt(value: unknown, ...names: readonly string[]): Json {
  let found = value;
  for (const name of names) found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return isObject(found) ? found : {};
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that is there and not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
