import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { inspect, promisify } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import type { VaultAuth } from '../../../src/adapters/stores/vault/config.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { makeAuthority } from '../../rig/certificates.ts';
import { lacking, suite } from '../../rig/part.ts';
import { type Asked, type Scripted, startScripted } from '../../rig/stores/scripted.ts';
import { open, reference, revealed, soon, within } from './vault-opening.ts';

const jwt: VaultAuth = { method: 'jwt', mount: 'github', role: 'deploy' };
const idToken = async () => 'the-id-token';
const token: VaultAuth = { method: 'token', token: new Secret('test', 'the-token') };

/** A Vault with KV 1 at `kv`, in which everything holds the same; `first` comes before it where it has an answer. */
function vault(first: (asked: Asked) => Scripted | Promise<Scripted> | undefined = () => undefined) {
  return (asked: Asked): Scripted | Promise<Scripted> => first(asked) ?? usual(asked);
}

function usual({ path }: Asked): Scripted {
  const route = path.replace(/^\/v1\//, '').replace(/\?.*/, '');
  if (/^auth\/\w+\/login$/.test(route)) return loggedIn('a-token');
  if (route === 'auth/token/lookup-self') return { status: 200, json: { data: { type: 'service', ttl: 0 } } };
  const mount = /^sys\/internal\/ui\/mounts\/([^/]+)/.exec(route)?.[1];
  if (mount !== undefined)
    return { status: 200, json: { data: { type: mount === 'kv' ? 'kv' : 'database', path: `${mount}/` } } };
  return { status: 200, json: { data: { value: 'v' } } };
}

function loggedIn(client_token: string, lease_duration = 600): Scripted {
  return { status: 200, json: { auth: { client_token, lease_duration, renewable: true, token_type: 'service' } } };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('what node-vault would do by itself does not happen:', () => {
  test('nothing comes from the environment', async () => {
    await using trap = await startScripted(vault());
    await using store = await startScripted(vault());
    vi.stubEnv('VAULT_ADDR', trap.url);
    vi.stubEnv('VAULT_TOKEN', 'planted-token');
    vi.stubEnv('VAULT_NAMESPACE', 'planted');
    vi.stubEnv('VAULT_PREFIX', '/planted');
    vi.stubEnv('VAULT_CACERT', '/planted');
    await using job = open(store.url, jwt, { idToken });
    expect(revealed((await job.entries('kv/app'))[0])).toEqual({ value: 'v' });
    await job[Symbol.asyncDispose]();
    expect(trap.asked).toEqual([]);
    expect(store.asked.map(({ path }) => path)).toEqual([
      '/v1/auth/github/login',
      '/v1/sys/internal/ui/mounts/kv/app',
      '/v1/kv/app',
      '/v1/auth/token/revoke-self',
    ]);
    expect(JSON.stringify(store.asked)).not.toContain('planted');
    expect(store.asked.map(({ headers }) => headers['x-vault-token'])).toEqual([
      undefined,
      'a-token',
      'a-token',
      'a-token',
    ]);
  });

  suite('certificates', lacking('openssl'), () => {
    test.each(['false', '0', 'true', '1'])('are verified with VAULT_SKIP_VERIFY=%s too', async (skip) => {
      vi.stubEnv('VAULT_SKIP_VERIFY', skip);
      await using store = await startScripted(vault(), makeAuthority('127.0.0.1'));
      await using job = open(store.url, token);
      await expect(job.entries('kv/app')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'not trusted' });
      expect(store.asked).toEqual([]);
    });
  });

  test.each([301, 302, 307, 308])('a redirect by %i takes no token anywhere', async (status) => {
    await using elsewhere = await startScripted(vault());
    const away = ({ path }: Asked) => ({ status, headers: { location: `${elsewhere.url}${path}` } });
    await using store = await startScripted(vault((asked) => (asked.path === '/v1/kv/app' ? away(asked) : undefined)));
    await using job = open(store.url, token);
    await expect(job.entries('kv/app')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'not trusted' });
    expect(elsewhere.asked).toEqual([]);
  });

  test('requests share no headers, so a second login is not drowned by the first', async () => {
    let logins = 0;
    await using store = await startScripted(
      vault(({ path }) => {
        if (!path.endsWith('/login')) return undefined;
        logins += 1;
        return loggedIn(`token-${logins}`, 60);
      }),
    );
    let later = 0;
    const clock = { ...systemClock, now: () => new Date(Date.now() + later) };
    await using job = open(store.url, jwt, { idToken, clock, headers: { 'X-Team': 'shop' } });
    await job.entries('kv/app');
    later = 58_000;
    await job.store.read([reference('kv/app')], within(later + 20_000));
    const tokens = store.asked.map(({ path, headers }) => [path.replace(/^\/v1\//, ''), headers['x-vault-token']]);
    expect(tokens).toEqual([
      ['auth/github/login', undefined],
      ['sys/internal/ui/mounts/kv/app', 'token-1'],
      ['kv/app', 'token-1'],
      ['auth/github/login', undefined],
      ['kv/app', 'token-2'],
    ]);
    expect(store.asked.every(({ headers }) => headers['x-team'] === 'shop')).toBe(true);
  });

  test.each<[string, Scripted]>([
    ['a connection that breaks', (response) => response.destroy()],
    ['an answer that breaks off', (response) => response.writeHead(200).write('{"auth"', () => response.destroy())],
    ['500', { status: 500, json: { errors: ['internal error'] } }],
    ['429', { status: 429, json: { errors: ['too many'] }, headers: { 'retry-after': '0' } }],
    ['412', { status: 412, json: { errors: ['required index state not present'] } }],
    ['473', { status: 473, json: { errors: ['standby'] } }],
  ])('%s is tried again, the login too', async (_title, trouble) => {
    const troubled = new Set<string>();
    await using store = await startScripted(
      vault(({ path }) => {
        if (troubled.has(path) || /revoke/.test(path)) return undefined;
        troubled.add(path);
        return trouble;
      }),
    );
    await using job = open(store.url, jwt, { idToken });
    expect(await job.entries('kv/app')).toHaveLength(1);
    expect(troubled.size).toBe(3);
  });

  test('a store that never answers is waited for until the deadline and no longer', async () => {
    await using store = await startScripted(() => () => undefined);
    await using job = open(store.url, token);
    await expect(job.store.read([reference('kv/app')], within(300))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      how: 'unreachable',
    });
  });

  test('a path with sys/health in it is no exception to what a refusal is', async () => {
    await using store = await startScripted(
      vault(({ path }) => (path === '/v1/kv/sys/health' ? { status: 403, json: { errors: ['1 error'] } } : undefined)),
    );
    await using job = open(store.url, token);
    expect(await job.refusal('kv/sys/health')).toMatchObject({ code: 'STORE_DENIED' });
  });

  test('DEBUG shows no request', async () => {
    await using store = await startScripted(vault());
    const script = `
      import { open } from ${JSON.stringify(join(import.meta.dirname, 'vault-opening.ts'))};
      await using job = open(${JSON.stringify(store.url)}, ${JSON.stringify(jwt)}, { idToken: async () => 'the-id-token' });
      await job.entries('kv/app');
      console.log('read');`;
    const env = { PATH: process.env['PATH'] ?? '', DEBUG: '*' };
    const words = ['--input-type=module-typescript', '-e', script];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { env });
    expect(stdout).toBe('read\n');
    expect(stderr).not.toMatch(/token|node-vault/);
  });
});

describe('a store that lies', () => {
  test.each<[string, Scripted]>([
    ['a page of another server', { status: 200, text: '<html>Welcome</html>' }],
    ['a list', { status: 200, text: '[]' }],
    ['nothing', { status: 200, text: '' }],
  ])('with %s is not trusted', async (_title, lie) => {
    await using store = await startScripted(vault(({ path }) => (path === '/v1/kv/app' ? lie : undefined)));
    await using job = open(store.url, token);
    await expect(job.entries('kv/app')).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      how: 'not trusted',
      message: 'What answers for the store main does not answer like Vault.',
    });
  });

  test('about where a path is mounted is not trusted', async () => {
    const elsewhere = { status: 200, json: { data: { type: 'kv', path: 'other/' } } };
    await using store = await startScripted(vault(({ path }) => (path.includes('/mounts/') ? elsewhere : undefined)));
    await using job = open(store.url, token);
    await expect(job.entries('kv/app')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'not trusted' });
    expect(store.asked.map(({ path }) => path)).not.toContain('/v1/other/app');
  });

  test('with values of another kind gives no values', async () => {
    await using store = await startScripted(
      vault(({ path }) => (path === '/v1/kv/app' ? { status: 200, json: { data: 'text', lease_id: 7 } } : undefined)),
    );
    await using job = open(store.url, token);
    expect(await job.refusal('kv/app')).toMatchObject({ code: 'SECRET_MISSING' });
  });

  test('with names that lead elsewhere, or folders without end, leads nowhere', async () => {
    const keys = ['..', '../', '.', 'a/b', '/', '', '../../sys/seal', 'good'];
    await using store = await startScripted(
      vault(({ path }) => (path.includes('?list=1') ? { status: 200, json: { data: { keys } } } : undefined)),
    );
    await using job = open(store.url, token);
    expect((await job.entries('kv/**')).map(({ path }) => path)).toEqual(['good']);
    expect(store.asked.every(({ path }) => !path.includes('..'))).toBe(true);
    await using deep = await startScripted(
      vault(({ path }) => (path.includes('?list=1') ? { status: 200, json: { data: { keys: ['a/'] } } } : undefined)),
    );
    await using lost = open(deep.url, token);
    expect(await lost.refusal('kv/**')).toMatchObject({ code: 'REFERENCE_INVALID' });
  });

  test('in the words of a refusal gives no command to the runner', async () => {
    const errors = ['no\n::add-mask::x\x1b[2J##[error]y', 'and more'];
    await using store = await startScripted(
      vault(({ path }) => (path.endsWith('/login') ? { status: 400, json: { errors } } : undefined)),
    );
    await using job = open(store.url, jwt, { idToken });
    await expect(job.entries('kv/app')).rejects.toMatchObject({
      message: 'The store main refuses the role deploy at auth/github: no ::add-mask::x## [error]y; and more.',
    });
  });
});

