import type { Document, LineCounter as Lines, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, parseDocument, visit } from 'yaml';
import type { ConfigDocument, Path, Place } from '../domain/config/reading/document.ts';
import { Failure, together } from '../domain/failure.ts';
import type { Written, WrittenMap } from '../domain/secrets/sops/tree.ts';
import { plain } from '../domain/text/escape.ts';

const largest = 1_048_576;

/**
 * Aliases, each counted with those inside of it: enough for anchors, too few for a text that expands into gigabytes.
 */
const mostAliases = 1000;

const mostTroubles = 100;

interface Trouble {
  /** Characters from the start of the text. */
  readonly at: number;
  readonly text: string;
}

/**
 * Reads a configuration file: YAML 1.2 (core schema, merge keys), at most 1 MiB, one document, no tag but `!!str`, no
 * key twice.
 * Throws `CONFIG_INVALID` with line and column of every fault.
 */
export function readYaml(path: string, text: string): ConfigDocument {
  if (Buffer.byteLength(text) > largest)
    throw new Failure('CONFIG_INVALID', `${path}:1:1: the file is larger than 1 MiB.`);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    merge: true,
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,

    lineCounter: lines,
  });
  const troubles = [...syntaxTroubles(document), ...contentTroubles(document)];
  if (troubles.length > 0) throw asOne(path, troubles, lines);
  return {
    path,
    value: plainData(path, document),
    place: (at, where, ahead) => placeOf({ document, lines, text }, { path: at, where, ahead: ahead ?? 0 }),
  };
}

/** A fault in a text that holds secrets: only its place is told. */
export interface FaultLine {
  /** From 1. */
  readonly line: number;
  readonly what: 'is not YAML' | 'holds an alias' | 'holds a tag' | 'holds a key twice' | 'is no map';
}

/** The documents of a SOPS file, YAML or JSON, in the order and with the quotes of the text. */
export function readSopsYaml(text: string): readonly WrittenMap[] | FaultLine {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.2',
    schema: 'failsafe',
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const trouble = [...documents].map(secretTrouble).find((found) => found !== undefined);
  if (trouble !== undefined) return { line: position(lines, trouble.at).line, what: trouble.what };
  return [...documents].flatMap(({ contents }) => (isMap(contents) ? [writtenMap(contents, lines)] : []));
}

function secretTrouble(
  document: Document.Parsed,
): { readonly at: number; readonly what: FaultLine['what'] } | undefined {
  const [error] = document.errors;
  if (error !== undefined) return { at: error.pos[0], what: 'is not YAML' };
  let found: { readonly at: number; readonly what: FaultLine['what'] } | undefined;
  const stop = (node: unknown, what: FaultLine['what']): symbol => {
    found = { at: startOf(node), what };
    return visit.BREAK;
  };
  if (!isMap(document.contents) && document.contents !== null && !isEmpty(document.contents))
    return { at: startOf(document.contents), what: 'is no map' };
  visit(document, {
    Alias: (_, node) => stop(node, 'holds an alias'),
    Scalar: (_, node) => (allowedTag(node) ? undefined : stop(node, 'holds a tag')),
    Map: (_, map) => (repeatedKeys(map).length === 0 ? undefined : stop(map, 'holds a key twice')),
  });
  return found;
}

function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.value === '';
}

function allowedTag({ tag }: Scalar): boolean {
  return tag === undefined || tag === 'tag:yaml.org,2002:str' || tag === 'tag:yaml.org,2002:binary';
}

function writtenMap(map: YAMLMap, lines: Lines): WrittenMap {
  return {
    kind: 'map',
    items: map.items.map(({ key, value }) => ({ key: nameOf(key), value: written(value, lines, key) })),
  };
}

/** @param near where it would stand, if nothing stands there */
function written(node: unknown, lines: Lines, near = node): Written {
  if (isMap(node)) return writtenMap(node, lines);
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => written(item, lines)) };
  const line = position(lines, startOf(isNode(node) ? node : near)).line;
  if (!isScalar(node)) return { kind: 'scalar', text: '', style: 'plain', line };
  const style = node.type === 'PLAIN' && node.tag === undefined ? 'plain' : 'text';
  return { kind: 'scalar', text: node.value instanceof Uint8Array ? node.value : String(node.value), style, line };
}

/**
 * The errors of the parser. For a text that is nested too deeply it reports thousands, of which only the first helps.
 */
function syntaxTroubles(document: Document.Parsed): readonly Trouble[] {
  const exhausted = document.errors.find((error) => error.code === 'RESOURCE_EXHAUSTION');
  if (exhausted !== undefined) return [{ at: 0, text: 'the file is nested too deeply' }];
  const version = document.directives.yaml.version === '1.2' ? [] : [{ at: 0, text: 'only YAML 1.2 is read' }];
  const warnings = document.warnings.filter((warning) => warning.code !== 'TAG_RESOLVE_FAILED');
  return [
    ...version,
    ...[...document.errors, ...warnings].map((error) => ({
      at: error.pos[0],
      text: saidPlainly(error.code, error.message),
    })),
  ];
}

