import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore, type StoresPorts } from '../../../src/adapters/stores/open.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import { FakeClock, FakeRandom } from '../../fakes/fake-clock.ts';
import { spawnedCommand } from '../../fakes/spawned-command.ts';
import { at, valuesOf } from './reading.ts';

const recorded = (name: string) => readFileSync(join(import.meta.dirname, 'recorded', 'sops', name), 'utf8');
const masked: string[] = [];
const ports: StoresPorts = {
  files: { text: async (path) => recorded(path) },
  workspace: '/',
  command: spawnedCommand(),
  clock: new FakeClock(),
  random: new FakeRandom(),
  run: '1001-1',
  idToken: async () => new Secret('identity token', 'a.b.c'),
  variables: {},
  mask: (secret) => masked.push(secret.name),
  credential: async ({ store, locator }) => new Secret(`${store}://${locator}`, recorded(locator)),
};

it('opens a file of SOPS with the identity that its reference names, masked', async () => {
  const identity = at('identities.txt', { store: 'env' });
  await using store = await openStore('file', { type: 'sops', path: 'values.enc.yaml', identity }, ports);
  expect(await valuesOf(store, 'stripe_key')).toEqual(['sk_test_1']);
  expect(masked).toEqual(['env://identities.txt']);
});

it('opens a command', async () => {
  const run = ['printf', '%s', 'a/{locator}'] as const;
  await using store = await openStore('op', { type: 'command', run, env: [], output: 'text', timeout: 10_000 }, ports);
  expect(await valuesOf(store, 'x')).toEqual(['a/x']);
});
