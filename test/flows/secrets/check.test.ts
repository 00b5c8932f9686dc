import { expect, test } from 'vitest';
import type { SecretRequest } from '../../../src/domain/secrets/request.ts';
import { StoreUnavailable } from '../../../src/domain/secrets/unavailable.ts';
import { checkSecrets } from '../../../src/flows/secrets/check.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { entryOf, FakeStores, type StoreScript } from '../../fakes/fake-stores.ts';
import { reference } from '../../rig/references.ts';
import { request } from '../../rig/requests.ts';

const start = new Date('2026-11-28T12:00:00Z');

async function check(scripts: Readonly<Record<string, StoreScript>>, ...requests: readonly SecretRequest[]) {
  const stores = new FakeStores(scripts);
  const { signal } = new AbortController();
  const checked = await checkSecrets({ requests, stores, deadline: 60_000, clock: new FakeClock(start), signal });
  return { ...checked, asked: stores.asked, sentences: checked.failures.map(({ message }) => message) };
}

test('a check asks every store for every reference and fallback, and reads none', async () => {
  const { asked, references, failures } = await check(
    { main: { a: 'x' }, file: { b: 'y' } },
    request('A', 'a', { fallback: reference('file', 'b') }),
  );
  expect(asked).toEqual(['check main a until 12:01:00', 'check file b until 12:01:00']);
  expect(references.map(({ names, role, entries }) => [names, role, entries.length])).toEqual([
    ['A', 'own', 1],
    ['A', 'fallback', 1],
  ]);
  expect(failures).toEqual([]);
});

test('a check tells everything that is wrong, and a store that is out of use once', async () => {
  const sealed = new StoreUnavailable('answered', 'The store main is sealed.');
  const { sentences } = await check(
    { main: sealed, file: {} },
    request('A', 'a'),
    request('B', 'b'),
    request('C', reference('file', 'c')),
  );
  expect(sentences).toEqual(['The store main is sealed.', 'nothing is at c']);
});

test('a check judges ages as a fetch does', async () => {
  const created = new Date('2025-11-28T12:00:00Z');
  const aged = (onStale: 'warn' | 'fail') => request('A', 'a', { maxAge: 90 * 86_400_000, onStale });
  const main = { a: [entryOf('v', { created })] };
  expect((await check({ main }, aged('fail'))).sentences).toEqual(['A is 365 d old, and its `max_age` is 90 d.']);
  expect((await check({ main }, aged('warn'))).warnings).toEqual(['A is 365 d old, and its `max_age` is 90 d.']);
});
