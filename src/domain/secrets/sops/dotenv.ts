import type { Written, WrittenItem, WrittenMap } from './tree.ts';

const prefix = 'sops_';

/**
 * A dotenv file of SOPS: one `NAME=value` a line, line breaks as `\n`, the metadata flat in names such as `sops_age__list_0__map_enc`.
 * @returns the number of the line that is none
 */
export function readDotenv(text: string): WrittenMap | number {
  const items: WrittenItem[] = [];
  const metadata: WrittenItem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value] = /^([^=]*)=(.*)$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) return index + 1;
    const scalar: Written = { kind: 'scalar', text: value.replaceAll('\\n', '\n'), style: 'text', line: index + 1 };
    if (name.startsWith(prefix)) metadata.push({ key: name.slice(prefix.length), value: scalar });
    else items.push({ key: name, value: scalar });
  }
  return { kind: 'map', items: metadata.length === 0 ? items : [...items, { key: 'sops', value: nested(metadata) }] };
}

/** Undoes the flat names: `a__map_b` is `b` in `a`, `a__list_0` the first item of `a`. */
function nested(flat: readonly WrittenItem[]): Written {
  const [only] = flat;
  if (only !== undefined && only.key === '') return only.value;
  const groups = [
    ...Map.groupBy(flat, ({ key }) => /^(?:__map_|__list_)?(?:(?!__map_|__list_)[\s\S])*/.exec(key)?.[0] ?? ''),
  ];
  const items = groups.map(([head, all]) => ({
    key: head.replace(/^__(?:map|list)_/, ''),
    value: nested(all.map(({ key, value }) => ({ key: key.slice(head.length), value }))),
  }));
  return groups[0]?.[0].startsWith('__list_') === true
    ? { kind: 'list', items: items.map(({ value }) => value) }
    : { kind: 'map', items };
}
