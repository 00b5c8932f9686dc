import { Failure, together } from '../failure.ts';
import { encodings, runnerEncodings } from './encodings.ts';
import type { FetchedSecret } from './fetched.ts';
import { partsOf } from './parts.ts';
import { isRare, shortestMask } from './rarity.ts';
import type { Secret } from './secret.ts';

/** What hides one secret. */
export interface Masks {
  readonly kind: 'masks';
  /** For the runner's `add-mask`, single lines each: what it does not derive from another of them by itself. */
  readonly forRunner: readonly string[];
  /** For our own redactor, which derives nothing. */
  readonly all: readonly string[];
}

/** A value that would hide half of the log, or nothing: it must not reach environments and outputs. */
export interface Unmaskable {
  readonly kind: 'unmaskable';
  readonly because: 'it is empty' | 'it is too short' | 'it is too common a word';
}

/** Text from this length on is looked for in other encodings. */
const shortestEncoded = 8;
/** So many masks at most come of one secret, unless it has more lines and fields than that. An RSA key of 4096 bits takes 132. */
const mostMasks = 400;

const hint = 'Give the secret a longer value, or write `mask: false` where it may be seen.';

/**
 * The strings that hide the value, in whatever form the run or a server may print it.
 * @param shown texts that are not hidden although they are a part of it
 */
export function masksOf(secret: Secret, shown: ReadonlySet<string> = new Set()): Masks | Unmaskable {
  const hidden = (part: string): boolean => !shown.has(part);
  const parts = partsOf(secret.reveal());
  const plain = parts.lines.filter(hidden).filter(isRare);
  if (plain.length === 0) return { kind: 'unmaskable', because: reason(secret.reveal().trim()) };
  const known = new Set(plain);
  const values = parts.values.filter(hidden);
  const encoded = values.filter((value) => value.length >= shortestEncoded && (/[\r\n]/.test(value) || isRare(value)));
  const derived = encoded.flatMap((value) => encodings(value).flatMap((form) => linesOf(form, value, known)));
  const more = [...new Set(derived)].filter((line) => !known.has(line) && isRare(line));
  const byRunner = new Set(plain.flatMap(runnerEncodings));
  const needed = more.filter((line) => !byRunner.has(line)).slice(0, Math.max(0, mostMasks - plain.length));
  return { kind: 'masks', forRunner: [...plain, ...needed], all: [...plain, ...more] };
}

/**
 * For secrets that go to environments and outputs. Those with `mask=false` are free.
 * @throws Failure `SECRET_VALUE_REFUSED` with every name whose value cannot be masked
 */
export function checkMaskable(secrets: readonly FetchedSecret[]): void {
  const problems = secrets.flatMap(({ name, value, request }) => {
    const masks = masksOf(value);
    if (request.mask === 'shown' || masks.kind === 'masks') return [];
    return [new Failure('SECRET_VALUE_REFUSED', `The value of ${name} cannot be masked: ${masks.because}.`, { hint })];
  });
  if (problems.length > 0)
    throw together('SECRET_VALUE_REFUSED', `${problems.length} values cannot be masked.`, problems);
}

/** A form as single lines. Where it has as many as the value, only those whose own lines are masks. */
function linesOf(form: string, value: string, known: ReadonlySet<string>): readonly string[] {
  const lines = form.split(/\r\n|[\r\n]/);
  if (lines.length === 1) return lines;
  const own = value.split(/\r\n|[\r\n]/);
  return lines.filter((_, index) => known.has(own[index]?.trim() ?? '')).map((line) => line.trim());
}

function reason(value: string): Unmaskable['because'] {
  if (value === '') return 'it is empty';
  return value.length < shortestMask ? 'it is too short' : 'it is too common a word';
}
