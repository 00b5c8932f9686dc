import { Failure, together } from '../failure.ts';
import { nearest } from '../text/nearest.ts';
import type { Word } from './line-words.ts';
import { splitWords } from './line-words.ts';
import type { Complaint, Options } from './options.ts';
import { readOptions, readReference } from './options.ts';
import type { Reference } from './reference.ts';
import { isTree, renderReference } from './reference.ts';
import type { NamePattern, SecretRequest } from './request.ts';
import { parseNames, renderNames } from './request.ts';

/**
 * The lines of the input `secrets`: `NAME = reference [option=value…]`, with quotes where wanted, comments and empty lines.
 * @param stores the names of `stores:`; `env` is known besides
 * @throws Failure `REFERENCE_INVALID` with everything that is wrong, each as `secrets:LINE:COLUMN`
 */
export function parseLines(text: string, stores: readonly string[]): readonly SecretRequest[] {
  const known = new Set([...stores, 'env']);
  const first = new Map<string, number>();
  const problems: Failure[] = [];
  const requests: SecretRequest[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const complaints: Complaint[] = [];
    const request = readLine(line, known, complaints);
    if (request !== undefined) complaints.push(...repeated(request, first, index + 1));
    if (request !== undefined) requests.push(request);
    problems.push(...complaints.map((complaint) => at(index + 1, complaint)));
  }
  if (problems.length > 0)
    throw together('REFERENCE_INVALID', `${problems.length} things are wrong with the lines of \`secrets\`.`, problems);
  return requests;
}

/** The line that reads back as this very request. */
export function renderLine(request: SecretRequest): string {
  const { from, fallback } = request;
  const options = [
    ...(request.maxAge === undefined ? [] : [`max_age=${request.maxAge}ms`]),
    ...(request.onStale === 'fail' ? ['on_stale=fail'] : []),
    ...(request.mask === 'shown' ? ['mask=false'] : []),
    ...(fallback === undefined ? [] : [`fallback=${quoted(renderReference(fallback.from))}`]),
    ...(fallback?.when === 'unreachable' ? ['fallback_when=unreachable'] : []),
    ...(fallback?.gated === 'allowed' ? ['allow_fallback=true'] : []),
  ];
  return [renderNames(request.names), '=', quoted(renderReference(from)), ...options].join(' ');
}

function readLine(line: string, known: ReadonlySet<string>, complaints: Complaint[]): SecretRequest | undefined {
  const [start, indent = '', name = ''] = /^([ \t]*)([^ \t=]+)[ \t]*=/.exec(line) ?? [];
  if (start === undefined) {
    complaints.push({ column: 1, sentence: 'a line is written `NAME = store://locator`, with options behind it' });
    return undefined;
  }
  const names = parseNames(name);
  const nameColumn = indent.length + 1;
  if (names === undefined)
    complaints.push({
      column: nameColumn,
      sentence: 'a name is letters, digits and `_`, or `NAME_*` for many secrets',
    });
  const words = splitWords(line, start.length);
  if ('sentence' in words) complaints.push(words);
  if (names === undefined || 'sentence' in words) return undefined;
  const [word, ...rest] = words;
  if (word === undefined) {
    complaints.push({ column: start.length + 1, sentence: 'the reference is missing' });
    return undefined;
  }
  const from = readReference(word.text, { word, ahead: 0 }, complaints);
  const options = readOptions(rest, complaints);
  if (from === undefined) return undefined;
  complaints.push(...unfit({ names, from, options, word }, known, nameColumn));
  return { names, from: pinned(from, options), ...options.treatment };
}

interface Read {
  readonly names: NamePattern;
  readonly from: Reference;
  readonly options: Options;
  readonly word: Word;
}

/** What does not go together, although each part can be read. */
function unfit({ names, from, options, word }: Read, known: ReadonlySet<string>, nameColumn: number): Complaint[] {
  const complaints: Complaint[] = [];
  for (const { store } of [
    from,
    ...(options.treatment.fallback === undefined ? [] : [options.treatment.fallback.from]),
  ])
    if (!known.has(store)) complaints.push({ column: word.column, sentence: unknownStore(store, known) });
  if (names.kind === 'single' && isTree(from))
    complaints.push({ column: nameColumn, sentence: '`/**` gives many secrets: write `NAME_*` in front of it' });
  const pins = [from.version, from.stage, options.version, options.stage].filter((pin) => pin !== undefined);
  if (pins.length > 1 && (from.version ?? from.stage) !== undefined)
    complaints.push({ column: word.column, sentence: 'the reference names a version or stage already' });
  if (isTree(from) && options.version !== undefined)
    complaints.push({ column: word.column, sentence: 'the secrets below `/**` have no version in common' });
  return complaints;
}

function unknownStore(store: string, known: ReadonlySet<string>): string {
  const close = nearest(store, [...known]);
  return `there is no store \`${store}\`${close === undefined ? '' : `; did you mean \`${close}\`?`}`;
}

function pinned(from: Reference, options: Options): Reference {
  return { ...from, version: from.version ?? options.version, stage: from.stage ?? options.stage };
}

function repeated(request: SecretRequest, first: Map<string, number>, line: number): Complaint[] {
  const name = renderNames(request.names);
  const before = first.get(name);
  if (before === undefined) first.set(name, line);
  return before === undefined ? [] : [{ column: 1, sentence: `\`${name}\` stands in line ${before} already` }];
}

function at(line: number, { column, sentence }: Complaint): Failure {
  return new Failure('REFERENCE_INVALID', `secrets:${line}:${column}: ${sentence}.`);
}

/** As it is where nothing in it needs quotes. */
function quoted(text: string): string {
  return /[ \t"']/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}
