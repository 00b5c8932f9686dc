import { hasSoundClasses } from '../../globs/path-globs.ts';
import { parseJumps } from './jumps.ts';
import { unprintable } from './shown.ts';
import { text } from './vocabulary.ts';

/**
 * The kinds of text in the configuration. Their patterns are used in the JSON Schema too, so they keep to what most
 * dialects know.
 */
const part = `(?!\\.{1,2}(?:/|$))[^/${unprintable}]{1,255}`;

const plainName = (what: string, longest: number) =>
  text(`${what} of letters, digits, ".", "_" and "-"`, /^[A-Za-z0-9_][A-Za-z0-9._-]*$/, longest);

export const application = () => plainName('a name', 100);
export const stageName = () => plainName('a stage name', 100);
export const isStageName = (name: string): boolean => stageName().safeParse(name).success;
export const role = () => plainName('a role', 64);
export const label = () => plainName('a label', 64);
export const serverName = () => plainName('a name', 100);
export const environment = () =>
  text('the name of a GitHub environment', new RegExp(`^(?! )[^${unprintable}]+(?<! )$`), 255);
export const line = () => text('text on one line', new RegExp(`^(?! )[^${unprintable}]+(?<! )$`), 200);
export const user = () => text('a user name', /^[A-Za-z_][A-Za-z0-9_.-]*\$?$/, 64);
export const hostPattern = () =>
  text('a host, an address or a pattern such as web[01:12].example.com', /^[A-Za-z0-9._:[][A-Za-z0-9._:[\]-]*$/, 253);
export const absolutePath = () =>
  text('an absolute path below "/", without empty, "." or ".." parts', new RegExp(`^(?:/${part})+/?$`));
export const releasePath = () =>
  text(
    'a path inside the release: relative, without a "/" at its end, without empty, "." or ".." parts',
    new RegExp(`^${part}(?:/${part})*$`),
  );
export const workspacePath = () =>
  text(
    'a path inside the workspace: relative, without empty, "." or ".." parts',
    new RegExp(`^${part}(?:/${part})*/?$`),
  );
/** Other tools know `{a,b}`; here it would name one path with braces, and a migration would silently not run. */
export const glob = () =>
  text(
    'a pattern of paths inside the release, without "!" in front, ".." parts, "{a,b}" or a range that falls',
    new RegExp(`^(?![/!])(?!(?:.*/)?\\.\\.(?:/|$))(?!.*\\{[^{}]*,)[^${unprintable}]+$`),
    1000,
    hasSoundClasses,
  );
export const environmentName = () =>
  text(
    'a name of letters, digits and "_" that does not begin with SLIPWAY_',
    /^(?!SLIPWAY_)[A-Za-z_][A-Za-z0-9_]*$/,
    200,
  );
export const environmentValue = () => text('text', /^[^\0]*$/, 10_000);
export const headerName = () => text('the name of a header', /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 100);
/** Only what HTTP carries: a probe with anything else could never be asked. */
export const headerValue = () =>
  text(
    'the value of a header, on one line, of characters up to U+00FF',
    /^(?! )[\t\u0020-\u007e\u00a0-\u00ff]*(?<! )$/,
    4000,
  );
export const command = () => text('a command for sh', /\S/, 10_000);
export const sought = () => text('text to look for', /^[^\0]+$/);
export const archivePath = () =>
  text(
    'a path inside the workspace that ends in .tar, .tar.gz or .tgz',
    new RegExp(`^(?=.*\\.(?:tar|tar\\.gz|tgz|tar\\.zst)$)${part}(?:/${part})*$`),
  );
export const jumps = () =>
  text(
    'bastions such as "ops@bastion.example.com:22", comma separated',
    /^[^,\s]+(?:,\s*[^,\s]+)*$/,
    500,
    (value) => parseJumps(value) !== undefined,
  );
