/** A SOPS file as it is written, everything in the order of the file: the MAC goes over the values in this order. */
export type Written = WrittenMap | WrittenList | WrittenScalar;

export interface WrittenMap {
  readonly kind: 'map';
  readonly items: readonly WrittenItem[];
}

export interface WrittenItem {
  readonly key: string;
  readonly value: Written;
}

export interface WrittenList {
  readonly kind: 'list';
  readonly items: readonly Written[];
}

export interface WrittenScalar {
  readonly kind: 'scalar';
  /** Bytes where it is tagged `!!binary`. */
  readonly text: string | Uint8Array;
  /** `plain`: without quotes, so that it may be a number, a date, true, false or null. */
  readonly style: 'plain' | 'text';
  /** From 1. */
  readonly line: number;
}

/** One value once it is decrypted and known by its type. `bytes` is what enters the MAC; null and comments have no part in it. */
export interface Value {
  readonly type: 'str' | 'int' | 'float' | 'bool' | 'time' | 'bytes' | 'comment' | 'null';
  readonly bytes: Uint8Array;
}

/** The decrypted tree. */
export type Tree = TreeMap | TreeList | TreeLeaf;

export interface TreeMap {
  readonly kind: 'map';
  readonly items: readonly TreeItem[];
}

export interface TreeItem {
  readonly key: string;
  readonly value: Tree;
}

export interface TreeList {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

export interface TreeLeaf {
  readonly kind: 'leaf';
  readonly value: Value;
}

export function itemOf(map: WrittenMap, key: string): Written | undefined {
  return map.items.find((item) => item.key === key)?.value;
}
