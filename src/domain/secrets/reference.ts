/** Where one secret lives: `store://locator[?version=…|stage=…][#selector]`. */
export interface Reference {
  /** A name from `stores:`, or `env`. */
  readonly store: string;
  /** As written, without version and selector. One that ends in `/**` names every place below it. */
  readonly locator: string;
  readonly version: string | undefined;
  readonly stage: string | undefined;
  readonly selector: Selector | undefined;
}

/** `key` is taken literally; `pointer` is a JSON pointer (RFC 6901), which also enters a text that holds JSON. */
export type Selector =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'pointer'; readonly tokens: readonly string[] };

/** What a reference says, or what is wrong with it and where, counted in characters from 0. */
export type ParsedReference = { readonly kind: 'reference'; readonly reference: Reference } | Fault;

/** The sentence never repeats the text: who mistakes the place writes the secret itself there. */
export interface Fault {
  readonly kind: 'fault';
  readonly at: number;
  readonly sentence: string;
}

/** Names of stores, as the keys of `stores:` have them. */
const storeForm = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const longest = 2000;
const controlCharacters = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/;

/** Reads a reference. Everything behind the first `#` is the selector, so a locator holds neither `#` nor `?`. */
export function parseReference(text: string): ParsedReference {
  const scheme = text.indexOf('://');
  if (scheme < 0) return fault(0, 'a reference is written `store://locator`');
  if (text.length > longest) return fault(longest, `a reference has at most ${longest} characters`);
  const strange = controlCharacters.exec(text);
  if (strange !== null) return fault(strange.index, 'a reference holds no line breaks and no control characters');
  const store = text.slice(0, scheme);
  if (!storeForm.test(store)) return fault(0, 'the name of a store is letters, digits, `_` and `-`');
  const start = scheme + 3;
  const hash = indexOrEnd(text, '#', start);
  const question = Math.min(indexOrEnd(text, '?', start), hash);
  const locator = text.slice(start, question);
  const pin = readPin(text.slice(question, hash), question);
  const selector = readSelector(text.slice(hash), hash);
  const wrong = locatorFault(store, locator, start);
  if (wrong !== undefined) return wrong;
  if ('kind' in pin) return pin;
  if ('kind' in selector) return selector;
  const reference = { store, locator, ...pin, ...selector };
  if (isTree(reference) && reference.version !== undefined)
    return fault(question, '`/**` names many secrets, and they have no version in common');
  return { kind: 'reference', reference };
}

/** The text that reads back as this very reference. */
export function renderReference(reference: Reference): string {
  const { store, locator, version, stage, selector } = reference;
  const pin = version !== undefined ? `?version=${version}` : stage !== undefined ? `?stage=${stage}` : '';
  return `${store}://${locator}${pin}${selector === undefined ? '' : `#${renderSelector(selector)}`}`;
}

export function renderSelector(selector: Selector): string {
  if (selector.kind === 'key') return selector.key;
  return selector.tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Fills placeholders such as `{stage}` in the parts of a reference, so that no value of them can become another part. */
export function fillReference(reference: Reference, values: Readonly<Record<string, string>>): Reference {
  const fill = (text: string): string =>
    text.replace(/\{([a-z]+)\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
    );
  const filled = (text: string | undefined): string | undefined => (text === undefined ? undefined : fill(text));
  return {
    store: reference.store,
    locator: fill(reference.locator),
    version: filled(reference.version),
    stage: filled(reference.stage),
    selector: reference.selector === undefined ? undefined : fillSelector(reference.selector, fill),
  };
}

/** Does the reference name every place below its locator? */
export function isTree(reference: Pick<Reference, 'locator'>): boolean {
  return reference.locator.endsWith('/**');
}

interface Pin {
  readonly version: string | undefined;
  readonly stage: string | undefined;
}

interface Selected {
  readonly selector: Selector | undefined;
}

function readPin(query: string, at: number): Pin | Fault {
  if (query === '') return { version: undefined, stage: undefined };
  const [, name, value] = /^\?(version|stage)=([^&]+)$/.exec(query) ?? [];
  if (name === undefined || value === undefined)
    return fault(at, 'behind `?` stands either `version=` or `stage=`, with a value');
  return name === 'version' ? { version: value, stage: undefined } : { version: undefined, stage: value };
}

function readSelector(text: string, at: number): Selected | Fault {
  if (text === '') return { selector: undefined };
  const key = text.slice(1);
  if (key === '') return fault(at, 'behind `#` stands the name of a field, or a JSON pointer such as `/a/b`');
  if (!key.startsWith('/')) return { selector: { kind: 'key', key } };
  const broken = /~(?![01])/.exec(key);
  if (broken !== null) return fault(at + 1 + broken.index, 'in a JSON pointer `~` is written `~0`, and `/` is `~1`');
  const tokens = key.slice(1).split('/');
  return {
    selector: { kind: 'pointer', tokens: tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~')) },
  };
}

function locatorFault(store: string, locator: string, at: number): Fault | undefined {
  if (locator.trim() !== locator || locator === '')
    return fault(at, 'between `://` and `?` or `#` stands the place in the store, without white space around it');
  const parts = locator.split('/');
  if (parts.some((part) => part === '.' || part === '..')) return fault(at, 'a locator has no parts `.` and `..`');
  const star = parts.findIndex((part, index) => part === '*' || (part === '**' && index < parts.length - 1));
  if (star >= 0 || locator === '**')
    return fault(at, 'everything below a path is taken by `/**` at the end of the locator');
  if (store === 'env' && !/^[A-Z_][A-Z0-9_]*$/.test(locator))
    return fault(at, 'behind `env://` stands the name of a variable, in capitals');
  if (store === 'env' && /^(INPUT|STATE|ACTIONS|GITHUB|RUNNER)_/.test(locator))
    return fault(at, '`env://` does not read the variables of the runner');
  return undefined;
}

function fillSelector(selector: Selector, fill: (text: string) => string): Selector {
  return selector.kind === 'key'
    ? { kind: 'key', key: fill(selector.key) }
    : { kind: 'pointer', tokens: selector.tokens.map(fill) };
}

function fault(at: number, sentence: string): Fault {
  return { kind: 'fault', at, sentence };
}

function indexOrEnd(text: string, sign: string, from: number): number {
  const index = text.indexOf(sign, from);
  return index < 0 ? text.length : index;
}
