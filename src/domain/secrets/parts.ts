import type { Json } from './json-text.ts';
import { isNumber, membersOf, parseJson, textOf } from './json-text.ts';
import { isRare } from './rarity.ts';

/** What is secret within a secret. */
export interface Parts {
  /** Single lines without white space around them: what a log shows of it. */
  readonly lines: readonly string[];
  /** What a program would take as one value, and encode as one: the whole, fields, passwords. They may have several lines. */
  readonly values: readonly string[];
}

/** How deep a secret may hold others: a URL in a field of JSON within a line of dotenv is three. */
const deepest = 5;
/** The lines of a longer text are not taken for values: a key has dozens, and none of them is used alone. */
const mostLines = 8;

/** Takes a secret apart: its lines, the leaves of JSON, the values of dotenv and YAML lines, and passwords in URLs and connection strings, encoded and decoded. */
export function partsOf(secret: string): Parts {
  const values = valuesIn(secret, 0);
  const lines = values.filter((value) => !isJson(value)).flatMap(linesOf);
  const oneLine = values.filter(isOneLine);
  return { lines: [...new Set([...oneLine, ...lines])], values: [...new Set(values)] };
}

function valuesIn(secret: string, depth: number): readonly string[] {
  const text = secret.trim();
  if (text === '' || depth > deepest) return [];
  const inside = [...(leavesIn(text) ?? assignedIn(text)), ...passwordsIn(text)].filter((part) => part !== text);
  return [text, ...inside.flatMap((part) => valuesIn(part, depth + 1))];
}

/** The values of a text of several lines. */
function assignedIn(text: string): readonly string[] {
  if (isOneLine(text)) return [];
  const lines = linesOf(text);
  return lines.flatMap((line) => valuesInLine(line) ?? (lines.length <= mostLines ? [line] : []));
}

/** The lines of a text. Where all of them assign, one that holds nothing rare (`DEBUG=true`, `database:`) is left out. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  if (isOneLine(text) || lines.some((line) => valuesInLine(line) === undefined)) return lines;
  return lines.filter((line) => valuesInLine(line)?.some(isRare));
}

function leavesIn(text: string): readonly string[] | undefined {
  const json = /^[[{]/.test(text) ? parseJson(text) : undefined;
  return json === undefined ? undefined : leavesOf(json);
}

function isJson(text: string): boolean {
  return leavesIn(text) !== undefined;
}

function leavesOf(json: Json): readonly string[] {
  if (Array.isArray(json)) return json.flatMap(leavesOf);
  if (typeof json === 'string' || isNumber(json)) return [typeof json === 'string' ? json : textOf(json)];
  return [...(membersOf(json)?.values() ?? [])].flatMap(leavesOf);
}

/**
 * The values of a line: of `KEY=value`, `key: value` and `- value`, without quotes or a comment; none where it only names something.
 * `undefined` where it is no such line. The padding of base64 assigns nothing.
 */
function valuesInLine(line: string): readonly string[] | undefined {
  if (/^#\s|^[\w.-]+:$/.test(line)) return [];
  const [, written] = /^(?:(?:export\s+|-\s+)?[A-Za-z_][\w.-]*(?:\s*=(?!=*$)|:\s)|-\s)\s*(.+)$/.exec(line) ?? [];
  if (written === undefined) return undefined;
  const [, quote, held] = /^(["'`])(.*)\1\s*(?:#.*)?$/.exec(written) ?? [];
  if (held === undefined) return [written.replace(/\s#.*$/, '').trim()];
  const decodedText = quote === '"' ? parseJson(`"${held}"`) : undefined;
  return typeof decodedText === 'string' && decodedText !== held ? [held, decodedText] : [held];
}

const urlPassword = /[a-z][a-z0-9+.-]*:\/\/(?:[^\s/?#:@"'<>]*:)?([^\s/?#"'<>]+)@/gi;
const namedPassword =
  /(?<![\w-])(?:password|passwd|passphrase|pwd|pass|secret|token|sig|signature|(?:api|access|account|auth|secret|shared)[_ -]?(?:key|token|access[_ -]?key))\s*=\s*("[^"]*"|'[^']*'|[^\s;&"']+)/gi;

/** Passwords in URLs, and behind names such as `Password=`, as written and decoded. */
export function passwordsIn(text: string): readonly string[] {
  const inUrls = [...text.matchAll(urlPassword)].map(([, password = '']) => password);
  const named = [...text.matchAll(namedPassword)].map(([, password = '']) => password.replace(/^(["'])(.*)\1$/, '$2'));
  return [...inUrls, ...named].flatMap((password) => [password, decoded(password)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isOneLine(text: string): boolean {
  return !/[\r\n]/.test(text);
}
