export type Path = readonly (string | number)[];

export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A configuration file as plain values, and where in its text each of them stands. */
export interface ConfigDocument {
  /** As the user named it, for messages. */
  readonly path: string;
  readonly value: unknown;
  /** `ahead`: so many characters into the text of the value. */
  readonly place: (path: Path, where: 'key' | 'value', ahead?: number) => Place | undefined;
}
