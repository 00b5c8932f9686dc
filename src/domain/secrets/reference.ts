/** Where one secret lives: `store://locator[?version=…|stage=…][#selector]`. */
export interface Reference {
  /** A name from `stores:`, or `env`. */
  readonly store: string;
  /** As written, without version and selector. */
  readonly locator: string;
  readonly version: string | undefined;
  readonly stage: string | undefined;
  readonly selector: Selector | undefined;
}

/** `key` is taken literally; `pointer` is a JSON pointer (RFC 6901), which also enters a text that holds JSON. */
export type Selector =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'pointer'; readonly tokens: readonly string[] };
