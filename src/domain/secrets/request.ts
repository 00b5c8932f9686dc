import type { Reference } from './reference.ts';

/** One line of `secrets`: what is fetched, what it is called, and how it is treated. */
export interface SecretRequest {
  readonly names: NamePattern;
  readonly from: Reference;
  /** In milliseconds; a value that is older is stale. */
  readonly maxAge: number | undefined;
  readonly onStale: 'warn' | 'fail';
  readonly mask: 'masked' | 'shown';
  readonly fallback: Fallback | undefined;
}

/** `NAME`, or `NAME_*`: the names of several secrets, each with `NAME_` in front. */
export type NamePattern =
  | { readonly kind: 'single'; readonly name: string }
  | { readonly kind: 'prefixed'; readonly prefix: string };

/** Where the secret is read when its store is unavailable by its own word, or also when it cannot be reached. */
export interface Fallback {
  readonly from: Reference;
  readonly when: 'unavailable' | 'unreachable';
  /** Whether it may be used on a stage with a gate. */
  readonly gated: 'allowed' | 'refused';
}

/** `NAME`, `NAME_*` or `*` as a pattern; `undefined` where it is none. */
export function parseNames(text: string): NamePattern | undefined {
  const [, name = '', star] = /^([A-Za-z_][A-Za-z0-9_]{0,199})?(\*?)$/.exec(text) ?? [];
  if (star === undefined || text === '') return undefined;
  return star === '' ? { kind: 'single', name } : { kind: 'prefixed', prefix: name };
}

export function renderNames(names: NamePattern): string {
  return names.kind === 'single' ? names.name : `${names.prefix}*`;
}
