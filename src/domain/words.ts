/** A value from outside as a word of the given form; `undefined` for anything else. */
export function plainWord(value: unknown, form: RegExp): string | undefined {
  return typeof value === 'string' && form.test(value) ? value : undefined;
}
