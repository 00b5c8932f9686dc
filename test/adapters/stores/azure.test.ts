import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AzureConfig, openAzure } from '../../../src/adapters/stores/azure.ts';
import type { SecretStore } from '../../../src/ports/secret-store.ts';
import { type Issuer, jobClaims, startIssuer } from '../../rig/issuer.ts';
import { type Authority, makeAuthority } from '../../rig/stores/authority.ts';
import { type KeyVault, startKeyVault } from '../../rig/stores/key-vault.ts';
import { entryOf, failing, failureOf, makeRun, reference, type StoreRun, textOf, told } from '../../rig/stores/run.ts';
import { describeFaults } from './faults.ts';

let authority: Authority;
let issuer: Issuer;
let vault: KeyVault;
let run: StoreRun;

const olderSubject = 'repo:octo/shop:environment:production';
const audience = 'api://AzureADTokenExchange';

beforeAll(async () => {
  authority = makeAuthority();
  issuer = await startIssuer();
});
afterAll(() => issuer[Symbol.asyncDispose]());

beforeEach(async () => {
  issuer.behaviour.claims = {};
  issuer.behaviour.key = 'shown';
  vault = await startKeyVault(authority);
  for (const subject of [jobClaims.sub, olderSubject])
    vault.entra.trusted.push({ issuer: issuer.issuer, subject, audience });
  run = makeRun(issuer);
  return () => vault[Symbol.asyncDispose]();
});

function open(choices: Partial<AzureConfig> = {}): SecretStore {
  const { origin } = vault.service;
  const { tenant, client } = vault.entra;
  const place = { endpoint: origin, authority: origin, ca: authority.ca };
  return openAzure({ vault: 'shop', tenant, client, ...place, ...choices }, run.ports);
}

async function read(...references: Parameters<SecretStore['read']>[0]) {
  await using store = open();
  return await store.read(references, run.limits());
}

describe('reading', () => {
  test('gives the newest value with its version, its age and its end', async () => {
    const [created, exp, nbf] = [1_790_000_000, 1_800_000_000, 1_780_000_000];
    vault.put('tls-cert', 'old');
    const id = vault.put('tls-cert', 'new', { created, exp, nbf });
    const answers = await read(reference('tls-cert'));
    expect(textOf(answers[0])).toBe('new');
    expect(entryOf(answers[0])).toMatchObject({
      version: id,
      created: new Date(created * 1000),
      expires: new Date(exp * 1000),
      notBefore: new Date(nbf * 1000),
      rotation: { state: 'none' },
    });
  });

  test('gives the version that is named, and takes the name of the vault before that of the secret', async () => {
    const version = vault.put('tls-cert', 'old');
    vault.put('tls-cert', 'new');
    const answers = await read(reference('shop/tls-cert', { version }), reference('Shop/tls-cert'));
    expect(answers.map(textOf)).toEqual(['old', 'new']);
  });

  test('takes both forms of subject', async () => {
    vault.put('db', 'one');
    expect(textOf((await read(reference('db')))[0])).toBe('one');
    issuer.behaviour.claims = { sub: olderSubject };
    expect(textOf((await read(reference('db')))[0])).toBe('one');
  });

  test('asks once for what several references name, and logs in once', async () => {
    vault.put('db', 'one');
    vault.put('mail', 'two');
    const pointer = { kind: 'pointer', tokens: ['a'] } as const;
    const answers = await read(reference('db'), reference('mail'), reference('db', { selector: pointer }));
    expect(answers.map(textOf)).toEqual(['one', 'two', 'one']);
    expect(vault.service.asked.toSorted()).toEqual([
      'GET /secrets/db/?api-version=7.4',
      'GET /secrets/mail/?api-version=7.4',
      `POST /${vault.entra.tenant}/oauth2/v2.0/token`,
    ]);
  });

  test('tells for each reference why it cannot be read', async () => {
    vault.put('db', 'one');
    vault.put('old', 'x', { enabled: false });
    vault.put('other', 'x');
    vault.allows = (_, name) => name !== 'other';
    const answers = await read(
      reference('db'),
      reference('missing'),
      reference('old'),
      reference('other'),
      reference('db', { version: '0'.repeat(32) }),
      reference('db', { version: '7' }),
      reference('db', { stage: 'AWSCURRENT' }),
      reference('elsewhere/db'),
      reference('app/**'),
      reference('under_score'),
    );
    expect(answers.map(failureOf)).toEqual([
      'no failure',
      'SECRET_MISSING: main://missing is not in the vault (status 404, SecretNotFound).',
      'SECRET_MISSING: main://old is disabled in the vault.',
      'STORE_DENIED: The vault refuses main://other (status 403, ForbiddenByRbac).',
      `SECRET_MISSING: main://db?version=${'0'.repeat(32)} is not in the vault (status 404, SecretNotFound).`,
      'REFERENCE_INVALID: main://db?version=7 has a version that is not 32 hexadecimal digits.',
      'REFERENCE_INVALID: main://db?stage=AWSCURRENT has a stage, which Key Vault does not know.',
      'REFERENCE_INVALID: main://elsewhere/db is not in the vault shop of this store.',
      'REFERENCE_INVALID: main://app/** is not in the vault shop of this store.',
      'REFERENCE_INVALID: main://under_score is no name of a secret: Key Vault takes letters, digits and hyphens.',
    ]);
  });

  test('hides the identity token and the access token before they are sent', async () => {
    vault.put('db', 'one');
    await read(reference('db'));
    expect([...run.masks].map((mask) => mask.split('.').length)).toEqual([3, 3]);
    expect(run.audiences).toEqual([audience]);
  });
});

