import { text } from './vocabulary.ts';

/** The kinds of text that stores are configured with. `{stage}` may stand in those that say so. */
export const storeName = () =>
  text(
    'the name of a store: letters, digits, "_" and "-", and not "env", which is there already',
    /^(?!env$)[A-Za-z][A-Za-z0-9_-]*$/,
    64,
  );
export const endpoint = () =>
  text(
    'an address that begins with https:// (http:// on loopback only), without user, password, "?" and "#"',
    /^https?:\/\/[^\s?#]+$/i,
    2000,
    isEndpoint,
  );
export const audience = () => text('an audience, without white space', /^\S+$/, 500);
export const mount = () => text('the path of a mount, without "/" at its ends', /^[^/\s]+(?:\/[^/\s]+)*$/, 200);
export const region = () => text('a region such as eu-west-1', /^[a-z]{2}(?:-[a-z]+)+-\d$/, 50);
export const roleArn = () => text('the ARN of a role', /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/, 500);
export const vaultName = () =>
  text('the name of a Key Vault: letters, digits and "-"', /^(?:[A-Za-z0-9-]|\{stage\})+$/, 60);
export const tenant = () => text('the id or the domain of a tenant', /^[A-Za-z0-9.-]+$/, 253);
export const client = () =>
  text('the id of an application', /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/, 36);
export const project = () => text('the id of a project', /^(?:[a-z0-9:.-]|\{stage\})+$/, 200);
export const provider = () =>
  text(
    'a provider as projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/NAME',
    /^projects\/\d+\/locations\/global\/workloadIdentityPools\/[^/\s]+\/providers\/[^/\s]+$/,
    500,
  );
export const serviceAccount = () =>
  text('the address of a service account', /^(?:[A-Za-z0-9.-]|\{stage\})+@[A-Za-z0-9.-]+$/, 300);
export const location = () => text('a location such as europe-west3', /^[a-z0-9-]+$/, 50);
export const commandWord = () => text('a word of a command', /^[^\0\r\n]+$/, 1000);
export const secretName = () => text('the name of a secret: letters, digits and "_"', /^[A-Za-z_][A-Za-z0-9_]*$/, 200);
export const secretNames = () =>
  text('a name of letters, digits and "_", or "NAME_*" for many', /^(?:[A-Za-z_][A-Za-z0-9_]*\*?|\*)$/, 201);
export const secretGlob = () =>
  text('the name of a secret, in which "*" stands for any characters', /^[A-Za-z_*][A-Za-z0-9_*]*$/, 200);
/** The same that `env://` reads. */
export const variable = () =>
  text(
    'the name of a variable, in capitals, that is none of the runner’s (INPUT_, STATE_, ACTIONS_, GITHUB_, RUNNER_)',
    /^(?!(?:INPUT|STATE|ACTIONS|GITHUB|RUNNER)_)[A-Z_][A-Z0-9_]*$/,
    200,
  );
export const fileMode = () => text('a mode such as "0600" or "0640", which gives others nothing', /^0[46][046]0$/);

function isEndpoint(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
