import { describe, expect, test } from 'vitest';
import { Failure, leafFailures } from '../../../src/domain/failure.ts';
import type { SecretRequest } from '../../../src/domain/secrets/request.ts';
import { StoreUnavailable } from '../../../src/domain/secrets/unavailable.ts';
import type { Fetching } from '../../../src/flows/secrets/fetch.ts';
import { fetchSecrets } from '../../../src/flows/secrets/fetch.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeRedaction } from '../../fakes/fake-redaction.ts';
import { entryOf, FakeStores, type StoreScript } from '../../fakes/fake-stores.ts';
import { reference } from '../../rig/references.ts';
import { request } from '../../rig/requests.ts';

const start = new Date('2026-11-28T12:00:00Z');
const days = (count: number) => new Date(start.getTime() - count * 86_400_000);

function open(scripts: Readonly<Record<string, StoreScript>>, more: Partial<Fetching> = {}) {
  const stores = new FakeStores(scripts);
  const redaction = new FakeRedaction();
  const usual = { deadline: 60_000, stage: 'open', clock: new FakeClock(start), signal: new AbortController().signal };
  const fetch = async (...requests: readonly SecretRequest[]) =>
    await fetchSecrets({ ...usual, stores, redaction, requests, ...more } as Fetching);
  const values = async (...requests: readonly SecretRequest[]) =>
    Object.fromEntries((await fetch(...requests)).secrets.map(({ name, value }) => [name, value.reveal()]));
  const failures = async (...requests: readonly SecretRequest[]) => {
    const failure: unknown = await fetch(...requests).catch((thrown: unknown) => thrown);
    if (!(failure instanceof Failure)) throw new Error('it did not fail');
    return leafFailures(failure).map(({ code, message }) => `${code}: ${message}`);
  };
  return { stores, redaction, fetch, values, failures };
}

const sealed = new StoreUnavailable('answered', 'The store main is sealed.');
const cut = new StoreUnavailable('unreachable', 'The store main cannot be reached.');
const forged = new StoreUnavailable('not trusted', 'The store main shows a certificate that is not trusted.');
const spare = reference('file', 'key');

describe('secrets', () => {
  test('come under their names, in the order that they are asked for, from all stores', async () => {
    const { stores, values } = open({ main: { 'kv/db': { url: 'postgres://', user: 'u' } }, file: { key: 'k1' } });
    const got = await values(
      request('URL', reference('main', 'kv/db', { key: 'url' })),
      request('KEY', spare),
      request('DB_*', 'kv/db'),
    );
    expect(Object.entries(got)).toEqual([
      ['URL', 'postgres://'],
      ['KEY', 'k1'],
      ['DB_URL', 'postgres://'],
      ['DB_USER', 'u'],
    ]);
    expect(stores.asked).toEqual(['main kv/db kv/db until 12:01:00', 'file key until 12:01:00']);
  });

  test('none are asked for and no store is opened', async () => {
    const { stores, values } = open({});
    expect([await values(), stores.asked]).toEqual([{}, []]);
  });

  test('are hidden before anything can be said of them, with the fields that nobody asked for', async () => {
    const { redaction, failures } = open({ main: { 'kv/db': { url: 'the-url', user: 'the-user' } } });
    await failures(request('URL', reference('main', 'kv/db', { key: 'uri' })));
    expect(redaction.hidden).toEqual(['the-url', 'the-user']);
  });

  test('with `mask=false` stay readable, unless another reference takes the same value as a secret', async () => {
    const { redaction, fetch } = open({ main: { kv: { level: 'verbose', key: 'k1k2k3k4' } } });
    const shown = (name: string, key: string) => request(name, reference('main', 'kv', { key }), { mask: 'shown' });
    await fetch(shown('LEVEL', 'level'), shown('KEY', 'key'), request('ALSO', reference('main', 'kv', { key: 'key' })));
    expect(redaction.shown).toEqual(['verbose']);
    expect(redaction.hidden).toContain('k1k2k3k4');
  });

  test('of two references with one name are refused', async () => {
    const { failures } = open({ main: { a: { user: 'u' }, b: 'b' } });
    expect(await failures(request('DB_*', 'a'), request('DB_USER', 'b'))).toEqual([
      'SECRET_NAME_REFUSED: Two references give a secret the name DB_USER.',
    ]);
  });
});

describe('everything that is wrong', () => {
  test('is told together, in the order of the references, and a store that is out of use once', async () => {
    const { failures } = open({ main: { a: { x: '1' } }, aws: sealed });
    const aws = (locator: string) => request(locator.toUpperCase(), reference('aws', locator));
    expect(await failures(request('A', 'a'), aws('b'), aws('c'), request('D', 'd'))).toEqual([
      'SECRET_MISSING: main://a has several fields: name one behind `#`.',
      'STORE_UNAVAILABLE: The store main is sealed.',
      'SECRET_MISSING: nothing is at d',
    ]);
  });

  test('is left aside when the run was cancelled', async () => {
    const { failures } = open({ main: {}, file: {} }, { signal: AbortSignal.abort() });
    expect(await failures(request('A', 'a'), request('B', spare))).toEqual(['CANCELLED: The run was cancelled.']);
  });

  test('in one store keeps no other from being asked', async () => {
    const { stores, failures } = open({ file: { key: 'k' } });
    await failures(request('A', 'a'), request('B', spare));
    expect(stores.asked).toEqual(['file key until 12:01:00']);
  });
});

