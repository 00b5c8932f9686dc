import type { Path } from './document.ts';
import type { Problem } from './problems.ts';
import { problem } from './problems.ts';

const deepest = 32;

/**
 * Maps whose keys are the user's own: there `x-` is part of a name (a header, a label), and placeholders are not
 * checked.
 */
const ownKeys: readonly string[] = ['default_env', 'headers', 'labels'];

export interface Plain {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/**
 * The value of a document without its `x-` keys, and what is forbidden in every value: too deep nesting, circles,
 * `__proto__`, control
 * characters. A forbidden value becomes `null`.
 */
export function plainValue(value: unknown): Plain {
  const problems: Problem[] = [];
  const visit = (node: unknown, path: Path, around: readonly unknown[]): unknown => {
    const wrong = typeof node === 'string' ? forbiddenText(node) : forbidden(node, around);
    if (wrong !== undefined) problems.push(problem(path, wrong));
    if (typeof node !== 'object' || node === null) return node;
    if (wrong !== undefined) return null;
    const inside = [...around, node];
    if (Array.isArray(node)) return node.map((item, index) => visit(item, [...path, index], inside));
    if (Object.hasOwn(node, '__proto__'))
      problems.push(problem([...path, '__proto__'], 'this key is not allowed anywhere', 'key'));
    return Object.fromEntries(keptEntries(node, path).map(([key, item]) => [key, visit(item, [...path, key], inside)]));
  };
  return { value: visit(value, [], []), problems };
}

function keptEntries(node: object, path: Path): readonly (readonly [string, unknown])[] {
  const names = ownKeys.includes(String(path.at(-1))) ? 'own' : 'ours';
  return Object.entries(node).filter(([key]) => key !== '__proto__' && (names === 'own' || !key.startsWith('x-')));
}

function forbidden(node: unknown, around: readonly unknown[]): string | undefined {
  if (around.includes(node)) return 'an alias that holds itself';
  if (around.length > deepest) return `nested deeper than ${deepest} levels`;
  const foreign = typeof node === 'object' && node !== null && !Array.isArray(node) && !isPlain(node);
  return foreign ? 'only maps, lists, text, numbers, true, false and null are values here' : undefined;
}

function isPlain(node: object): boolean {
  return Object.getPrototypeOf(node) === Object.prototype || Object.getPrototypeOf(node) === null;
}

function forbiddenText(text: string): string | undefined {
  if (!text.isWellFormed()) return 'half of a surrogate pair is not text';
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text)) return 'control characters are not allowed';
  if (text.includes('${{')) return '`${{ }}` is not filled in here: expressions of GitHub belong into the workflow';
  return undefined;
}
