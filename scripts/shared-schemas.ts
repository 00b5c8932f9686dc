/** A JSON Schema whose parts that come more than once stand in `definitions`, named after where they come first. */

/** Characters from which a part is worth a name. */
const worthwhile = 200;

type Node = Readonly<Record<string, unknown>>;

/**
 * The same schema, each larger part once. A part is shared whole, its description too, so that editors show what they
 * showed.
 */
export function share(root: Node): Node {
  const seen = new Map<string, { readonly name: string; uses: number }>();
  count(root, []);
  const definitions: Record<string, unknown> = {};
  return { ...inner(root), definitions };

  function count(node: Node, path: readonly string[]): void {
    const text = JSON.stringify(node);
    const known = seen.get(text);
    if (known !== undefined) known.uses += 1;
    else {
      seen.set(text, { name: path.join('.'), uses: 1 });
      for (const [key, part] of partsOf(node)) count(part, key === '' ? path : [...path, key]);
    }
  }

  function shared(node: Node): Node {
    const text = JSON.stringify(node);
    const known = seen.get(text);
    if (known === undefined || known.uses < 2 || text.length < worthwhile) return inner(node);
    definitions[known.name] ??= inner(node);
    return { $ref: `#/definitions/${known.name}` };
  }

  function inner(node: Node): Node {
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withParts(key, value, shared)]));
  }
}

/** The schemas directly below one, each with the key that a person would know it by. */
function partsOf(node: Node): readonly (readonly [key: string, part: Node])[] {
  const parts: (readonly [string, Node])[] = [];
  for (const [key, value] of Object.entries(node))
    withParts(key, value, (part, name) => {
      parts.push([name, part]);
      return part;
    });
  return parts;
}

/** The value of one keyword with `change` made of every schema in it. */
function withParts(keyword: string, value: unknown, change: (part: Node, name: string) => Node): unknown {
  switch (keyword) {
    case 'properties':
    case 'patternProperties':
      return Object.fromEntries(
        Object.entries(value as Node).map(([name, part]) => [name, change(part as Node, name)]),
      );
    case 'items':
      return change(value as Node, 'item');
    case 'additionalProperties':
      return typeof value === 'object' ? change(value as Node, 'value') : value;
    case 'anyOf':
    case 'allOf':
    case 'oneOf':
      return (value as readonly Node[]).map((part, index) => change(part, `${keyword}${index + 1}`));
    default:
      return value;
  }
}
