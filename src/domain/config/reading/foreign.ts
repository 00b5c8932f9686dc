import { Failure } from '../../failure.ts';

/** Where projects of other tools keep their configuration. */
export const foreignProjectPaths = ['Capfile', 'config/deploy.rb', 'config/deploy.yml'] as const;

/** `CONFIG_FOREIGN` where the text looks like a Kamal file or a Capistrano script; `undefined` for anything else. */
export function foreignConfiguration(path: string, text: string): Failure | undefined {
  const what = whatIs(path, text);
  return what === undefined
    ? undefined
    : new Failure('CONFIG_FOREIGN', `${path}: this is ${what}, not a Slipway configuration.`);
}

/** The same for a workspace that has no `wanted`, but the other tool's file `path`. */
export function foreignProject(wanted: string, path: string, text: string): Failure | undefined {
  const what = whatIs(path, text);
  if (what === undefined) return undefined;
  const hint = `Write a Slipway configuration at ${wanted}; docs/configuration.md shows the smallest one.`;
  return new Failure('CONFIG_FOREIGN', `There is no ${wanted} in the workspace, only ${path}: ${what}`, { hint });
}

function whatIs(path: string, text: string): string | undefined {
  if (isKamal(text)) return 'a Kamal file (it has `service:` and `image:`)';
  return path.endsWith('.rb') || isCapistrano(text) ? 'a Capistrano script in Ruby' : undefined;
}

function isKamal(text: string): boolean {
  return /^service:/m.test(text) && /^image:/m.test(text) && !/^application:/m.test(text);
}

/** Only matches at the beginning of a line: in a YAML file the lines of a command are indented. */
function isCapistrano(text: string): boolean {
  return (
    /^(?:(?:set|ask|append)\s+:\w+\s*,|(?:lock|server|role|namespace|task|require|load|import)\s+[:'"])/m.test(text) &&
    !/^application:/m.test(text)
  );
}
