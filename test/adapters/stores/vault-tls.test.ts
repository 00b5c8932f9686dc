import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VaultAuth } from '../../../src/adapters/stores/vault/config.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import { type Certified, certify, makeAuthority } from '../../rig/certificates.ts';
import { lacking, suite } from '../../rig/part.ts';
import { missingOpenBao, type OpenBao, startOpenBao } from '../../rig/stores/openbao.ts';
import { open, reference, revealed, within } from './vault-opening.ts';

suite('Vault over TLS', missingOpenBao() ?? lacking('openssl'), () => {
  let authority: Certified;
  let deploy: Certified;
  let intruder: Certified;
  let bao: OpenBao;

  beforeAll(async () => {
    authority = makeAuthority('authority of the test');
    deploy = certify(authority, 'deploy');
    intruder = certify(authority, 'intruder');
    const server = certify(authority, 'vault');
    bao = await startOpenBao({ ...server, ca: authority.cert, clientCa: authority.cert });
    await prepare(bao, authority);
  });

  afterAll(() => bao[Symbol.asyncDispose]());

  const shown = ({ cert, key }: Certified) => ({ cert, key: new Secret('key', key) });
  const asClient = (certified: Certified): VaultAuth => ({
    method: 'cert',
    mount: 'cert',
    name: 'deploy',
    ...shown(certified),
  });

  test('lets a job in by its certificate', async () => {
    await using job = open(bao.url, asClient(deploy), { ca: authority.cert });
    expect(revealed((await job.entries('kv/app'))[0])).toEqual({ value: 'v' });
    expect(job.masked).toEqual([expect.stringMatching(/^s\./)]);
  });

  test('does not let in a certificate of another name', async () => {
    await using job = open(bao.url, asClient(intruder), { ca: authority.cert });
    await expect(job.entries('kv/app')).rejects.toMatchObject({
      code: 'TRUST_REFUSED',
      message: expect.stringMatching(/^The store main refuses the certificate for deploy at auth\/cert: /),
    });
  });

  test('is not asked where its certificate comes from an authority that is not ours', async () => {
    for (const more of [{}, { ca: makeAuthority('another').cert }]) {
      await using job = open(bao.url, { method: 'token', token: new Secret('t', bao.rootToken) }, more);
      await expect(job.entries('kv/app')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'not trusted' });
    }
  });

  describe('of a server that wants a certificate from everybody', () => {
    let strict: OpenBao;

    beforeAll(async () => {
      const files = { ...certify(authority, 'vault'), ca: authority.cert, clientCa: authority.cert };
      strict = await startOpenBao({ ...files, clients: 'required', client: deploy });
      await strict.write('sys/mounts/kv', { type: 'kv', options: { version: '1' } });
      await strict.write('kv/app', { value: 'v' });
    });

    afterAll(() => strict[Symbol.asyncDispose]());

    const asRoot = (more: object) =>
      open(strict.url, { method: 'token', token: new Secret('t', strict.rootToken) }, more);

    test('reads where we show one, whatever the login is', async () => {
      await using job = asRoot({ ca: authority.cert, ...shown(deploy) });
      expect(await job.entries('kv/app')).toHaveLength(1);
    });

    test('is of no use where we show none', async () => {
      await using job = asRoot({ ca: authority.cert });
      await expect(job.store.read([reference('kv/app')], within(2000))).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        how: expect.not.stringMatching(/^answered$/),
      });
    });
  });
});

async function prepare(bao: OpenBao, authority: Certified): Promise<void> {
  await bao.write('sys/mounts/kv', { type: 'kv', options: { version: '1' } });
  await bao.write('kv/app', { value: 'v' });
  await bao.write('sys/policies/acl/app', { policy: 'path "kv/app" { capabilities = ["read"] }' });
  await bao.write('sys/auth/cert', { type: 'cert' });
  const role = { certificate: authority.cert, allowed_common_names: ['deploy'], token_policies: ['app'] };
  await bao.write('auth/cert/certs/deploy', { ...role, token_ttl: '10m' });
}
