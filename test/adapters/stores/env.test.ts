import { expect, it } from 'vitest';
import { openEnv } from '../../../src/adapters/stores/env.ts';
import type { Secret } from '../../../src/domain/secrets/secret.ts';
import { at, limits } from './reading.ts';

const variables = { API_KEY: 'k-1', EMPTY: '', low: 'x', GITHUB_TOKEN: 't', ACTIONS_RUNTIME_TOKEN: 't', INPUT_X: 't' };

function open() {
  const masked: string[] = [];
  const store = openEnv({ variables, mask: (secret: Secret) => masked.push(secret.reveal()) });
  return { store, masked };
}

it('reads a variable of the step and masks it first', async () => {
  const { store, masked } = open();
  const [answer] = await store.read([at('API_KEY', { store: 'env' })], limits);
  expect(answer).toMatchObject({
    entries: [{ content: { kind: 'text', text: { name: 'env://API_KEY' } }, version: undefined }],
  });
  expect(masked).toEqual(['k-1']);
});

it('is checked without giving a value', async () => {
  const answers = await open().store.check([at('API_KEY'), at('NONE')], limits);
  expect(answers).toMatchObject([
    { entries: [{ content: { kind: 'not read' } }] },
    { failure: { code: 'SECRET_MISSING' } },
  ]);
});

it.each([
  ['EMPTY', 'SECRET_MISSING'],
  ['NONE', 'SECRET_MISSING'],
  ['__proto__', 'REFERENCE_INVALID'],
  ['low', 'REFERENCE_INVALID'],
  ['GITHUB_TOKEN', 'REFERENCE_INVALID'],
  ['ACTIONS_RUNTIME_TOKEN', 'REFERENCE_INVALID'],
  ['INPUT_X', 'REFERENCE_INVALID'],
  ['STATE_x', 'REFERENCE_INVALID'],
])('does not read %s: %s', async (name, code) => {
  const { store, masked } = open();
  expect(await store.read([at(name)], limits)).toMatchObject([{ failure: { code } }]);
  expect(masked).toEqual([]);
});

it('has no versions', async () => {
  expect(await open().store.read([at('API_KEY', { version: '1' })], limits)).toMatchObject([
    { failure: { code: 'REFERENCE_INVALID' } },
  ]);
});
