import { describe, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../../../src/adapters/clock.ts';
import { shareTokens } from '../../../src/adapters/stores/id-tokens.ts';
import { openSecretStores, type SecretStoresPorts } from '../../../src/adapters/stores/secret-stores.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import type { StoreSettings, VaultSettings } from '../../../src/domain/secrets/settings.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { spawnedCommand } from '../../fakes/spawned-command.ts';
import { reference } from '../../rig/references.ts';
import { startScripted } from '../../rig/stores/scripted.ts';

const claims = { iss: 'https://issuer.example', sub: 'repo:octo/shop:environment:production', repository_id: '74' };
const jwt = ['{}', JSON.stringify(claims), 'signature']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

function open(settings: Readonly<Record<string, StoreSettings>>, more: Partial<SecretStoresPorts> = {}) {
  const masked: string[] = [];
  const limits = () => ({ deadline: new Date(Date.now() + 5000), signal: new AbortController().signal });
  const stores = openSecretStores(settings, {
    files: { text: async () => undefined },
    workspace: '/',
    command: spawnedCommand(),
    clock: systemClock,
    random: systemRandom,
    variables: { DIRECT: 'from-env' },
    run: '1001-1',
    idToken: async () => new Secret('identity token', jwt),
    mask: (secret) => masked.push(secret.reveal()),
    limits: limits(),
    ...more,
  });
  const read = async (store: string, locator: string) => {
    const [answer] = await (await stores.open(store)).read([reference(store, locator)], limits());
    if (answer === undefined || 'failure' in answer) throw answer?.failure ?? new Error('no answer');
    const content = answer.entries[0]?.content;
    return content?.kind === 'text' ? content.text.reveal() : content?.kind;
  };
  return { stores, read, masked };
}

const command = (...run: [string, ...string[]]) =>
  ({ type: 'command', run, env: [], output: 'text', timeout: 5000 }) as const;
const vault: VaultSettings = {
  type: 'vault',
  url: 'http://127.0.0.1:9',
  namespace: undefined,
  auth: { method: 'jwt', mount: 'github', role: 'deploy' },
  audience: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
  headers: {},
};

describe('a store', () => {
  test('is opened once, however often it is asked for', async () => {
    const { stores } = open({ op: command('printf', '{locator}') });
    expect(await stores.open('op')).toBe(await stores.open('op'));
  });

  test('called `env` needs no configuration, and what it gives is not masked by it', async () => {
    const { read, masked } = open({});
    expect([await read('env', 'DIRECT'), masked]).toEqual(['from-env', []]);
  });

  test('that is not configured is named', async () => {
    await expect(open({}).read('main', 'x')).rejects.toThrow('No store is called main.');
  });

  test('gets its credential from another store, masked', async () => {
    await using server = await startScripted(({ headers, path }) =>
      path.startsWith('/v1/auth/token/lookup-self')
        ? { status: headers['x-vault-token'] === 'tok-op' ? 200 : 403, json: { data: { type: 'service' } } }
        : { status: 200, json: { data: { value: 'x' } } },
    );
    const token = { method: 'token', token: reference('op', 'op') } as const;
    const { read, masked } = open({
      op: command('printf', 'tok-%s', '{locator}'),
      main: { ...vault, url: server.url, auth: token },
    });
    await read('main', 'secret/x').catch(() => undefined);
    expect(masked).toContain('tok-op');
    expect(server.asked.some(({ headers }) => headers['x-vault-token'] === 'tok-op')).toBe(true);
  });

  test('names a file of the workspace that is not there', async () => {
    await expect(open({ main: { ...vault, ca: 'ca.pem' } }).read('main', 'x')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'The store main names ca.pem, which is not in the workspace.',
    });
  });

  test('that does not trust the job tells what GitHub says of it, and the role that would', async () => {
    await using server = await startScripted(() => ({ status: 400, json: { errors: ['role "deploy" not found'] } }));
    const failure: unknown = await open({ main: { ...vault, url: server.url } })
      .read('main', 'kv/x')
      .catch((thrown: unknown) => thrown);
    const { code, advice } = failure as Failure;
    expect([code, failure instanceof Failure]).toEqual(['TRUST_REFUSED', true]);
    expect(advice).toContain('sub: repo:octo/shop:environment:production');
    expect(advice.some((line) => line.includes('auth/github/role/deploy'))).toBe(true);
    expect(advice.join('\n')).not.toContain(jwt);
  });
});

describe('identity tokens', () => {
  test('are asked for once for each audience, and anew after four minutes', async () => {
    const asked: string[] = [];
    const clock = new FakeClock();
    const token = shareTokens(async (audience) => {
      asked.push(audience);
      return new Secret('identity token', `${audience}-${asked.length}`);
    }, clock);
    await Promise.all([token('a'), token('a'), token('b')]);
    clock.pass(239_000);
    await token('a');
    expect(asked).toEqual(['a', 'b']);
    clock.pass(2000);
    await token('a');
    expect(asked).toEqual(['a', 'b', 'a']);
  });

  test('that were not given are asked for again', async () => {
    let asked = 0;
    const token = shareTokens(async () => {
      asked += 1;
      if (asked === 1) throw new Failure('ID_TOKEN_UNAVAILABLE', 'no');
      return new Secret('identity token', 'x');
    }, new FakeClock());
    await expect(token('a')).rejects.toThrow('no');
    expect((await token('a')).reveal()).toBe('x');
  });
});
