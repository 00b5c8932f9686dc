import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { crc32c } from '../../../src/adapters/stores/crc32c.ts';
import { type GcpConfig, openGcp } from '../../../src/adapters/stores/gcp.ts';
import type { SecretStore } from '../../../src/ports/secret-store.ts';
import { type Issuer, startIssuer } from '../../rig/issuer.ts';
import { type Authority, makeAuthority } from '../../rig/stores/authority.ts';
import { type Google, startGoogle } from '../../rig/stores/google.ts';
import { entryOf, failing, failureOf, makeRun, reference, type StoreRun, textOf, told } from '../../rig/stores/run.ts';
import { describeFaults } from './faults.ts';

let authority: Authority;
let issuer: Issuer;
let google: Google;
let run: StoreRun;

beforeAll(async () => {
  authority = makeAuthority();
  issuer = await startIssuer();
});
afterAll(() => issuer[Symbol.asyncDispose]());

beforeEach(async () => {
  issuer.behaviour.claims = {};
  google = await startGoogle(authority, issuer.issuer);
  run = makeRun(issuer);
  return () => google[Symbol.asyncDispose]();
});

function open(choices: Partial<GcpConfig> = {}): SecretStore {
  const { origin } = google.service;
  const endpoints = { endpoint: origin, stsEndpoint: origin, iamEndpoint: origin, ca: authority.ca };
  return openGcp({ project: 'shop', provider: google.provider.name, ...endpoints, ...choices }, run.ports);
}

async function read(...references: Parameters<SecretStore['read']>[0]) {
  await using store = open();
  return await store.read(references, run.limits());
}

const db = 'projects/shop/secrets/db';

describe('reading', () => {
  test('gives the latest value with its number, its age, its end and its rotation', async () => {
    google.secrets.put(db, 'one');
    google.secrets.put(db, 'zwei – ✓');
    google.secrets.describe(db, {
      rotation: { nextRotationTime: '2126-01-01T00:00:00Z', rotationPeriod: '2592000s' },
      expireTime: '2127-01-01T00:00:00Z',
    });
    const [answer] = await read(reference('db'));
    expect(textOf(answer)).toBe('zwei – ✓');
    expect(entryOf(answer)).toMatchObject({
      version: '2',
      created: new Date('2026-10-01T12:00:00.500Z'),
      expires: new Date('2127-01-01T00:00:00Z'),
      rotation: { state: 'scheduled', next: new Date('2126-01-01T00:00:00Z') },
    });
  });

  test('gives a number or an alias, and takes the name of the project before that of the secret', async () => {
    google.secrets.put(db, 'one');
    google.secrets.put(db, 'two');
    google.secrets.describe(db, { versionAliases: { stable: '1' } });
    const answers = await read(reference('shop/db', { version: '1' }), reference('db', { version: 'stable' }));
    expect(answers.map(textOf)).toEqual(['one', 'one']);
    expect(answers.map((answer) => entryOf(answer).version)).toEqual(['1', '1']);
  });

  test('reads regional secrets where the store has a location', async () => {
    google.secrets.put('projects/shop/locations/europe-west3/secrets/db', 'regional');
    await using store = open({ location: 'europe-west3' });
    expect(textOf((await store.read([reference('db')], run.limits()))[0])).toBe('regional');
  });

  test('acts as the service account where the store names one', async () => {
    google.secrets.put(db, 'one');
    google.secrets.allows = (_right, _secret, { account }) => account === google.account;
    expect(failureOf((await read(reference('db')))[0])).toContain('STORE_DENIED');
    await using store = open({ serviceAccount: google.account });
    expect(textOf((await store.read([reference('db')], run.limits()))[0])).toBe('one');
  });

  test('needs no right but that to the values; age and rotation are then not known', async () => {
    google.secrets.put(db, 'one');
    google.secrets.allows = (right) => right === 'versions.access';
    const [answer] = await read(reference('db'));
    expect(textOf(answer)).toBe('one');
    expect(entryOf(answer)).toMatchObject({ version: '1', created: undefined, rotation: { state: 'none' } });
  });

  test('a rotation that should have been is overdue', async () => {
    google.secrets.put(db, 'one');
    google.secrets.describe(db, { rotation: { nextRotationTime: '2025-01-01T00:00:00Z' } });
    expect(entryOf((await read(reference('db')))[0]).rotation.state).toBe('overdue');
  });

  test('tells for each reference why it cannot be read', async () => {
    google.secrets.put(db, 'one');
    google.secrets.put('projects/shop/secrets/off', 'x', { state: 'DISABLED' });
    google.secrets.put('projects/shop/secrets/gone', 'x', { state: 'DESTROYED' });
    google.secrets.put('projects/shop/secrets/bytes', Uint8Array.of(0xff, 0xfe));
    google.secrets.allows = (_, secret) => !secret.endsWith('/other');
    const answers = await read(
      reference('db'),
      reference('off'),
      reference('gone'),
      reference('bytes'),
      reference('other'),
      reference('missing'),
      reference('db', { version: '9' }),
      reference('db', { version: '1/x' }),
      reference('db', { stage: 'AWSCURRENT' }),
      reference('elsewhere/db'),
      reference('app/**'),
    );
    expect(answers.map(failureOf)).toEqual([
      'no failure',
      'SECRET_MISSING: The version of main://off is disabled.',
      'SECRET_MISSING: The version of main://gone is destroyed.',
      'SECRET_MISSING: main://bytes holds bytes that are no text.',
      'STORE_DENIED: Secret Manager refuses main://other (status 403, PERMISSION_DENIED).',
      'SECRET_MISSING: main://missing is not in Secret Manager (status 404, NOT_FOUND).',
      'SECRET_MISSING: main://db?version=9 is not in Secret Manager (status 404, NOT_FOUND).',
      'REFERENCE_INVALID: main://db?version=1/x has a version that is no number and no alias.',
      'REFERENCE_INVALID: main://db?stage=AWSCURRENT has a stage, which Secret Manager does not know.',
      'REFERENCE_INVALID: main://elsewhere/db is not in the project shop of this store.',
      'REFERENCE_INVALID: main://app/** is not in the project shop of this store.',
    ]);
  });

  test('a value that is changed on its way is read again, and is not used where it stays so', async () => {
    google.secrets.put(db, 'one', { corrupt: 1 });
    expect(textOf((await read(reference('db')))[0])).toBe('one');
    google.secrets.put(db, 'one', { corrupt: 1000 });
    const failure = await failing(read(reference('db')));
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'not trusted' });
    expect(failure.message).toContain('its checksum differs');
  });

  test('hides every token before it is sent, and asks for the audience of the provider', async () => {
    google.secrets.put(db, 'one');
    await using store = open({ serviceAccount: google.account });
    await store.read([reference('db')], run.limits());
    const shape = (token: string) => token.replace(/[\w-]{9,}/g, '…');
    expect([...run.masks].map(shape)).toEqual(['….….…', 'ya29.…', 'ya29.…']);
    expect(run.audiences).toEqual([`https://iam.googleapis.com/${google.provider.name}`]);
  });
});

