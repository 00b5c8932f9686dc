/** A value from outside as a word of the given form; `undefined` for anything else. */
export function plainWord(value: unknown, form: RegExp): string | undefined {
  return typeof value === 'string' && form.test(value) ? value : undefined;
}

/** `OWNER/NAME` as GitHub allows it: neither part can climb out of a path. */
export const repositoryForm = /^[A-Za-z0-9][\w-]{0,99}\/(?!\.{1,2}$)[\w.-]{1,100}$/;

/** `OWNER/NAME/.github/workflows/FILE`. */
export const workflowForm = /^[A-Za-z0-9][\w-]{0,99}\/(?!\.{1,2}\/)[\w.-]{1,100}\/\.github\/workflows\/[\w. -]{1,200}$/;
