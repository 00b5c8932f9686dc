import { isMap } from '../schema/edits.ts';
import type { Path } from './document.ts';
import type { Problem } from './problems.ts';
import { problem } from './problems.ts';

/**
 * `{stage}`, `{revision}` and `{release}` in places where they are not replaced; `${stage}` in a command is a variable
 * of the shell.
 */
export function misplaced(value: unknown, path: Path = []): readonly Problem[] {
  if (typeof value === 'string') return misplacedIn(value, path);
  if (Array.isArray(value)) return value.flatMap((item, index) => misplaced(item, [...path, index]));
  return isMap(value) ? Object.entries(value).flatMap(([key, item]) => misplaced(item, [...path, key])) : [];
}

function misplacedIn(text: string, path: Path): readonly Problem[] {
  const [expect, key] = path.slice(-2);
  if (expect === 'expect' && key === 'body_contains') {
    const unknown = [...text.matchAll(/\{(?!revision\})[A-Za-z_]+\}/g)].map(([found]) => found);
    return unknown.map((found) => problem(path, `${found} is no placeholder here: {revision} is`));
  }
  const found = [...new Set([...text.matchAll(/(?<!\$)\{(stage|revision|release)\}/g)].map(([, name]) => name ?? ''))];
  const advice =
    key === 'run' || key === 'local' ? (name: string) => `; use "$SLIPWAY_${name.toUpperCase()}"` : () => '';
  return found.map((name) => problem(path, `{${name}} is not filled in here${advice(name)}`));
}
