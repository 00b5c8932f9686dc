import { z } from 'zod';
import type { Share } from '../../text/measures.ts';
import { parseDuration, parseShare, parseSize } from '../../text/measures.ts';
import { nearest } from '../../text/nearest.ts';
import { quoted, shown } from './shown.ts';

export type Schema = z.ZodType;
export type Read<S extends Schema> = z.output<S>;
export type Issue = z.core.$ZodIssue;

/** zod compiles a parser for each map that it reads; of a map that is read once, this takes longer than to read it. */
export const readOnce = { jitless: true } as const;

/**
 * The words that the schema of the configuration is written in. Each leaf says what it expected and what it found;
 * `type` is that expectation once
 * more, for the docs. Transformed leaves are written as text in the file and read as numbers.
 */
function expecting(expected: string): { readonly error: (issue: { readonly input?: unknown }) => string } {
  return {
    error: ({ input }) =>
      input === undefined ? `is missing: expected ${expected}` : `expected ${expected}, found ${shown(input)}`,
  };
}

/** `accepts` for what no pattern can say. */
export function text(
  expected: string,
  pattern: RegExp,
  longest = 1000,
  accepts: (value: string) => boolean = () => true,
) {
  const plain = expecting(expected);
  const unquoted = (input: unknown): string =>
    typeof input === 'number' || typeof input === 'boolean' ? ': put it in quotes' : '';
  const error = (issue: { readonly input?: unknown }): string => plain.error(issue) + unquoted(issue.input);
  return z
    .string({ error })
    .max(longest, { error })
    .regex(pattern, { error })
    .refine(accepts, { error })
    .meta({ written: expected.replace(/(?:: |, (?:without|on) | of letters, ).*$/, '') });
}

export function flag() {
  return z.boolean(expecting('true or false')).meta({ written: 'true or false' });
}

export function choice<const Values extends readonly string[]>(values: Values) {
  const expected = values.map(quoted).join(' or ');
  return z.enum(values, expecting(expected)).meta({ written: values.map((value) => `\`${value}\``).join(' or ') });
}

/** The word that tells one form of a map from the others. */
export function only<const Value extends string>(value: Value) {
  return z.literal(value, expecting(quoted(value))).meta({ written: `\`${value}\`` });
}

/** Maps that are told apart by the word at `key`. */
export function variants<Key extends string, const Forms extends readonly [Variant<Key>, ...Variant<Key>[]]>(
  key: Key,
  forms: Forms,
) {
  const words = forms.map((form) => quoted([...(form._zod.propValues?.[key] ?? [])].join()));
  return z.discriminatedUnion(key, forms as unknown as [Forms[number], ...Forms[number][]], {
    error: ({ input, code }) =>
      code === 'invalid_union' && typeof input === 'object' && input !== null
        ? `expected ${words.join(' or ')} as "${key}", found ${shown((input as Readonly<Record<string, unknown>>)[key])}`
        : expecting('a map').error({ input }),
  });
}

type Variant<Key extends string> = z.core.$ZodTypeDiscriminable & z.ZodType<Readonly<Record<Key, string>>>;

export function whole(least: number, most: number) {
  const error = expecting(`a whole number from ${least} to ${most}`);
  return z
    .number(error)
    .int(error)
    .min(least, error)
    .max(most, error)
    .meta({ written: `number, ${least} to ${most}` });
}

/** Milliseconds once read. */
export function duration(least: string, most: string) {
  return measure({
    what: 'a duration such as "10m"',
    least,
    most,
    pattern: /^\d+(?:ms|s|m|h|d)$/,
    parse: parseDuration,
  });
}

/** Bytes once read. */
export function size(least: string, most: string) {
  return measure({ what: 'a size such as "500MB"', least, most, pattern: /^\d+(?:KB|MB|GB|TB)$/, parse: parseSize });
}

interface Measure {
  readonly what: string;
  readonly least: string;
  readonly most: string;
  readonly pattern: RegExp;
  readonly parse: (text: string) => number | undefined;
}

