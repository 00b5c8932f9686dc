// Whether the contract servers answer the clouds' own clients, as the clouds do.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Issuer, jobClaims, startIssuer } from '../issuer.ts';
import { suite } from '../part.ts';
import { type Authority, makeAuthority } from './authority.ts';
import { startGoogle } from './google.ts';
import { startKeyVault } from './key-vault.ts';
import { askOracle, lackingOracles } from './oracles.ts';

suite("the clouds' own clients", lackingOracles(), () => {
  let authority: Authority;
  let issuer: Issuer;
  const audience = 'api://AzureADTokenExchange';

  beforeAll(async () => {
    authority = makeAuthority();
    issuer = await startIssuer();
  });
  afterAll(() => issuer[Symbol.asyncDispose]());

  test('that of Azure logs in, reads, lists over pages, and knows the refusals', async () => {
    await using vault = await startKeyVault(authority);
    const { tenant, client, trusted } = vault.entra;
    trusted.push({ issuer: issuer.issuer, subject: jobClaims.sub, audience });
    for (let count = 0; count < 30; count += 1) vault.put('db', `value ${count}`);
    const version = vault.put('db', 'newest');
    vault.put('off', 'x', { enabled: false });
    vault.put('other', 'x');
    vault.allows = (_, name) => name !== 'other';
    const wanted = { origin: vault.service.origin, tenant, client, names: ['db', 'off', 'other', 'missing'] };
    expect(await askOracle('azure', authority.ca, { ...wanted, assertion: await issuer.token(audience) })).toEqual([
      { value: 'newest', version, versions: 31 },
      { code: 'Forbidden' },
      { code: 'Forbidden' },
      { code: 'SecretNotFound' },
    ]);
    const strange = await askOracle('azure', authority.ca, { ...wanted, assertion: await issuer.token('other') });
    expect(strange[0]).toMatchObject({ aadsts: 'AADSTS700212' });
  });

  test('that of Google exchanges its token, acts as the account, reads, and knows the refusals', async () => {
    await using google = await startGoogle(authority, issuer.issuer);
    google.secrets.allows = (_right, secret, { account }) => account === google.account && !secret.endsWith('/other');
    google.secrets.put('projects/shop/secrets/db', 'one');
    google.secrets.put('projects/shop/secrets/db', 'two');
    google.secrets.put('projects/shop/secrets/off', 'x', { state: 'DISABLED' });
    google.secrets.put('projects/shop/secrets/changed', 'one', { corrupt: 1000 });
    const names = ['db', 'off', 'other', 'missing', 'changed'].map(
      (name) => `projects/shop/secrets/${name}/versions/latest`,
    );
    const request = { url: issuer.requestUrl, token: issuer.requestToken };
    const wanted = {
      origin: google.service.origin,
      provider: google.provider.name,
      account: google.account,
      request,
      names,
    };
    expect(await askOracle('google', authority.ca, wanted)).toMatchObject([
      { value: 'two', version: '2' },
      { code: 400 },
      { code: 403 },
      { code: 404 },
      // It does not compare the checksum.
      { value: 'nne' },
    ]);
  });
});
