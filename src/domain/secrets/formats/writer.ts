/** How names and values become a file that its readers read back equal. */
export interface Writer {
  /** Who would read another value, and why, for each value that cannot be written; in words for a sentence. */
  refusal(value: string): string | undefined;
  write(values: readonly (readonly [name: string, value: string])[]): string;
}
