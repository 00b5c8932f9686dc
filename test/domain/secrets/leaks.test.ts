import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FetchedSecret } from '../../../src/domain/secrets/fetched.ts';
import { leakFailure, leakGuard } from '../../../src/domain/secrets/leaks.ts';
import { fetched } from '../../rig/fetched.ts';

const url = fetched('DATABASE_URL', { value: 'postgres://shop:hunter2%21x@db/shop' });
const key = fetched('KEY', { value: 'k3y-of-the-4pplication' });
const pem = fetched('PEM', {
  value: `-----BEGIN PRIVATE KEY-----\n${'MIIEvQ9bADANBgkqhkiG9w0B'.repeat(2)}\nAQEFAASC\n-----END PRIVATE KEY-----\n`,
});
const account = fetched('ACCOUNT', {
  value: JSON.stringify({ project: 'my-project', region: 'europe-west3', key: 'q8Zr51LkP0aXw7Tn2VbM9cYd' }),
});

/** Names of the secrets that are found in the bytes. */
function foundIn(content: string | Buffer, ...secrets: readonly FetchedSecret[]): readonly string[] {
  const search = leakGuard(secrets, []).open('file');
  search.feed(Buffer.from(content));
  return search.end().map(({ name }) => name);
}

describe('the leak guard', () => {
  test.each<[string, string | Buffer, FetchedSecret]>([
    ['as it is', 'key: k3y-of-the-4pplication', key],
    ['between bytes that are no text', Buffer.from([0xff, 0, ...Buffer.from('k3y-of-the-4pplication'), 0xfe]), key],
    ['in base64 with something in front', Buffer.from('user:k3y-of-the-4pplication\n').toString('base64'), key],
    ['in hex', Buffer.from('k3y-of-the-4pplication').toString('hex'), key],
    ['in JSON', JSON.stringify({ a: url.value.reveal() }), url],
    ['by the password of its URL', 'password = hunter2%21x', url],
    ['by the password of its URL, decoded', 'password = hunter2!x', url],
    ['by one line of a key', `  "${'MIIEvQ9bADANBgkqhkiG9w0B'.repeat(2)}"`, pem],
    ['by a field that looks like a key', 'q8Zr51LkP0aXw7Tn2VbM9cYd', account],
  ])('finds a value %s', (_how, content, secret) => {
    expect(foundIn(content, secret, fetched('OTHER', { value: 'something-else' }))).toEqual([secret.name]);
  });

  test.each<[string, string, FetchedSecret]>([
    ['a field such as a region', 'region: europe-west3, my-project', account],
    ['headers of keys', '-----BEGIN PRIVATE KEY-----', pem],
    ['half of a value', 'k3y-of-the', key],
    ['another case', 'K3Y-OF-THE-4PPLICATION', key],
    ['values with `mask=false`', 'k3y-of-the-4pplication', { ...key, request: { ...key.request, mask: 'shown' } }],
  ])('does not take %s for a leak', (_what, content, secret) => {
    expect(foundIn(content, secret)).toEqual([]);
  });

  test('finds a value wherever the pieces of a file end', () => {
    const content = Buffer.from(`xx k3y-of-the k3y-of-the-4pplication é ${url.value.reveal()}`);
    fc.assert(
      fc.property(fc.array(fc.nat(content.length), { maxLength: 8 }), (cuts) => {
        const search = leakGuard([key, url, pem], []).open('a/b');
        const places = [0, ...cuts.toSorted((one, other) => one - other), content.length];
        for (const [index, end] of places.slice(1).entries()) search.feed(content.subarray(places[index], end));
        expect(search.end()).toEqual([
          { path: 'a/b', name: 'KEY' },
          { path: 'a/b', name: 'DATABASE_URL' },
        ]);
      }),
    );
  });

  test('names both of two secrets that begin alike or are equal', () => {
    const secrets = [
      fetched('A', { value: 'begin-1234' }),
      fetched('B', { value: 'begin-1234-end' }),
      fetched('C', { value: 'begin-1234' }),
    ];
    expect(foundIn('begin-1234-end', ...secrets).toSorted()).toEqual(['A', 'B', 'C']);
  });

  test('names what it cannot look for', () => {
    const secrets = [key, fetched('PIN', { value: '12345' }), fetched('STAGE', { value: 'production' })];
    expect(leakGuard(secrets, []).unsearched).toEqual(['PIN', 'STAGE']);
  });

  test('leaves out paths by globs', () => {
    const guard = leakGuard([key], ['docs/**', '*.md']);
    expect(['docs/a/b', 'README.md', 'src/docs.ts'].map((path) => guard.ignores(path))).toEqual([true, true, false]);
  });

  test('tells files and names, and never a value', () => {
    const failure = leakFailure([
      { path: 'a\n::error::b', name: 'KEY' },
      { path: 'c', name: 'KEY' },
      { path: 'c', name: 'URL' },
    ]);
    expect(failure?.code).toBe('SECRET_LEAKED');
    expect(failure?.problems.map(({ message }) => message)).toEqual([
      'The file a ::error::b of the artefact holds the value of KEY.',
      'The file c of the artefact holds the value of KEY, URL.',
    ]);
    expect(leakFailure([])).toBeUndefined();
  });
});