describe('a fallback', () => {
  const withFallback = (more = {}) => request('KEY', 'kv/key', { fallback: spare, ...more });
  const file = { file: { key: 'spare' } };

  test('is read where the store says that it is unavailable, and that is told', async () => {
    const { stores, fetch } = open({ main: sealed, ...file });
    const { secrets, warnings } = await fetch(withFallback());
    expect(secrets.map(({ value, source }) => [value.reveal(), source])).toEqual([['spare', 'fallback']]);
    expect(warnings).toEqual(['1 secret comes from the fallback file, because main is unavailable.']);
    expect(stores.asked).toEqual(['main kv/key until 12:00:30', 'file key until 12:01:00']);
  });

  test('is hidden as well', async () => {
    const { redaction, fetch } = open({ main: sealed, ...file });
    await fetch(withFallback());
    expect(redaction.hidden).toContain('spare');
  });

  test('leaves half of the time to itself, and all of it to the stores that have none', async () => {
    const { stores, fetch } = open({ main: { 'kv/key': 'first', 'kv/b': 'b' }, aws: { c: 'c' }, ...file });
    await fetch(withFallback(), request('B', 'kv/b'), request('C', reference('aws', 'c')));
    expect(stores.asked.toSorted()).toEqual(['aws c until 12:01:00', 'main kv/key kv/b until 12:00:30']);
  });

  test.each<[string, StoreScript]>([
    ['denies it', { 'kv/key': new Failure('STORE_DENIED', 'no') }],
    ['does not have it', {}],
    ['cannot be reached', cut],
    ['is not trusted', forged],
  ])('is not read where the store %s', async (_what, main) => {
    const { stores, failures } = open({ main, ...file });
    expect(await failures(withFallback())).toHaveLength(1);
    expect(stores.asked).toEqual(['main kv/key until 12:00:30']);
  });

  test('is read for a store that cannot be reached where that is written, and never for one that is not trusted', async () => {
    const unreachable = withFallback({ when: 'unreachable' });
    expect(await open({ main: cut, ...file }).values(unreachable)).toEqual({ KEY: 'spare' });
    expect(await open({ main: forged, ...file }).failures(unreachable)).toHaveLength(1);
  });

  test('needs leave on a stage with a gate', async () => {
    const gated = { stage: 'gated' } as const;
    expect(await open({ main: sealed, ...file }, gated).failures(withFallback())).toHaveLength(1);
    expect(await open({ main: sealed, ...file }, gated).values(withFallback({ gated: 'allowed' }))).toEqual({
      KEY: 'spare',
    });
  });

  test('that fails too is told with what was wrong before', async () => {
    const { failures } = open({ main: sealed, file: {} });
    expect(await failures(withFallback())).toEqual([
      'STORE_UNAVAILABLE: The store main is sealed.',
      'SECRET_MISSING: nothing is at key',
    ]);
  });

  test('obeys the same age', async () => {
    const { failures } = open({ main: sealed, file: { key: [entryOf('old', { created: days(100) })] } });
    expect(await failures(withFallback({ maxAge: 90 * 86_400_000, onStale: 'fail' }))).toEqual([
      'SECRET_STALE: KEY is 100 d old, and its `max_age` is 90 d.',
    ]);
  });
});

describe('a secret that is too old', () => {
  const old = { main: { a: [entryOf('v', { created: days(400) })], b: [entryOf('w', { created: days(1) })] } };
  const aged = (onStale: 'warn' | 'fail') => request('A', 'a', { maxAge: 90 * 86_400_000, onStale });

  test('is named, and the run goes on', async () => {
    const { warnings, stale, secrets } = await open(old).fetch(aged('warn'), request('B', 'b'));
    expect(warnings).toEqual(['A is 400 d old, and its `max_age` is 90 d.']);
    expect([stale, secrets.length]).toEqual([['A'], 2]);
  });

  test('ends the run where that is written', async () => {
    expect(await open(old).failures(aged('fail'), request('B', 'b'))).toEqual([
      'SECRET_STALE: A is 400 d old, and its `max_age` is 90 d.',
    ]);
  });

  test('is not one that its store is only about to replace', async () => {
    const changing = entryOf('v', { rotation: { state: 'in flight', next: undefined } });
    const { warnings, stale } = await open({ main: { a: [changing] } }).fetch(request('A', 'a'));
    expect([warnings.length, stale]).toEqual([1, []]);
  });
});
