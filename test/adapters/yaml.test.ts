import { describe, expect, it } from 'vitest';
import { readYaml } from '../../src/adapters/yaml.ts';
import { Failure } from '../../src/domain/failure.ts';

function faults(text: string, path = 'f.yml'): readonly string[] {
  try {
    readYaml(path, text);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return (error.problems.length > 0 ? error.problems : [error]).map((one) => `${one.code} ${one.message}`);
  }
}

describe('YAML', () => {
  it('is read by version 1.2', () => {
    expect(readYaml('f.yml', 'a: yes\nb: 0o17\nc: 012\nd: 1:30\ne: 2024-01-01\n200: ok\n').value).toEqual({
      a: 'yes',
      b: 15,
      c: 12,
      d: '1:30',
      e: '2024-01-01',
      '200': 'ok',
    });
  });

  it('merges anchors', () => {
    expect(readYaml('f.yml', 'x: &x {u: 1, v: 2}\nb: {<<: *x, v: 3}\nc: {<<: [*x, {w: 4}]}\n').value).toMatchObject({
      b: { u: 1, v: 3 },
      c: { u: 1, v: 2, w: 4 },
    });
  });

  it.each([
    ['a: [1', '1:6: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['a: 1\na: 2', '2:1: the key "a" is here twice'],
    ['b:\n  a: 1\n  "a": 2', '3:3: the key "a" is here twice'],
    ['a:\n\tb: 1', '2:1: tabs do not indent in YAML: use spaces'],
    ['? [a]\n: b', '1:3: a key must be text'],
    ['a: *b', '1:4: no anchor is called b before this'],
    ['a: {<<: 3}', '1:5: "<<" takes a map, or a list of maps'],
    ['a: 1\n---\nb: 2', '2:1: the file holds more than one document'],
    ['%YAML 1.1\n---\na: yes', '1:1: only YAML 1.2 is read'],
    ['a: !!js/function x', '1:18: tags such as tag:yaml.org,2002:js/function are not allowed'],
    ['a: !!binary aGk=', '1:13: tags such as tag:yaml.org,2002:binary are not allowed'],
    ['a: !!set {b}', '1:10: tags such as tag:yaml.org,2002:set are not allowed'],
    ['a: !x [b]', '1:7: tags such as !x are not allowed'],
    [`a: ${'['.repeat(100_000)}`, '1:1: the file is nested too deeply'],
    [`a: 1\n#${'x'.repeat(1_048_576)}`, '1:1: the file is larger than 1 MiB.'],
  ])('is refused with its place: %.40s', (text, message) => {
    expect(faults(text)).toEqual([`CONFIG_INVALID f.yml:${message}`]);
  });

  it('takes !!str for what it says', () => {
    expect(readYaml('f.yml', 'a: !!str 22').value).toEqual({ a: '22' });
  });

  it('is not unfolded into gigabytes', () => {
    const level = (name: string, of: string): string =>
      `${name}: &${name} [${Array.from({ length: 9 }, () => of).join(',')}]\n`;
    const bomb = level('a', '1') + level('b', '*a') + level('c', '*b') + level('d', '*c') + level('e', '*d');
    expect(faults(bomb)).toEqual(['CONFIG_INVALID f.yml:1:1: the aliases of the file expand into too much.']);
  });

  it('tells all faults of a text', () => {
    expect(faults('a: 1\na: 2\nb: !x 1\n')).toEqual([
      'CONFIG_INVALID f.yml:2:1: the key "a" is here twice',
      'CONFIG_INVALID f.yml:3:7: tags such as !x are not allowed',
    ]);
  });
});

describe('places', () => {
  const { place } = readYaml('f.yml', 'x: &x {u: 1, v: [a, b]}\nb:\n  <<: *x\n  w: 2\nc: *x\nd:\n');

  it.each([
    [[], 'value', { line: 1, column: 1 }],
    [['b', 'w'], 'key', { line: 4, column: 3 }],
    [['b', 'w'], 'value', { line: 4, column: 6 }],
    [['b', 'u'], 'key', { line: 1, column: 8 }],
    [['b', 'v', 1], 'value', { line: 1, column: 21 }],
    [['c', 'v', 0], 'value', { line: 1, column: 18 }],
    [['c'], 'value', { line: 5, column: 4 }],
    [['d'], 'key', { line: 6, column: 1 }],
    [['e'], 'key', undefined],
    [['b', 'w', 'x'], 'key', undefined],
    [['x', 'v', 7], 'value', undefined],
  ] as const)('of %j (%s)', (path, where, expected) => {
    expect(place(path, where)).toEqual(expected);
  });

  it('count lines of every kind', () => {
    expect(readYaml('f.yml', '\ufeffa: 1\r\nb: 2\r\n').place(['b'], 'key')).toEqual({ line: 2, column: 1 });
  });
});
