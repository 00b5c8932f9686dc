import { Failure, together } from '../../failure.ts';
import { dotted } from '../schema/shown.ts';
import type { Issue } from '../schema/vocabulary.ts';
import type { ConfigDocument, Path, Place } from './document.ts';

/** One thing that is wrong in the file, before its line is looked up. */
export interface Problem {
  readonly path: Path;
  readonly where: 'key' | 'value';
  readonly text: string;
  readonly code: 'CONFIG_INVALID' | 'NOT_YET' | 'REFERENCE_INVALID' | 'SECRET_NAME_REFUSED';
  /** Where in the text of the value, in characters from 0. */
  readonly ahead?: number;
}

/** The most problems that are reported; a file with more is not a configuration. */
const mostProblems = 100;

export function problem(path: Path, text: string, where: 'key' | 'value' = 'value'): Problem {
  return { path, where, text, code: 'CONFIG_INVALID' };
}

/** What the schema found, in our own words. */
export function problemsOf(issues: readonly Issue[], base: Path = []): readonly Problem[] {
  return issues.flatMap((issue): readonly Problem[] => {
    const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
    if (issue.code === 'unrecognized_keys')
      return issue.message.split('\n').map((text, index) => problem([...path, issue.keys[index] ?? ''], text, 'key'));
    if (issue.code === 'invalid_key')
      return issue.issues.map((inner) => problem(path, `as a key: ${inner.message}`, 'key'));
    if (issue.code === 'invalid_union') return branch(issue, path);
    if (issue.code === 'custom' && issue.params?.['later'] === true)
      return [{ path, where: 'key', text: issue.message, code: 'NOT_YET' }];
    if (issue.code === 'custom' && typeof issue.params?.['at'] === 'number')
      return [{ ...problem(path, issue.message), code: 'REFERENCE_INVALID', ahead: issue.params['at'] }];
    return [problem(path, issue.message)];
  });
}

/** The issues of the alternative that was probably meant: the one whose kind (list, map, text) matches. */
function branch(issue: Issue & { readonly code: 'invalid_union' }, path: Path): readonly Problem[] {
  const meant = issue.errors.find(
    (errors) => !errors.some((error) => error.code === 'invalid_type' && error.path.length === 0),
  );
  return meant === undefined ? [problem(path, issue.message)] : problemsOf(meant, path);
}

/**
 * All problems as one failure, in the order of the file; `undefined` when there are none. Each message begins with
 * `path:line:column: `.
 */
export function failureOf(document: ConfigDocument, problems: readonly Problem[]): Failure | undefined {
  if (problems.length === 0) return undefined;
  const placed = problems.slice(0, 10 * mostProblems).map((one) => ({ ...one, place: placeOf(document, one) }));
  placed.sort((one, other) => one.place.line - other.place.line || one.place.column - other.place.column);
  const messages = new Map(
    placed.map((one) => [`${document.path}:${one.place.line}:${one.place.column}: ${titled(one)}`, one.code]),
  );
  const failures = [...messages].slice(0, mostProblems).map(([message, code]) => new Failure(code, message));
  const codes = new Set(failures.map((failure) => failure.code));
  const [code = 'CONFIG_INVALID'] = codes.size === 1 ? codes : [];
  return together(code, `${document.path}: ${messages.size} problems in the configuration.`, failures);
}

function titled({ path, text }: Problem): string {
  return path.length === 0 ? text : `${dotted(path)}: ${text}`;
}

/** The place of a path; of a missing one, the place of its nearest parent that is there. */
function placeOf(document: ConfigDocument, { path, where, ahead }: Problem): Place {
  for (let length = path.length; length >= 0; length -= 1) {
    const whole = length === path.length;
    const place = document.place(path.slice(0, length), whole ? where : 'value', whole ? ahead : undefined);
    if (place !== undefined) return place;
  }
  return { line: 1, column: 1 };
}
