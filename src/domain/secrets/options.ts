import { parseDuration } from '../text/measures.ts';
import { nearest } from '../text/nearest.ts';
import type { Word } from './line-words.ts';
import type { Reference } from './reference.ts';
import { parseReference } from './reference.ts';
import type { Fallback, SecretRequest } from './request.ts';

/** What the options of an inline line say; the names are the keys of `secrets.NAME`. */
export interface Options {
  readonly version: string | undefined;
  readonly stage: string | undefined;
  readonly treatment: Pick<SecretRequest, 'maxAge' | 'onStale' | 'mask' | 'fallback'>;
}

export interface Complaint {
  readonly column: number;
  readonly sentence: string;
}

const forms = {
  version: { test: (text: string) => text !== '', says: 'a version of the store' },
  stage: { test: (text: string) => text !== '', says: 'a stage of the store, such as AWSPREVIOUS' },
  max_age: { test: (text: string) => (parseDuration(text) ?? 0) > 0, says: 'a duration such as 90d' },
  on_stale: { test: (text: string) => ['warn', 'fail'].includes(text), says: '`warn` or `fail`' },
  mask: { test: (text: string) => ['true', 'false'].includes(text), says: '`true` or `false`' },
  fallback: { test: () => true, says: 'a reference' },
  fallback_when: {
    test: (text: string) => ['unavailable', 'unreachable'].includes(text),
    says: '`unavailable` or `unreachable`',
  },
  allow_fallback: { test: (text: string) => ['true', 'false'].includes(text), says: '`true` or `false`' },
} as const;

type Key = keyof typeof forms;

interface Given {
  readonly value: string;
  readonly word: Word;
  /** How many characters of the word stand in front of the value. */
  readonly ahead: number;
}

/** Reads `option=value` words. Every complaint is added to `complaints`, and the rest is read all the same. */
export function readOptions(words: readonly Word[], complaints: Complaint[]): Options {
  const given = new Map<Key, Given>();
  for (const word of words) {
    const complaint = takeOption(word, given);
    if (complaint !== undefined) complaints.push({ column: word.column, sentence: complaint });
  }
  if (given.has('version') && given.has('stage'))
    complaints.push({ column: columnOf(given, 'stage'), sentence: '`version` and `stage` exclude each other' });
  const text = (key: Key): string | undefined => given.get(key)?.value;
  const maxAge = text('max_age');
  return {
    version: text('version'),
    stage: text('stage'),
    treatment: {
      maxAge: maxAge === undefined ? undefined : parseDuration(maxAge),
      onStale: text('on_stale') === 'fail' ? 'fail' : 'warn',
      mask: text('mask') === 'false' ? 'shown' : 'masked',
      fallback: readFallback(given, complaints),
    },
  };
}

/** Adds one option to `given`. @returns what is wrong with it */
function takeOption(word: Word, given: Map<Key, Given>): string | undefined {
  const [start, name] = /^([A-Za-z_-]{1,30})=/.exec(word.text) ?? [];
  if (start === undefined || name === undefined)
    return 'behind the reference stand options as `option=value`; quote a reference that holds white space';
  if (!isKey(name)) {
    const known = nearest(name, Object.keys(forms));
    return `there is no option \`${name}\`${known === undefined ? '' : `; did you mean \`${known}\`?`}`;
  }
  if (given.has(name)) return `\`${name}\` is given twice`;
  const value = word.text.slice(start.length);
  if (!forms[name].test(value)) return `\`${name}\` is ${forms[name].says}`;
  given.set(name, { value, word, ahead: start.length });
  return undefined;
}

function readFallback(given: ReadonlyMap<Key, Given>, complaints: Complaint[]): Fallback | undefined {
  const fallback = given.get('fallback');
  if (fallback === undefined) {
    for (const key of ['fallback_when', 'allow_fallback'] as const)
      if (given.has(key))
        complaints.push({ column: columnOf(given, key), sentence: `\`${key}\` needs a \`fallback\`` });
    return undefined;
  }
  const from = readReference(fallback.value, fallback, complaints);
  if (from === undefined) return undefined;
  return {
    from,
    when: given.get('fallback_when')?.value === 'unreachable' ? 'unreachable' : 'unavailable',
    gated: given.get('allow_fallback')?.value === 'true' ? 'allowed' : 'refused',
  };
}

/** The reference that stands in a word, behind `ahead` characters of it. */
export function readReference(
  text: string,
  where: { readonly word: Word; readonly ahead: number },
  complaints: Complaint[],
): Reference | undefined {
  const parsed = parseReference(text);
  if (parsed.kind === 'reference') return parsed.reference;
  const column =
    where.word.columns[where.ahead + parsed.at] ?? (where.word.columns.at(-1) ?? where.word.column - 1) + 1;
  complaints.push({ column, sentence: parsed.sentence });
  return undefined;
}

function columnOf(given: ReadonlyMap<Key, Given>, key: Key): number {
  return given.get(key)?.word.column ?? 1;
}

function isKey(name: string): name is Key {
  return Object.hasOwn(forms, name);
}
