// What every store over HTTPS has to bear, said once for all of them.
import { describe, expect, test } from 'vitest';
import type { Reference } from '../../../src/domain/secrets/reference.ts';
import { StoreUnavailable } from '../../../src/domain/secrets/unavailable.ts';
import type { SecretStore } from '../../../src/ports/secret-store.ts';
import { makeAuthority } from '../../rig/stores/authority.ts';
import { failing, type StoreRun, textOf } from '../../rig/stores/run.ts';
import type { Fault, Service } from '../../rig/stores/service.ts';

export interface FaultyStore {
  readonly service: Service;
  readonly run: StoreRun;
  /** Names a secret whose value is `one`. */
  readonly reference: Reference;
  /** The paths of the login and of the read. */
  readonly login: RegExp;
  readonly read: RegExp;
  readonly refuseTokens: () => void | Promise<void>;
  readonly open: (ca?: string) => SecretStore;
}

const unavailable = { status: 503, body: '<html>busy</html>' };
const throttled = { status: 429, headers: { 'retry-after': '3' }, body: '{}' };

/** @param arrange starts a test: the store is in order and its service without faults */
export function describeFaults(arrange: () => FaultyStore): void {
  const passing: readonly (readonly [string, Fault['what']])[] = [
    ['throttled', throttled],
    ['out of service', unavailable],
    ['cut off', 'drop'],
    ['cut short', 'cut short'],
  ];
  const parts = ['login', 'read'] as const;

  describe('faults that pass', () => {
    for (const part of parts) {
      test.each(passing)(`a ${part} that is %s is tried again`, async (_, what) => {
        const faulty = arrange();
        faulty.service.faults.push({ path: faulty[part], what, times: 2 });
        await using store = faulty.open();
        expect(textOf((await store.read([faulty.reference], faulty.run.limits()))[0])).toBe('one');
      });
    }

    test('the time that the service asks for is waited', async () => {
      const { service, run, reference, login, open } = arrange();
      service.faults.push({ path: login, what: { ...throttled, headers: { 'retry-after': '25' } }, times: 1 });
      const began = run.clock.now().getTime();
      await using store = open();
      await store.read([reference], run.limits());
      expect(run.clock.now().getTime() - began).toBeGreaterThanOrEqual(25_000);
    });

    test('a session that ends early is renewed once', async () => {
      const { run, reference, refuseTokens, open } = arrange();
      await using store = open();
      await store.read([reference], run.limits());
      await refuseTokens();
      expect(textOf((await store.read([reference], run.limits()))[0])).toBe('one');
      expect(run.audiences).toHaveLength(2);
    });
  });

  test('credentials that are about to end are not used any more', async () => {
    const { run, reference, open } = arrange();
    await using store = open();
    await store.read([reference], run.limits());
    run.clock.pass(3_550_000);
    expect(textOf((await store.read([reference], run.limits()))[0])).toBe('one');
    expect(run.audiences).toHaveLength(2);
  });

  describe('faults that stay', () => {
    for (const part of parts) {
      test(`a ${part} that is out of service to the deadline is the store's own word`, async () => {
        const faulty = arrange();
        faulty.service.faults.push({ path: faulty[part], what: unavailable, times: 1000 });
        await using store = faulty.open();
        const failure = await failing(store.read([faulty.reference], faulty.run.limits()));
        expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'answered', status: 503 });
        expect(failure.message).not.toContain('busy');
      });

      test(`a ${part} that is cut off to the deadline is a store that cannot be reached`, async () => {
        const faulty = arrange();
        faulty.service.faults.push({ path: faulty[part], what: 'drop', times: 1000 });
        await using store = faulty.open();
        const failure = await failing(store.read([faulty.reference], faulty.run.limits()));
        expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'unreachable' });
      });

      test(`a ${part} that is answered with a page is not trusted, and nothing of it is told`, async () => {
        const faulty = arrange();
        faulty.service.faults.push({ path: faulty[part], what: 'page', times: 1000 });
        await using store = faulty.open();
        const failure = await failing(store.read([faulty.reference], faulty.run.limits()));
        expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'not trusted' });
        expect(JSON.stringify([failure.message, failure.hint, failure.cause])).not.toMatch(/doctype|Sign in/);
      });

      test(`a ${part} that is redirected is not followed`, async () => {
        const faulty = arrange();
        const what = { status: 307, headers: { location: 'https://evil.example/x' }, body: '' };
        faulty.service.faults.push({ path: faulty[part], what, times: 1 });
        await using store = faulty.open();
        const failure = await failing(store.read([faulty.reference], faulty.run.limits()));
        expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'not trusted' });
        expect(failure.message).toMatch(/redirects from localhost:\d+ to evil\.example\.$/);
      });
    }

    test('a service that says nothing is given up at the deadline', async () => {
      const { service, run, reference, read, open } = arrange();
      service.faults.push({ path: read, what: 'silence', times: 1000 });
      await using store = open();
      await store.check([], run.limits());
      const failure = await failing(store.read([reference], run.limits(0.3)));
      expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'unreachable' });
    });

    test('an authority that is not the one of the store is not trusted', async () => {
      const { service, run, reference, open } = arrange();
      await using store = open(makeAuthority('Another authority').ca);
      const failure = await failing(store.read([reference], run.limits()));
      expect(failure).toBeInstanceOf(StoreUnavailable);
      expect(failure).toMatchObject({ how: 'not trusted' });
      expect(service.asked).toEqual([]);
    });

    test('a cancelled run ends at once', async () => {
      const { service, run, reference, read, open } = arrange();
      service.faults.push({ path: read, what: 'silence', times: 1000 });
      const cancel = new AbortController();
      await using store = open();
      const reading = failing(store.read([reference], { ...run.limits(), signal: cancel.signal }));
      setTimeout(() => cancel.abort(), 100);
      expect((await reading).code).toBe('CANCELLED');
    });
  });
}
