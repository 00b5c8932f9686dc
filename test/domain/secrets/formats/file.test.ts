import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../../src/domain/failure.ts';
import type { FileFormat } from '../../../../src/domain/secrets/formats/file.ts';
import { renderFile } from '../../../../src/domain/secrets/formats/file.ts';
import { Secret } from '../../../../src/domain/secrets/secret.ts';
import type { EnvReader } from '../../../rig/env-readers.ts';
import {
  composeReader,
  dockerReader,
  npmReader,
  pythonReader,
  rubyReader,
  shellReader,
  systemdReader,
} from '../../../rig/env-readers.ts';

type Values = Readonly<Record<string, string>>;

const readers: Readonly<Record<FileFormat, Readonly<Record<string, EnvReader>>>> = {
  dotenv: {
    sh: shellReader('sh'),
    bash: shellReader('bash'),
    busybox: shellReader('busybox sh'),
    npm: npmReader,
    python: pythonReader,
    compose: composeReader,
    ruby: rubyReader,
  },
  json: { JSON: (content) => JSON.parse(content) as Values },
  docker: { old: dockerReader('old'), new: dockerReader('new') },
  systemd: { systemd: systemdReader },
  shell: { sh: shellReader('sh'), bash: shellReader('bash'), busybox: shellReader('busybox sh') },
};

function written(format: FileFormat, values: Values): string {
  const secrets = Object.entries(values).map(([name, value]) => [name, new Secret(name, value)] as const);
  return renderFile(format, new Map(secrets)).reveal();
}

/** The values that can be written, as one file of names V0, V1 … */
function writable(format: FileFormat, values: readonly string[]): Values {
  const fits = (value: string) => {
    try {
      written(format, { V: value });
      return true;
    } catch {
      return false;
    }
  };
  return Object.fromEntries(values.filter(fits).map((value, index) => [`V${index}`, value]));
}

const pieces = [
  `'`,
  '"',
  '\\',
  '$',
  '${HOME}',
  '$HOME',
  '${A:-b}',
  '`',
  '\n',
  '\r',
  '\t',
  ' ',
  '#',
  ' #',
  '=',
  '%',
  '!',
];
const anyValue = fc
  .array(
    fc.oneof(
      fc.constantFrom(...pieces, '\\n', "\\'", '$(id)', ';', '&', '\x07', '\u2028', 'é', '𝄞'),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 8 },
  )
  .map((all) => all.join(''));
const usual = [
  '',
  'plain',
  ' spaces around ',
  'a=b',
  '# no comment',
  'a # b',
  '$5',
  'p@$$w0rd',
  'back\\slash',
  '-----BEGIN X-----\nAb+/=\n-----END X-----\n',
  '{"a": "b"}',
  '日本語',
  '!history',
  '~',
  '%n',
];

describe.each(Object.keys(readers) as FileFormat[])('a file as %s', (format) => {
  test.each(Object.keys(readers[format]))('is read back equal by %s', (name) => {
    const sample = fc.sample(
      anyValue,
      name === 'npm' || name === 'JSON' || format === 'docker' || format === 'systemd' ? 3000 : 400,
    );
    for (let from = 0; from < sample.length; from += 100) {
      const values = writable(format, [...usual, ...sample.slice(from, from + 100)]);
      const read = readers[format][name]?.(written(format, values));
      if (read !== undefined)
        expect(Object.fromEntries(Object.keys(values).map((key) => [key, read[key]]))).toEqual(values);
    }
  });

  test('holds the usual values', () => {
    const lines = format === 'docker' ? usual.filter((value) => !value.includes('\n')) : usual;
    expect(Object.values(writable(format, lines))).toEqual(lines);
  });

  test('is the same whatever the order of the secrets', () => {
    expect(written(format, { B: '1', A: '2' })).toBe(written(format, { A: '2', B: '1' }));
  });
});

describe('a value that no quoting keeps equal', () => {
  test.each<[FileFormat, string, string]>([
    ['dotenv', `it's "x"`, 'a POSIX shell, dotenv of npm'],
    ['dotenv', "it's $5", 'a POSIX shell, Docker Compose and dotenv of Ruby would'],
    ['dotenv', 'ends with \\', 'Docker Compose'],
    ['dotenv', 'two \\\\ of them', ': python-dotenv would'],
    ['dotenv', 'a ${b} c', ': python-dotenv would'],
    ['dotenv', 'a\r\nb', 'dotenv of npm'],
    ['docker', 'a\nb', 'one line only'],
    ['docker', '"a"', 'quotes around'],
    ['docker', 'a\r', 'carriage return'],
    ['docker', 'x'.repeat(65_536), '64 KB'],
    ['systemd', 'a\x07', 'control characters'],
    ['shell', 'a\0b', 'NUL'],
    ['json', 'a\ud800', 'UTF-8'],
  ])('is refused by name in %s, and the reader is named: %j', (format, value, words) => {
    const attempt = () => written(format, { GOOD: 'x', BAD: value });
    expect(attempt).toThrow(expect.objectContaining({ code: 'SECRET_VALUE_REFUSED' }));
    expect(attempt).toThrow(words);
    expect(attempt).toThrow('BAD');
  });

  test('is told together with the others, and never shown', () => {
    try {
      written('dotenv', { A: `hunter2'"`, B: 'x', C: 'hunter2${x}' });
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      expect(error.problems.map(({ message }) => message.slice(0, 14))).toEqual(['The value of A', 'The value of C']);
      expect(error.problems.map(({ message }) => message).join()).not.toContain('hunter2');
    }
  });
});
