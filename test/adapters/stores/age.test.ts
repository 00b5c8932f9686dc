import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import * as vectors from 'cctv-age';
import { describe, expect, it } from 'vitest';
import { openAge, unarmored } from '../../../src/adapters/stores/age.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';

interface Vector {
  readonly name: string;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Uint8Array;
}

const latin = new TextDecoder('latin1');

/** A header of lines, an empty line, and a file of age, perhaps compressed. */
function read([name, bytes]: readonly [string, Uint8Array]): Vector {
  const end = latin.decode(bytes).indexOf('\n\n');
  const pairs = latin
    .decode(bytes.subarray(0, end))
    .split('\n')
    .map((line) => line.split(/: (.*)/));
  const headers = new Map(
    [...Map.groupBy(pairs, ([key = '']) => key)].map(([key, all]) => [key, all.map(([, value = '']) => value)]),
  );
  const body = bytes.subarray(end + 2);
  return { name, headers, body: headers.has('compressed') ? inflateSync(body) : body };
}

const own = Object.entries(vectors)
  .map(read)
  .filter(({ headers }) => headers.has('identity') && !headers.has('passphrase'));
const results: Readonly<Record<string, string>> = { success: 'opened', 'no match': 'for others' };

describe('the test vectors of age', () => {
  it('are there, for both kinds of identity', () => {
    const identities = own.flatMap(({ headers }) => headers.get('identity') ?? []);
    expect(identities.filter((one) => one.startsWith('AGE-SECRET-KEY-PQ-')).length).toBeGreaterThan(10);
    expect(identities.filter((one) => one.startsWith('AGE-SECRET-KEY-1')).length).toBeGreaterThan(50);
  });

  it.each(own)('$name', async ({ headers, body }) => {
    const age = openAge(new Secret('identity', (headers.get('identity') ?? []).join(' ')));
    const bytes = headers.has('armored') ? unarmored(latin.decode(body)) : body;
    const opened = bytes === undefined ? { kind: 'broken' as const } : await age.open(bytes);
    expect(opened.kind).toBe(results[headers.get('expect')?.[0] ?? ''] ?? 'broken');
    if (opened.kind === 'opened')
      expect(createHash('sha256').update(opened.bytes).digest('hex')).toBe(headers.get('payload')?.[0]);
  });
});
