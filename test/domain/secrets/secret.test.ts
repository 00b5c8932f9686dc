import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/domain/secrets/secret.ts';

const secret = new Secret('DATABASE_URL', 'postgres://u:p4ssw0rd@db/app');

describe('a secret', () => {
  test.each([
    ['a template', `${secret}`],
    ['a concatenation', `x ${String(secret)}`],
    ['JSON', JSON.stringify({ secret })],
    ['inspect, with what is hidden', inspect({ deep: { secret } }, { depth: 9, showHidden: true })],
    ['a spread', inspect({ ...secret })],
    ['its own properties', JSON.stringify(Object.getOwnPropertyNames(secret).map((key) => Reflect.get(secret, key)))],
  ])('shows its name and never its value in %s', (_where, text) => {
    expect(text).toContain('DATABASE_URL');
    expect(text).not.toContain('p4ssw0rd');
  });

  test('gives its value to whoever asks for it by name', () => {
    expect(secret.reveal()).toBe('postgres://u:p4ssw0rd@db/app');
  });
});
