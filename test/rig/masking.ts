import fc from 'fast-check';
import { masksOf } from '../../src/domain/secrets/masks.ts';
import { redaction } from '../../src/domain/secrets/redactor.ts';
import { Secret } from '../../src/domain/secrets/secret.ts';
import { RunnerMasker } from './runner-masker.ts';

/** How programs print a value. What depends on neighbours leaves a few characters of them beside the mask. */
interface Transform {
  readonly name: string;
  readonly edge: number;
  print(value: string): string;
}

const exact = (name: string, print: (value: string) => string): Transform => ({ name, edge: 0, print });
const bytes = (text: string) => Buffer.from(text, 'utf8');
const json = (value: string) => JSON.stringify(value).slice(1, -1);
const escaped = (text: string, pattern: RegExp) =>
  text.replace(pattern, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
const cut = (text: string, length: number) => text.match(new RegExp(`.{1,${length}}`, 'g'))?.join('\n') ?? '';
const rfc3986 = (value: string) =>
  encodeURIComponent(value).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

export const transforms: readonly Transform[] = [
  exact('as it is', (value) => value),
  exact('line by line, indented', (value) => value.replace(/^/gm, '    ')),
  ...['', ':', 'u:'].flatMap((ahead): readonly Transform[] => [
    {
      name: `base64 behind ${ahead.length} bytes`,
      edge: 6,
      print: (value) => bytes(`${ahead}${value}`).toString('base64'),
    },
    {
      name: `base64url behind ${ahead.length} bytes`,
      edge: 6,
      print: (value) => bytes(`${ahead}${value}\n`).toString('base64url'),
    },
  ]),
  { name: 'base64 in lines of 76', edge: 7, print: (value) => cut(bytes(`${value}\n`).toString('base64'), 76) },
  exact('hex', (value) => bytes(value).toString('hex')),
  exact('HEX', (value) => bytes(value).toString('hex').toUpperCase()),
  exact('JSON', json),
  exact('JSON in JSON', (value) => json(json(value))),
  exact('JSON of Python', (value) => escaped(json(value), /[^\x00-\x7f]/g)),
  exact('JSON of Go', (value) => escaped(json(value), /[<>&]/g)),
  exact('JSON of PHP', (value) => escaped(json(value), /[^\x00-\x7f]/g).replaceAll('/', '\\/')),
  exact('encodeURIComponent', encodeURIComponent),
  exact('encodeURIComponent twice', (value) => encodeURIComponent(encodeURIComponent(value))),
  exact('RFC 3986', rfc3986),
  exact('RFC 3986 twice', (value) => rfc3986(rfc3986(value))),
  exact('a form field', (value) => new URLSearchParams([['', value]]).toString().slice(1)),
  exact('single quotes of a shell', (value) => value.replaceAll("'", "'\\''")),
  exact('single quotes by double ones', (value) => value.replaceAll("'", `'"'"'`)),
  exact('double quotes of a shell', (value) => value.replace(/[\\$`"]/g, '\\$&')),
  exact('quotes of Python', (value) => value.replace(/[\\']/g, '\\$&')),
  exact('doubled quotes', (value) => value.replaceAll("'", "''")),
  exact('XML', (value) => entities(value, { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' })),
  exact('HTML', (value) => entities(value, { '&': 'amp', '<': 'lt', '>': 'gt', '"': '#34', "'": '#39' })),
];

function entities(value: string, names: Readonly<Record<string, string>>): string {
  return value.replace(/[&<>"']/g, (sign) => `&${names[sign]};`);
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const signs = `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~ é€𝄞`;
const textOf = (alphabet: string, least: number, most: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength: least, maxLength: most }).map((all) => all.join(''));

/** Passwords, tokens, keys of several lines, and some of no size that counts. */
const token = textOf(letters, 8, 120);
const password = fc
  .tuple(textOf(letters, 4, 4), textOf(letters + signs, 2, 40), textOf(letters, 2, 2))
  .map((all) => all.join(''));
const key = fc.array(textOf(`${letters}+/`, 64, 64), { minLength: 2, maxLength: 30 }).map((lines) => lines.join('\n'));
const lines = fc.array(password, { minLength: 2, maxLength: 6 }).map((all) => all.join('\n'));

export const anySecret: fc.Arbitrary<string> = fc.oneof(token, password, key, lines);

/** The transforms after which more of the value stands in a log than the edges of its neighbours. */
export function survivors(value: string): readonly string[] {
  const masks = masksOf(new Secret('X', value));
  if (masks.kind === 'unmaskable') return [`no mask, as ${masks.because}`];
  const runner = new RunnerMasker();
  for (const mask of masks.forRunner) runner.addMask(mask);
  const ours = redaction(masks.all);
  return transforms.flatMap(({ name, edge, print }) => {
    const shown = `«${print(value)}»`;
    const logs = { runner: runner.log(shown), redactor: ours.redact(shown) };
    return Object.entries(logs).flatMap(([who, log]) =>
      leftOf(log).some((piece) => piece.length > edge) ? [`${name}, by the ${who}: ${log}`] : [],
    );
  });
}

/** What stands between the masks, without white space and the brackets around. */
function leftOf(log: string): readonly string[] {
  return log
    .replace(/[«»]/g, '')
    .split(/\*\*\*|\n/)
    .map((piece) => piece.trim().replace(/^(?:\\+n|%(?:25)?0A|&#10;)$/, ''));
}
