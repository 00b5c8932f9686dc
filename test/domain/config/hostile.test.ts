import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigDocument } from '../../../src/domain/config/reading/configuration.ts';
import { readConfiguration } from '../../../src/domain/config/reading/configuration.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { plainFile, problems, read } from '../../rig/reading.ts';

describe('hostile files', () => {
  it('cannot reach the prototype of anything', () => {
    expect(problems(`${plainFile}default_env: {__proto__: {polluted: x}}\n`)).toEqual([
      'CONFIG_INVALID slipway.yml:5:15: default_env.__proto__: this key is not allowed anywhere',
    ]);
    expect(problems(`${plainFile}__proto__: {polluted: x}\n`)).toEqual([
      'CONFIG_INVALID slipway.yml:5:1: __proto__: this key is not allowed anywhere',
    ]);
    expect(problems(`${plainFile}constructor: {prototype: x}\n`)).toEqual([
      'CONFIG_INVALID slipway.yml:5:1: constructor: unknown key; docs/configuration.md lists all that are known here',
    ]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('may call a stage as objects call their own', () => {
    expect(read(plainFile.replace('production', 'constructor')).stage).toBe('constructor');
    expect(read(plainFile.replace('production', 'toString'), 'toString').stage).toBe('toString');
  });

  it.each([
    ['an alias that holds itself', 'mutable: &a [*a]', '5:14: mutable[0]: an alias that holds itself'],
    ['a control character', 'default_env: {A: "\\e[2J"}', '5:18: default_env.A: control characters are not allowed'],
    ['half a character', 'default_env: {A: "\\ud800"}', '5:18: default_env.A: half of a surrogate pair is not text'],
    [
      'an expression of GitHub',
      'hooks: {updated: [{name: x, run: "echo ${{ secrets.A }}"}]}',
      '5:34: hooks.updated[0].run: `${{ }}` is not filled in here: expressions of GitHub belong into the workflow',
    ],
    [
      'text that turns its direction',
      'hooks: {updated: [{run: x, name: "a\\u202eb"}]}',
      '5:34: hooks.updated[0].name: expected text on one line, found "a\\u202eb"',
    ],
  ])('are refused: %s', (_, line, message) => {
    expect(problems(plainFile + line)).toEqual([`CONFIG_INVALID slipway.yml:${message}`]);
  });

  it('are not followed deeper than 32 levels', () => {
    const deep = problems(`${plainFile}mutable: ${'['.repeat(60)}${']'.repeat(60)}\n`);
    expect(deep).toHaveLength(2);
    expect(deep[1]).toMatch(/: nested deeper than 32 levels$/);
  });

  it('get a hundred messages at most, each on one line', () => {
    const many = problems(
      `${plainFile}linked_dirs: [${Array.from({ length: 150 }, (_, index) => `"/a\\n${index}"`).join(', ')}]\n`,
    );
    expect(many).toHaveLength(100);
    expect(many.filter((one) => /[\n\r]/.test(one))).toEqual([]);
  });

  it('never end in anything but settings or a failure with a code', () => {
    const keys = fc.constantFrom(
      'application',
      'stages',
      'servers',
      'host',
      'hooks',
      'updated',
      'run',
      'health',
      'artifact',
      'append',
      'remove',
      'x-a',
      '__proto__',
      'constructor',
      '',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('map'),
      ),
      map: fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
    }));
    fc.assert(
      fc.property(value, (tree) => {
        const document: ConfigDocument = { path: 'f', value: tree, place: () => undefined };
        try {
          readConfiguration(document, undefined);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          expect((error as Failure).code).toMatch(/^(CONFIG_INVALID|NOT_YET|STAGE_UNKNOWN)$/);
        }
      }),
    );
  });
});

describe('placeholders', () => {
  it('stay for later in what a health check looks for', () => {
    const probe = read(`${plainFile}health: [{http: "http://x/", expect: {body_contains: 'v={revision} {"a":1}'}}]\n`)
      .health[0];
    expect(probe?.ask).toMatchObject({ bodyContains: 'v={revision} {"a":1}' });
  });

  it.each([
    [
      "health: [{http: 'http://x/', expect: {body_contains: '{release}'}}]",
      '5:54: health[0].expect.body_contains: {release} is no placeholder here: {revision} is',
    ],
    [
      "health: [{http: 'http://x/', expect: {body_contains: '{version}'}}]",
      '5:54: health[0].expect.body_contains: {version} is no placeholder here: {revision} is',
    ],
    ["health: [{http: 'http://x/{revision}'}]", '5:17: health[0].http: {revision} is not filled in here'],
    [
      "hooks: {updated: [{run: 'echo {stage}'}]}",
      '5:25: hooks.updated[0].run: {stage} is not filled in here; use "$SLIPWAY_STAGE"',
    ],
    ["deploy_to: '/srv/{stage}'", '2:12'],
  ])('are refused elsewhere: %s', (line, message) => {
    const text = line.startsWith('deploy_to') ? plainFile.replace('/srv/shop', "'/srv/{stage}'") : plainFile + line;
    expect(problems(text)).toEqual([
      `CONFIG_INVALID slipway.yml:${message === '2:12' ? '2:12: deploy_to: {stage} is not filled in here' : message}`,
    ]);
  });

  it('leave the variables of the shell alone', () => {
    expect(read(`${plainFile}hooks: {updated: [{run: 'echo \${stage} {print}'}]}\n`).hooks.updated[0]?.command).toBe(
      'echo ${stage} {print}',
    );
  });
});

describe('keys that begin with x-', () => {
  it('are free at every level', () => {
    const text = `x-web: &web {roles: [web], x-note: 1}
application: shop
deploy_to: /srv/shop
ssh: {user: deploy, x-why: {any: [thing]}}
stages:
  x-later: [1]
  production: {x-a: 1, servers: [{<<: *web, host: a, x-b: 2}]}
hooks: {x-c: 3, updated: [{run: x, roles: [web], x-d: 4}]}
`;
    expect(read(text).servers[0]?.roles).toEqual(['web']);
  });

  it('are part of a name where keys are names: headers, variables, labels', () => {
    const text = `${plainFile}health: [{http: "http://x/", headers: {x-request-id: a}}]\n`;
    expect(read(text).health[0]?.ask).toMatchObject({ headers: { 'x-request-id': 'a' } });
  });
});
