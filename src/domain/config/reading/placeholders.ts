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

/** `{stage}` where no stage is named. */
export function unfilledStage(value: unknown, path: Path = []): readonly Problem[] {
  if (typeof value === 'string')
    return value.includes('{stage}') ? [problem(path, '{stage} is not filled in: no stage is named')] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => unfilledStage(item, [...path, index]));
  return isMap(value) ? Object.entries(value).flatMap(([key, item]) => unfilledStage(item, [...path, key])) : [];
}

/** Addresses are as they are written: a name of a stage must not send a credential elsewhere. */
const addresses = ['url', 'endpoint', 'sts_endpoint', 'iam_endpoint', 'authority', 'ca', 'headers'];

function fillsStage(path: Path): boolean {
  const [section, , key] = path[0] === 'stages' ? path.slice(2) : path;
  return section === 'secrets' || (section === 'stores' && !addresses.includes(String(key)));
}

function misplacedIn(text: string, path: Path): readonly Problem[] {
  const [expect, key] = path.slice(-2);
  if (expect === 'expect' && key === 'body_contains') {
    const unknown = [...text.matchAll(/\{(?!revision\})[A-Za-z_]+\}/g)].map(([found]) => found);
    return unknown.map((found) => problem(path, `${found} is no placeholder here: {revision} is`));
  }
  const names = [...text.matchAll(/(?<!\$)\{(stage|revision|release)\}/g)].map(([, name]) => name ?? '');
  const found = [...new Set(names)].filter((name) => !(name === 'stage' && fillsStage(path)));
  const advice =
    key === 'run' || key === 'local' ? (name: string) => `; use "$SLIPWAY_${name.toUpperCase()}"` : () => '';
  return found.map((name) => problem(path, `{${name}} is not filled in here${advice(name)}`));
}