function measure({ what, least, most, pattern, parse }: Measure) {
  const expected = `${what}, from ${least} to ${most}`;
  const error = expecting(expected);
  const inside = (value: number): boolean => value >= (parse(least) ?? 0) && value <= (parse(most) ?? 0);
  return z
    .string(error)
    .regex(pattern, error)
    .transform((input, context): number => {
      const value = parse(input);
      if (value !== undefined && inside(value)) return value;
      context.addIssue({ code: 'custom', message: error.error({ input }) });
      return z.NEVER;
    })
    .meta({ written: `${what.replace(/^a | such.*$/g, '')}, ${least} to ${most}` });
}

/** A count of at least `least`, or a percentage up to `most`. */
export function share(least: number, most: number) {
  const error = expecting(`a count from ${least}, or a share from ${least}% to ${most}%`);
  const fits = (read: Share): boolean =>
    read.kind === 'count' ? read.count >= least : read.percent >= least && read.percent <= most;
  return z
    .union(
      [z.number(error).int(error).min(least, error).max(999_999, error), z.string(error).regex(/^\d{1,3}%$/, error)],
      error,
    )
    .transform((input, context): Share => {
      const read = parseShare(input);
      if (read !== undefined && fits(read)) return read;
      context.addIssue({ code: 'custom', message: error.error({ input }) });
      return z.NEVER;
    })
    .meta({ written: `count, or ${least}% to ${most}%` });
}

export function list<Item extends Schema>(item: Item, most = 200) {
  return z.array(item, expecting('a list')).max(most, { error: `has more than ${most} entries` });
}

/** A map whose keys are all known; each unknown one gives one line of the message, in the order of `issue.keys`. */
export function map<const Shape extends Readonly<Record<string, Schema>>>(shape: Shape) {
  const plain = expecting('a map');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys as string[], Object.keys(shape)) : plain.error(issue),
  });
}

/** A map whose keys are the user's own. */
export function dictionary<Value extends Schema>(key: ReturnType<typeof text>, value: Value) {
  return z.record(key, value, expecting('a map'));
}

/** Either of two forms that differ in kind (a list or a map, say). */
export function either<One extends Schema, Other extends Schema>(one: One, other: Other, expected: string) {
  return z.union([one, other], expecting(expected));
}

/** The schema without its default and without being optional. */
export function bare(schema: Schema): Schema {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault ? bare(schema.unwrap() as Schema) : schema;
}

/** What a list holds; `undefined` when it is no list. */
export function elementOf(schema: Schema): Schema | undefined {
  const inner = bare(schema);
  return inner instanceof z.ZodArray ? (inner.element as Schema) : undefined;
}

/** The keys of a map; `undefined` when it is no map with known keys. */
export function shapeOf(schema: Schema): Readonly<Record<string, Schema>> | undefined {
  const inner = bare(schema);
  return inner instanceof z.ZodObject ? (inner.shape as Readonly<Record<string, Schema>>) : undefined;
}

/** A key that is known and whose feature does not exist yet. */
export function later() {
  return z
    .unknown()
    .refine((value) => value === undefined, { error: 'belongs to a later version of Slipway', params: notYet.params })
    .optional()
    .meta({ later: true });
}

/** For a value of a known key that does not exist yet. */
export const notYet = {
  error: ({ input }: { readonly input?: unknown }) => `${shown(input)} belongs to a later version of Slipway`,
  params: { later: true },
} as const;

function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  const advice = (key: string): string => {
    const near = nearest(key, known);
    if (near !== undefined) return `did you mean ${quoted(near)}?`;
    return known.length > 12
      ? 'docs/configuration.md lists all that are known here'
      : `known here: ${known.join(', ')}`;
  };
  return keys
    .slice(0, 50)
    .map((key) => `unknown key; ${advice(key)}`)
    .join('\n');
}
