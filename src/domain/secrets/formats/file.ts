import { Failure, together } from '../../failure.ts';
import { Secret } from '../secret.ts';
import { docker } from './docker.ts';
import { dotenv } from './dotenv.ts';
import { json } from './json.ts';
import { shell } from './shell.ts';
import { systemd } from './systemd.ts';
import type { Writer } from './writer.ts';

export const fileFormats = ['dotenv', 'json', 'docker', 'systemd', 'shell'] as const;
export type FileFormat = (typeof fileFormats)[number];

const writers: Readonly<Record<FileFormat, Writer>> = { dotenv, json, docker, systemd, shell };

/**
 * The content of a delivered file, sorted by name, so that the same secrets are the same bytes.
 * @throws Failure `SECRET_VALUE_REFUSED` with every name whose value no quoting keeps equal
 */
export function renderFile(format: FileFormat, values: ReadonlyMap<string, Secret>): Secret {
  const writer = writers[format];
  const pairs = [...values]
    .map(([name, secret]) => [name, secret.reveal()] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const problems = pairs.flatMap(([name, value]) => {
    const why = value.isWellFormed() ? writer.refusal(value) : 'it is no text that UTF-8 could hold';
    return why === undefined
      ? []
      : [new Failure('SECRET_VALUE_REFUSED', `The value of ${name} cannot be written as ${format}: ${why}.`)];
  });
  if (problems.length > 0)
    throw together('SECRET_VALUE_REFUSED', `${problems.length} values cannot be written as ${format}.`, problems);
  return new Secret(`${format} of ${pairs.map(([name]) => name).join(', ')}`, writer.write(pairs));
}