describe('checking', () => {
  test('finds what is there without reading a value', async () => {
    google.secrets.put(db, 'one');
    google.secrets.put('projects/shop/secrets/off', 'x', { state: 'DISABLED' });
    await using store = open();
    const [answer, off, missing] = await store.check(
      [reference('db'), reference('off'), reference('missing')],
      run.limits(),
    );
    expect(entryOf(answer)).toMatchObject({ version: '1', content: { kind: 'not read' } });
    expect(failureOf(off)).toBe('SECRET_MISSING: The version of main://off is disabled.');
    expect(failureOf(missing)).toContain('SECRET_MISSING');
    expect(google.service.asked.filter((asked) => asked.includes(':access'))).toEqual([]);
  });

  test('reads where it has the right to values only, and gives no value', async () => {
    google.secrets.put(db, 'one');
    google.secrets.allows = (right) => right === 'versions.access';
    await using store = open();
    const [answer] = await store.check([reference('db')], run.limits());
    expect(entryOf(answer)).toMatchObject({ version: '1', content: { kind: 'not read' } });
  });
});

describe('trust', () => {
  test('says what Google says of the token', async () => {
    issuer.behaviour.claims = { repository_owner_id: '71' };
    expect(told(await failing(read(reference('db'))))).toBe(
      'TRUST_REFUSED: Google refuses the job for the store main: The given credential is rejected by the attribute condition.',
    );
    await using store = open({ audience: 'https://elsewhere.example' });
    expect((await failing(store.read([reference('db')], run.limits()))).message).toContain(
      'does not match the expected audience',
    );
  });

  test('is refused where the job may not act as the account', async () => {
    issuer.behaviour.claims = { environment: 'staging' };
    await using store = open({ serviceAccount: google.account });
    const failure = await failing(store.read([reference('db')], run.limits()));
    expect(told(failure)).toContain(
      "TRUST_REFUSED: Google refuses the job for the store main: Permission 'iam.serviceAccounts",
    );
  });
});

describe('the checksum', () => {
  test('is CRC-32C', () => {
    expect(crc32c(Buffer.from('123456789')).toString(16)).toBe('e3069283');
    expect(crc32c(new Uint8Array())).toBe(0);
    expect(crc32c(new Uint8Array(32)).toString(16)).toBe('8a9136aa');
  });

  test('differs as soon as one bit does', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(bytes, fc.nat(), (original, chosen) => {
        const changed = Uint8Array.from(original);
        const bit = chosen % (original.length * 8);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(crc32c(changed)).not.toBe(crc32c(original));
      }),
    );
  });
});

describeFaults(() => {
  google.secrets.put(db, 'one');
  return {
    service: google.service,
    run,
    reference: reference('db'),
    login: /token$/,
    read: /:access$/,
    refuseTokens: () => google.refuseTokens(),
    open: (ca = authority.ca) => open({ ca }),
  };
});
