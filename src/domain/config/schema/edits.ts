import type { Schema } from './vocabulary.ts';
import { bare, either, elementOf, list, map, shapeOf, text } from './vocabulary.ts';

/** The form that a key has in a stage: its lists, and those of its map, may also be `{append: […], remove: […]}`. */
export function editable(schema: Schema): Schema {
  const shape = shapeOf(schema);
  return shape === undefined
    ? editableList(schema)
    : map(Object.fromEntries(Object.entries(shape).map(([key, inner]) => [key, editableList(inner)])))
        .optional()
        .meta(schema.meta() ?? {});
}

function editableList(schema: Schema): Schema {
  const element = elementOf(schema);
  if (element === undefined) return schema;
  const edits = map({
    append: list(element).optional().describe('Put behind the list of the file.'),
    remove: list(text('text', /^/))
      .optional()
      .describe('Taken out of the list of the file: by value, or by `name` where it holds maps (`to` in `deliver`).'),
  });
  return either(bare(schema), edits, 'a list, or a map of "append" and "remove"')
    .optional()
    .meta(schema.meta() ?? {});
}

/** Whether a value of a stage edits a list in place of replacing it. */
export function isEdits(
  value: unknown,
): value is { readonly append?: readonly unknown[]; readonly remove?: readonly unknown[] } {
  const entries = isMap(value) ? Object.entries(value) : [];
  return (
    entries.length > 0 && entries.every(([key, list]) => (key === 'append' || key === 'remove') && Array.isArray(list))
  );
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
