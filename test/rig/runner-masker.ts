/**
 * How GitHub's runner hides masks in the log, modelled after SecretMasker, ValueEncoders and AddMaskCommandExtension of actions/runner 2.336:
 * case counts, overlapping and touching finds are one `***`, a mask of several lines is also registered line by line,
 * there is no shortest length, and each mask brings eleven encodings along.
 */
export class RunnerMasker {
  readonly #given = new Set<string>();
  readonly #values = new Set<string>();

  /** What `::add-mask::` does with its data, after it was unescaped. */
  addMask(data: string): void {
    if (data.trim() === '') return;
    this.addValue(data);
    for (const line of data.split(/[\r\n]/)) this.addValue(line.trim());
  }

  addValue(value: string): void {
    if (value === '' || this.#given.has(value)) return;
    this.#given.add(value);
    this.#values.add(value);
    for (const encode of encoders) if (encode(value) !== '') this.#values.add(encode(value));
  }

  mask(line: string): string {
    return hide(line, this.#values);
  }

  /** What a log shows of `text`, of whose lines each is masked by itself. Lines that are `::add-mask::` are obeyed. */
  log(text: string): string {
    return text
      .split('\n')
      .map((line) => line.replace(/\r$/, ''))
      .flatMap((line) => {
        const [, data] = /^\s*::add-mask::(.*)$/.exec(line) ?? [];
        if (data === undefined) return [this.mask(line)];
        this.addMask(unescapeData(data));
        return [];
      })
      .join('\n');
  }
}

/** Every find of `values` as `***`; finds that overlap or touch are one. */
export function hide(line: string, values: Iterable<string>): string {
  const found = [...values].flatMap((value) => placesOf(value, line)).toSorted((one, other) => one.start - other.start);
  const merged: { readonly start: number; end: number }[] = [];
  for (const place of found) {
    const last = merged.at(-1);
    if (last !== undefined && place.start <= last.end) last.end = Math.max(last.end, place.end);
    else merged.push({ ...place });
  }
  let shown = '';
  let at = 0;
  for (const { start, end } of merged) {
    shown += `${line.slice(at, start)}***`;
    at = end;
  }
  return shown + line.slice(at);
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function placesOf(value: string, line: string): Place[] {
  const places: Place[] = [];
  for (let start = line.indexOf(value); start >= 0; start = line.indexOf(value, start + 1))
    places.push({ start, end: start + value.length });
  return places;
}

/** The data of a command: `%` last, so that `%250A` is `%0A`. */
function unescapeData(data: string): string {
  return data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

const encoders: readonly ((value: string) => string)[] = [
  (value) => base64(value, 0),
  (value) => base64(value, 1),
  (value) => base64(value, 2),
  (value) => value.replaceAll('"', '\\"'),
  (value) => value.replaceAll("'", "''"),
  jsonEscape,
  uriEscape,
  xmlEscape,
  (value) => (value.length > 8 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : ''),
  (value) => sixOrMore(value.slice(0, ampersand(value).end)),
  (value) => sixOrMore(ampersand(value).end === 0 ? '' : value.slice(ampersand(value).next)),
];

/** Without the first `shift` bytes, unless nothing would be left. */
function base64(value: string, shift: number): string {
  const bytes = Buffer.from(value, 'utf8');
  return (bytes.length > shift ? bytes.subarray(shift) : bytes).toString('base64');
}

const jsonNames: Readonly<Record<string, string>> = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' };

function jsonEscape(value: string): string {
  return value.replace(/["\\]/g, '\\$&').replace(/[\x00-\x1f\x85\u2028\u2029]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return jsonNames[character] ?? `\\u${code}`;
  });
}

function uriEscape(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function xmlEscape(value: string): string {
  const names: Readonly<Record<string, string>> = { '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos', '&': 'amp' };
  return value.replace(/[<>"'&]/g, (sign) => `&${names[sign]};`);
}

/** PowerShell colours a command in sections that end behind an ampersand; behind `&+` it swallows one character. */
function ampersand(value: string): { readonly end: number; readonly next: number } {
  const plus = value.indexOf('&+');
  if (plus >= 0) return { end: plus + 2, next: plus + 3 };
  const last = value.lastIndexOf('&');
  return { end: last + 1, next: last + 1 };
}

function sixOrMore(section: string): string {
  return section.length >= 6 ? section : '';
}
