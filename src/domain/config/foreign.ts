import { Failure } from '../failure.ts';

/** A Kamal file or a Capistrano script, told by what it looks like; `undefined` for anything else. */
export function foreignConfiguration(path: string, text: string): Failure | undefined {
  if (isKamal(text)) return foreign(path, 'a Kamal file (it has `service:` and `image:`)');
  if (path.endsWith('.rb') || isCapistrano(text)) return foreign(path, 'a Capistrano script in Ruby');
  return undefined;
}

function foreign(path: string, what: string): Failure {
  return new Failure('CONFIG_FOREIGN', `${path}: this is ${what}, not a Slipway configuration.`);
}

function isKamal(text: string): boolean {
  return /^service:/m.test(text) && /^image:/m.test(text) && !/^application:/m.test(text);
}

/** All of these begin a line: inside a YAML file a line of a command is indented. */
function isCapistrano(text: string): boolean {
  return /^(?:(?:set|ask|append)\s+:\w+\s*,|(?:lock|server|role|namespace|task|require|load|import)\s+[:'"])/m.test(text) && !/^application:/m.test(text);
}