function saidPlainly(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'the file holds more than one document';
  if (code === 'NON_STRING_KEY') return 'a key must be text';
  if (code === 'TAB_AS_INDENT') return 'tabs do not indent in YAML: use spaces';
  return `not YAML: ${plain(message, 200)}`;
}

function contentTroubles(document: Document.Parsed): readonly Trouble[] {
  if (document.errors.length > 0) return [];
  const troubles: Trouble[] = [];
  visit(document, {
    Scalar: (_, node) => void troubles.push(...foreignTag(node)),
    Seq: (_, node) => void troubles.push(...foreignTag(node)),
    Map: (_, map) => void troubles.push(...foreignTag(map), ...repeatedKeys(map), ...badMerges(document, map)),
    Alias: (_, node) => {
      if (node.resolve(document) === undefined)
        troubles.push({ at: startOf(node), text: `no anchor is called ${plain(node.source, 60)} before this` });
    },
  });
  return troubles;
}

function foreignTag(node: Scalar | YAMLSeq | YAMLMap): readonly Trouble[] {
  const allowed = node.tag === undefined || node.tag === 'tag:yaml.org,2002:str';
  return allowed ? [] : [{ at: startOf(node), text: `tags such as ${plain(node.tag ?? '', 60)} are not allowed` }];
}

/** The parser's own check compares each key with each other: too slow for a hostile file. */
function repeatedKeys(map: YAMLMap): readonly Trouble[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }) => {
    const name = nameOf(key);
    const repeated = seen.has(name);
    seen.add(name);
    return repeated ? [{ at: startOf(key), text: `the key ${JSON.stringify(plain(name, 60))} is here twice` }] : [];
  });
}

function badMerges(document: Document.Parsed, map: YAMLMap): readonly Trouble[] {
  const wrong = map.items.filter((pair) => isMerge(pair) && mergedMaps(document, pair).includes(undefined));
  return wrong.map(({ key }) => ({ at: startOf(key), text: '"<<" takes a map, or a list of maps' }));
}

function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

/** The maps that a merge key brings in; `undefined` in place of what is none. */
function mergedMaps(document: Document.Parsed, { value }: Pair): readonly (YAMLMap | undefined)[] {
  const source = resolved(document, value);
  const sources = isSeq(source) ? source.items.map((item) => resolved(document, item)) : [source];
  return sources.map((one) => (isMap(one) ? one : undefined));
}

function resolved(document: Document.Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function plainData(path: string, document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: mostAliases });
  } catch (error) {
    throw new Failure('CONFIG_INVALID', `${path}:1:1: the aliases of the file expand into too much.`, { cause: error });
  }
}

interface Text {
  readonly document: Document.Parsed;
  readonly lines: Lines;
  readonly text: string;
}

interface Asked {
  readonly path: Path;
  readonly where: 'key' | 'value';
  readonly ahead: number;
}

function placeOf({ document, lines, text }: Text, { path, where, ahead }: Asked): Place | undefined {
  let [key, value]: [unknown, unknown] = [undefined, document.contents];
  for (const part of path) {
    const node = resolved(document, value);
    const pair = isMap(node) ? pairOf(document, node, String(part)) : undefined;
    [key, value] =
      isSeq(node) && typeof part === 'number' ? [undefined, node.items[part]] : [pair?.key, pair?.value ?? pair?.key];
    if (value === undefined) return undefined;
  }
  const node = where === 'key' ? (key ?? value) : value;
  return isNode(node) ? position(lines, startOf(node) + inside(text, node, ahead)) : undefined;
}

/** Characters from the start of a scalar to `ahead` in its text; none where quotes, escapes or folding make them differ. */
function inside(text: string, node: unknown, ahead: number): number {
  const [start, end] = isScalar(node) ? (node.range ?? [0, 0]) : [0, 0];
  const written = text.slice(start, end);
  const value = isScalar(node) ? String(node.value) : '';
  const at = written.indexOf(value);
  return ahead > 0 && (at === 0 || at === 1) ? at + ahead : 0;
}

/** A key of the map itself, or of one that is merged into it. */
function pairOf(document: Document.Parsed, map: YAMLMap, name: string): Pair | undefined {
  const own = map.items.find((pair) => nameOf(pair.key) === name && !isMerge(pair));
  if (own !== undefined) return own;
  const merged = map.items.filter(isMerge).flatMap((pair) => mergedMaps(document, pair));
  return merged
    .map((source) => (source === undefined ? undefined : source.items.find((pair) => nameOf(pair.key) === name)))
    .find((pair) => pair !== undefined);
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function position(lines: Lines, at: number): Place {
  const { line, col } = lines.linePos(at);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function asOne(path: string, troubles: readonly Trouble[], lines: Lines): Failure {
  const sorted = troubles.toSorted((one, other) => one.at - other.at).slice(0, mostTroubles);
  const failures = sorted.map(({ at, text }) => {
    const { line, column } = position(lines, at);
    return new Failure('CONFIG_INVALID', `${path}:${line}:${column}: ${text}`);
  });
  return together('CONFIG_INVALID', `${path}: ${troubles.length} faults in the text of the configuration.`, failures);
}
