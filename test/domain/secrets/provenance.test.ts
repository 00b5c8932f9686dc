import { describe, expect, test } from 'vitest';
import type { Provenance } from '../../../src/domain/secrets/provenance.ts';
import {
  changedVersions,
  provenanceCells,
  provenanceOf,
  readProvenance,
} from '../../../src/domain/secrets/provenance.ts';
import { fetched } from '../../rig/fetched.ts';
import { reference } from '../../rig/references.ts';

const now = new Date('2026-11-28T12:00:00Z');
const created = new Date('2025-10-24T12:00:00Z');
const fallback = { from: reference('file', 'x'), when: 'unavailable', gated: 'allowed' } as const;

const secrets = [
  fetched('URL', { value: 'hunter2', entry: { version: '7', created } }),
  fetched('KEY', { value: 'hunter2', request: { fallback }, source: 'fallback' }),
];
const row = (rest: Partial<Provenance>): Provenance => ({
  name: 'URL',
  store: 'main',
  version: '7',
  days: 400,
  state: 'as planned',
  ...rest,
});

describe('where secrets came from', () => {
  test('is one row each with store, version and age, sorted, without value', () => {
    const rows = provenanceOf(secrets, now);
    expect(rows.map(provenanceCells)).toEqual([
      ['KEY', 'file (fallback)', '', ''],
      ['URL', 'main', '7', '400 d'],
    ]);
    expect(JSON.stringify(rows)).not.toContain('hunter2');
  });

  test('reads back from a manifest as it was', () => {
    const rows = provenanceOf(secrets, now);
    expect(readProvenance(JSON.parse(JSON.stringify(rows)))).toEqual(rows);
  });

  test.each([
    [undefined],
    ['rows'],
    [[null, 1, {}, { name: '::error::', store: 'main' }, { name: 'A', store: '| x |' }]],
  ])('is nothing where a server wrote %j', (value) => {
    expect(readProvenance(value)).toEqual([]);
  });

  test('leaves out of a row what is not ours', () => {
    const [read] = readProvenance([{ name: 'A', store: 'main', version: 'a\nb', days: -1, state: 'fine' }]);
    expect(read).toEqual({ name: 'A', store: 'main', version: undefined, days: undefined, state: 'as planned' });
  });

  test.each<[string, readonly Provenance[], readonly string[]]>([
    [
      'another version',
      [row({ version: '9', days: 1 })],
      ['URL: deployed with version 7 of main, now version 9 of main'],
    ],
    [
      'another store',
      [row({ store: 'file', version: undefined })],
      ['URL: deployed with version 7 of main, now a value without version of file'],
    ],
    ['nothing', [], ['URL: deployed with version 7 of main, no longer fetched']],
    ['the same at another age', [row({ days: 500 }), row({ name: 'NEW' })], []],
  ])('says how a release differs from now, where there is %s', (_what, after, words) => {
    expect(changedVersions([row({})], after)).toEqual(words);
  });
});
