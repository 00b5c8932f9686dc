import { base64Cores, hexForms, wrappedBase64 } from './byte-encodings.ts';

/**
 * The forms in which programs print `text`: base64 at every alignment, hex, JSON, URLs, shells, XML and HTML.
 * Base64 is given without the edges that depend on what stands beside it, so that it is found wherever the text was encoded with something else.
 * `text` itself is not among them.
 */
export function encodings(text: string): readonly string[] {
  const forms = new Set([
    ...base64Cores(text),
    ...hexForms(text),
    ...[...jsonForms, ...urlForms].flatMap((encode) => [encode(text), encode(encode(text))]),
    ...[...shellForms, ...markupForms].map((encode) => encode(text)),
    ...(/[\r\n]/.test(text) ? [] : [inMustache(text)]),
    ...wrappedBase64(text),
  ]);
  forms.delete(text);
  return [...forms];
}

/** What the runner derives by itself from a mask `text` and is among `encodings`, too (ValueEncoders of actions/runner). */
export function runnerEncodings(text: string): readonly string[] {
  return [inJson(text), strictUrl(text), inXml(text), text.replaceAll('"', '\\"'), text.replaceAll("'", "''")];
}

type Encode = (text: string) => string;

/** Replaces each find of `pattern` by what `write` makes of it. */
const replacing = (pattern: RegExp, write: (found: string) => string) => (text: string) => text.replace(pattern, write);
const entities = (names: Readonly<Record<string, string>>) =>
  replacing(new RegExp(`[${Object.keys(names).join('')}]`, 'g'), (sign) => `&${names[sign]};`);

const unicode = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
const inJson: Encode = (text) => JSON.stringify(text).slice(1, -1);
const inAsciiJson: Encode = (text) => inJson(text).replace(/[^\x00-\x7f]/g, unicode);

const jsonForms: readonly Encode[] = [
  inJson,
  inAsciiJson,
  // Go
  (text) => inJson(text).replace(/[<>&\u2028\u2029]/g, unicode),
  // PHP
  (text) => inAsciiJson(text).replaceAll('/', '\\/'),
  // .NET
  (text) =>
    inJson(text)
      .replaceAll('\\"', '"')
      .replace(/["'+&<>`\x7f]|[^\x00-\x7f]/g, (found) => `\\u${unicode(found).slice(2).toUpperCase()}`),
];

const percent = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
const inUrl: Encode = (text) => encodeURIComponent(text.toWellFormed());
/** As RFC 3986 has it: only letters, digits and `-._~` stay. */
const strictUrl: Encode = (text) => inUrl(text).replace(/[!'()*]/g, percent);
const inForm: Encode = (text) => new URLSearchParams([['', text.toWellFormed()]]).toString().slice(1);

const urlForms: readonly Encode[] = [
  inUrl,
  strictUrl,
  inForm,
  // Go and Python, form fields
  (text) => strictUrl(text).replaceAll('%20', '+'),
  // Python, paths
  (text) => strictUrl(text).replaceAll('%2F', '/'),
  (text) => encodeURI(text.toWellFormed()),
  // a password in a URL, as the URL standard writes it
  replacing(/[^\x21-\x7e]|["#<>?`{}/:;=@[\\\]^|]/gu, (sign) => (sign < '\x80' ? percent(sign) : inUrl(sign))),
  replacing(/[^\w.~-]/gu, (sign) => strictUrl(sign).toLowerCase()),
  (text) => inForm(text).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
];

const shellForms: readonly Encode[] = [
  (text) => text.replaceAll("'", "'\\''"),
  (text) => text.replaceAll("'", `'"'"'`),
  (text) => text.replaceAll("'", "''"),
  (text) => text.replaceAll('"', '\\"'),
  replacing(/[\\$`"]/g, (sign) => `\\${sign}`),
  replacing(/[\\$`"!]/g, (sign) => `\\${sign}`),
  // `printf %q` of bash: `#` in front and `~` in front or behind `:` and `=` too
  replacing(/[ \t!"$&'()*,;<>?[\\\]^`{|}]|^[#~]|(?<=[:=])~/g, (sign) => `\\${sign}`),
  // how Python, Ruby and Node show a text
  replacing(/[\\']/g, (sign) => `\\${sign}`),
  // Compose, systemd and printf double what they would expand
  (text) => text.replaceAll('$', '$$$$'),
  (text) => text.replaceAll('%', '%%'),
];

const inText = { '&': 'amp', '<': 'lt', '>': 'gt' };
const inXml = entities({ ...inText, '"': 'quot', "'": 'apos' });

const markupForms: readonly Encode[] = [
  inXml,
  entities(inText),
  entities({ ...inText, '"': 'quot' }),
  entities({ ...inText, '"': 'quot', "'": '#39' }),
  entities({ ...inText, '"': '#34', "'": '#39' }),
  entities({ ...inText, '"': 'quot', "'": '#x27' }),
  entities({ ...inText, '"': 'quot', "'": '#039' }),
];
/** It writes signs of base64 as entities, so each line of a key would cost a mask. */
const inMustache = entities({ ...inText, '"': 'quot', "'": '#39', '/': '#x2F', '`': '#x60', '=': '#x3D' });