test('a refusal that repeats what it was sent is told without it', async () => {
  await using store = await startScripted(
    vault(({ path, body }) => (path.endsWith('/login') ? { status: 400, json: { errors: [body] } } : undefined)),
  );
  await using job = open(store.url, jwt, { idToken });
  const failure = await job.entries('kv/app').catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ code: 'TRUST_REFUSED', message: expect.stringContaining('[secret: id token]') });
  expect(inspect(failure, { depth: 9 })).not.toContain('the-id-token');
});

test('leases that cannot be renewed, because the store does not serve, are named as failures', async () => {
  const lease = { lease_id: 'database/creds/app/1', lease_duration: 60, renewable: true, data: { user: 'u' } };
  await using store = await startScripted(
    vault(({ path }) => {
      if (path === '/v1/sys/leases/renew') return { status: 503, json: { errors: ['Vault is sealed'] } };
      return path === '/v1/database/creds/app' ? { status: 200, json: lease } : undefined;
    }),
  );
  const clock = new FakeClock();
  await using job = open(store.url, token, { clock });
  const after = (ms: number) => new Date(clock.now().getTime() + ms);
  await job.store.read([reference('database/creds/app')], { ...soon(), deadline: after(20_000) });
  expect(await job.store.renew(after(30_000))).toEqual([]);
  expect(await job.store.renew(after(90_000))).toMatchObject([{ code: 'STORE_UNAVAILABLE', how: 'answered' }]);
});

