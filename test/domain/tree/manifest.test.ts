import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ReleaseManifest, readManifest, renderManifest } from '../../../src/domain/tree/manifest.ts';

const record: ReleaseManifest = {
  release: '20261121193711',
  revision: 'a'.repeat(40),
  artifact: 'b'.repeat(64),
  configuration: 'c'.repeat(64),
  application: 'shop',
  stage: 'production',
  by: 'octo[bot]',
  run: '9001',
  runNumber: 17,
  workflow: 'acme/shop/.github/workflows/deploy.yml',
  attempt: 2,
  job: 'deploy',
  repository: 'acme/shop',
  previous: '20261120193711',
  at: '2026-11-21T19:37:11.000Z',
  hooks: {},
  irreversible: [],
};

test('a record is read as it was written', () => {
  expect(readManifest(renderManifest(record))).toMatchObject(record);
});

test('whatever a server puts into a record, each word of it has its form', () => {
  const odd = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double(),
    fc.constant(null),
    fc.constantFrom('--output=x', '../..', '__proto__', '<b>', '::error::x'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...(Object.keys(record) as (keyof ReleaseManifest)[])), odd, (key, value) => {
      const read = readManifest(JSON.stringify({ ...record, [key]: value }));
      if (read === undefined) return;
      for (const word of Object.values(read)) expect(JSON.stringify(word ?? '')).not.toMatch(/<|--|::|\.\.\/|\\u/);
      for (const count of [read.runNumber, read.attempt]) expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
    }),
  );
});

test.each([
  '',
  'null',
  '[]',
  '{"__proto__":{"release":"20261121193711"}}',
  '['.repeat(500_000),
  `{"release":"${'1'.repeat(14)}"}`,
])('what is no record is none', (text) => {
  expect(readManifest(text)).toBeUndefined();
});
