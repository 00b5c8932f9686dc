import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillReference, parseReference, renderReference } from '../../../src/domain/secrets/reference.ts';
import { anyReference, reference } from '../../rig/references.ts';

describe('a reference', () => {
  test.each([
    ['main://kv/app/production#url', reference('main', 'kv/app/production', { key: 'url' })],
    [
      'aws://prod/app?stage=AWSPREVIOUS#api_key',
      reference('aws', 'prod/app', { stage: 'AWSPREVIOUS', key: 'api_key' }),
    ],
    ['azure://my-vault/tls-cert?version=4387ab', reference('azure', 'my-vault/tls-cert', { version: '4387ab' })],
    [
      'aws://arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/app-AbCdEf',
      reference('aws', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/app-AbCdEf'),
    ],
    ['env://EXISTING', reference('env', 'EXISTING')],
    ['main://kv/app/**', reference('main', 'kv/app/**')],
    ['main://kv/my app#a b', reference('main', 'kv/my app', { key: 'a b' })],
  ])('%s is read', (text, expected) => {
    expect(parseReference(text)).toEqual({ kind: 'reference', reference: expected });
  });

  test.each(['aws_external-s3.key', 'some-secret-with-123digits', 'a.b.c', '0', 'a#b?c', '~', '*'])(
    'takes the selector %s literally',
    (key) => {
      expect(parseReference(`main://kv/app#${key}`)).toEqual({
        kind: 'reference',
        reference: reference('main', 'kv/app', { key }),
      });
    },
  );

  test.each([
    ['/a/b', ['a', 'b']],
    ['/', ['']],
    ['/a~1b/~01', ['a/b', '~1']],
    ['/items/0', ['items', '0']],
  ])('takes %s for a JSON pointer', (pointer, tokens) => {
    expect(parseReference(`main://kv/app#${pointer}`)).toEqual({
      kind: 'reference',
      reference: reference('main', 'kv/app', { tokens }),
    });
  });

  test.each([
    ['kv/app', 0],
    ['my store://kv', 0],
    ['://kv', 0],
    ['main://', 7],
    ['main:// kv', 7],
    ['main://kv#', 9],
    ['main://kv?', 9],
    ['main://kv?version=', 9],
    ['main://kv?version=1&stage=x', 9],
    ['main://kv?field=x', 9],
    ['main://kv#/a~2', 12],
    ['main://kv/../sys', 7],
    ['main://kv/./x', 7],
    ['main://kv/*', 7],
    ['main://kv/**/x', 7],
    ['main://**', 7],
    ['main://kv/**?version=2', 12],
    ['env://path', 6],
    ['env://ACTIONS_RUNTIME_TOKEN', 6],
    ['main://kv\nx', 9],
    [`main://${'x'.repeat(2000)}`, 2000],
  ])('%j is refused, with the place', (text, at) => {
    expect(parseReference(text)).toMatchObject({ kind: 'fault', at });
  });

  test('that was a secret by mistake is not repeated', () => {
    for (const text of ['hunter2hunter2', 'postgres://u:hunter2hunter2@db/#', 'x://hunter2hunter2/../y'])
      expect(JSON.stringify(parseReference(text))).not.toContain('hunter2');
  });

  test('reads back as it was, whatever it holds', () => {
    fc.assert(
      fc.property(anyReference(), (given) => {
        expect(parseReference(renderReference(given))).toEqual({ kind: 'reference', reference: given });
      }),
      { numRuns: 1000 },
    );
  });

  test('is filled in by parts, so that a value becomes no other part', () => {
    const given = reference('file', 'db/{stage}/{other}', { key: '{stage}-key' });
    expect(fillReference(given, { stage: 'a#b?version=1' })).toEqual(
      reference('file', 'db/a#b?version=1/{other}', { key: 'a#b?version=1-key' }),
    );
  });
});