test('numbers are given to their last digit', async () => {
  const text = '{"data":{"long":12345678901234567890,"exact":1.0,"small":1e-9,"deep":[{"n":0.10}],"port":5432}}';
  await using store = await startScripted(
    vault(({ path }) => (path === '/v1/kv/app' ? { status: 200, text } : undefined)),
  );
  await using job = open(store.url, token);
  expect(revealed((await job.entries('kv/app'))[0])).toEqual({
    long: '12345678901234567890',
    exact: '1.0',
    small: '1e-9',
    deep: '[{"n":0.10}]',
    port: '5432',
  });
});

test('many secrets are read at once but not more than eight at a time, each once, and their mount is asked for once', async () => {
  let [now, most] = [0, 0];
  await using store = await startScripted(
    vault(async ({ path }) => {
      if (!path.startsWith('/v1/kv/')) return usual({ path } as Asked);
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now -= 1;
      return { status: 200, json: { data: { value: path } } };
    }),
  );
  await using job = open(store.url, token);
  const locators = Array.from({ length: 40 }, (_, index) => `kv/app/${index % 20}`);
  const entries = await job.entries(...locators);
  expect(entries.map((entry) => revealed(entry)['value'])).toEqual(locators.map((locator) => `/v1/${locator}`));
  expect(most).toBe(8);
  expect(store.asked.filter(({ path }) => path.startsWith('/v1/kv/'))).toHaveLength(20);
  expect(store.asked.filter(({ path }) => path.includes('/mounts/'))).toHaveLength(1);
});

test('a token that comes after the run was cancelled is masked and revoked', async () => {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await using store = await startScripted(
    vault(({ path }) => (path.endsWith('/login') ? held.then(() => loggedIn('late-token')) : undefined)),
  );
  const job = open(store.url, jwt, { idToken });
  const cancel = new AbortController();
  const reading = job.store.read([reference('kv/app')], within(20_000, cancel.signal));
  const cancelled = expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
  await expect.poll(() => store.asked.length).toBe(1);
  cancel.abort();
  await cancelled;
  const disposed = job[Symbol.asyncDispose]();
  letGo();
  await disposed;
  expect(job.masked).toContain('late-token');
  expect(store.asked.at(-1)).toMatchObject({
    path: '/v1/auth/token/revoke-self',
    headers: { 'x-vault-token': 'late-token' },
  });
});

test.each(['http://vault.example.com:8200', 'https://user@vault.example.com', 'vault.example.com', 'https://v/?a=b'])(
  'no token is sent to %s',
  (url) => {
    expect(() => open(url, token)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  },
);

test('headers of the configuration are not for tokens and namespaces', () => {
  for (const header of ['X-Vault-Token', 'x-vault-namespace'])
    expect(() => open('https://vault.example.com', token, { headers: { [header]: 'x' } })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
});

test('an address with a path of its own keeps it, and its audience is the origin', async () => {
  const audiences: string[] = [];
  await using store = await startScripted((asked) => usual({ ...asked, path: asked.path.replace('/vault', '') }));
  await using job = open(`${store.url}/vault/`, jwt, {
    idToken: async (audience) => {
      audiences.push(audience);
      return 'the-id-token';
    },
  });
  await job.entries('kv/app');
  expect(store.asked.map(({ path }) => path)).toContain('/vault/v1/kv/app');
  expect(audiences).toEqual([store.url]);
  expect(await job.store.read([], soon())).toEqual([]);
});