describe('checking', () => {
  test('finds what is there without reading a value, over all pages of versions', async () => {
    for (let count = 0; count < 30; count += 1) vault.put('db', 'x', { created: 1000 + count });
    const id = vault.put('db', 'x', { created: 5000 });
    await using store = open();
    const [answer, missing] = await store.check([reference('db'), reference('missing')], run.limits());
    expect(entryOf(answer)).toMatchObject({ version: id, content: { kind: 'not read' } });
    expect(failureOf(missing)).toContain('SECRET_MISSING');
    expect(vault.service.asked.filter((asked) => /\/secrets\/db\/(?!versions)/.test(asked))).toEqual([]);
  });

  test('reads where it may not list, and gives no value', async () => {
    const version = vault.put('db', 'one');
    vault.allows = (action) => action === 'get';
    await using store = open();
    const [answer] = await store.check([reference('db')], run.limits());
    expect(entryOf(answer)).toMatchObject({ version, content: { kind: 'not read' } });
  });
});

describe('trust', () => {
  test('says which of issuer, subject and audience Entra does not know', async () => {
    issuer.behaviour.claims = { sub: 'repo:octo/shop:environment:staging' };
    const failure = await failing(read(reference('db')));
    expect(told(failure)).toBe(
      'TRUST_REFUSED: Entra refuses the job for the store main: AADSTS700213: No matching federated identity record found ' +
        "for presented assertion subject 'repo:octo/shop:environment:staging'.",
    );
    issuer.behaviour.claims = {};
    await using store = open({ audience: 'https://elsewhere.example' });
    expect((await failing(store.read([reference('db')], run.limits()))).message).toContain('AADSTS700212');
  });

  test('is refused with a signature of another key, and never shows the token', async () => {
    issuer.behaviour.key = 'hidden';
    const failure = await failing(read(reference('db')));
    expect(failure.message).toContain('AADSTS5002730');
    for (const mask of run.masks) expect(JSON.stringify([failure.message, failure.hint])).not.toContain(mask);
  });

  test('names the tenant of a vault that belongs to another one, and sends nothing there', async () => {
    vault.put('db', 'one');
    const challenge =
      'Bearer authorization="https://login.evil.example/other-tenant", resource="https://vault.azure.net"';
    const reply = { status: 401, headers: { 'www-authenticate': challenge }, body: '{}' };
    vault.service.faults.push({ path: /secrets/, what: reply, times: 2 });
    const [answer] = await read(reference('db'));
    expect(failureOf(answer)).toBe('STORE_DENIED: The vault refuses main://db (status 401, it gives no reason).');
    expect(answer).toHaveProperty('failure.hint', expect.stringContaining('belongs to the tenant other-tenant'));
  });
});

describeFaults(() => {
  vault.put('db', 'one');
  return {
    service: vault.service,
    run,
    reference: reference('db'),
    login: /oauth2/,
    read: /secrets/,
    refuseTokens: () => vault.refuseTokens(),
    open: (ca = authority.ca) => open({ ca }),
  };
});
