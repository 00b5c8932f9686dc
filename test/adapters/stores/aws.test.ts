import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AwsConfig, openAws } from '../../../src/adapters/stores/aws.ts';
import type { SecretStore } from '../../../src/ports/secret-store.ts';
import { type Issuer, jobClaims, startIssuer } from '../../rig/issuer.ts';
import { suite } from '../../rig/part.ts';
import { type Authority, makeAuthority } from '../../rig/stores/authority.ts';
import { type Aws, lackingAws, startAws } from '../../rig/stores/aws.ts';
import { entryOf, failing, failureOf, makeRun, reference, type StoreRun, textOf, told } from '../../rig/stores/run.ts';
import { describeFaults } from './faults.ts';

suite('AWS Secrets Manager', lackingAws(), () => {
  let authority: Authority;
  let issuer: Issuer;
  let aws: Aws;
  let run: StoreRun;
  let role: string;

  const olderSubject = 'repo:octo/shop:environment:production';
  const reading = ['GetSecretValue', 'DescribeSecret'];
  const everything = [
    { actions: reading, resource: 'arn:aws:secretsmanager:*:*:secret:prod/*' },
    { actions: ['BatchGetSecretValue'], resource: '*' },
  ];
  const valuesOnly = [{ actions: ['GetSecretValue'], resource: '*' }];

  beforeAll(async () => {
    authority = makeAuthority();
    issuer = await startIssuer();
    aws = await startAws(authority, issuer.issuer);
    role = await aws.role('deploy', [jobClaims.sub, olderSubject]);
    await aws.put('prod/db', 'one');
    return async () => {
      await aws[Symbol.asyncDispose]();
      await issuer[Symbol.asyncDispose]();
    };
  });

  beforeEach(async () => {
    issuer.behaviour.claims = {};
    aws.service.faults.length = 0;
    aws.service.asked.length = 0;
    await aws.allow('deploy', everything);
    run = makeRun(issuer);
  });

  function open(choices: Partial<AwsConfig> = {}): SecretStore {
    const { origin } = aws.service;
    const endpoints = { endpoint: origin, stsEndpoint: origin, ca: authority.ca };
    return openAws({ region: aws.region, role, ...endpoints, ...choices }, run.ports);
  }

  async function read(...references: Parameters<SecretStore['read']>[0]) {
    await using store = open();
    return await store.read(references, run.limits());
  }

  test('by name, by ARN, by ARN without its ending, by version and by stage', async () => {
    const { ARN, VersionId: first } = await aws.put('prod/kinds', 'old');
    const { VersionId: second } = await aws.put('prod/kinds', 'new');
    const answers = await read(
      reference('prod/kinds'),
      reference(ARN),
      reference(ARN.slice(0, -7)),
      reference('prod/kinds', { version: first }),
      reference('prod/kinds', { stage: 'AWSPREVIOUS' }),
    );
    expect(answers.map(textOf)).toEqual(['new', 'new', 'new', 'old', 'old']);
    expect(answers.map((answer) => entryOf(answer).version)).toEqual([second, second, second, first, first]);
    expect(entryOf(answers[0]).created?.getTime()).toBeGreaterThan(Date.now() - 120_000);
  });

  test('many in batches, each with its own answer', async () => {
    const names = Array.from({ length: 23 }, (_, index) => `prod/many-${index}`);
    for (const name of names) await aws.put(name, `value of ${name}`);
    await read(...names.map((name) => reference(name)));
    expect(aws.service.asked).not.toContain('POST / secretsmanager.GetSecretValue');
    await aws.put('other/db', 'x');
    await aws.put('prod/gone', 'x');
    await aws.markDeleted('prod/gone');
    const answers = await read(
      ...names.map((name) => reference(name)),
      reference('other/db'),
      reference('prod/gone'),
      reference('prod/missing'),
      reference('prod/db', { stage: 'NOBODY' }),
      reference('app/**'),
      reference('arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db'),
    );
    expect(answers.slice(0, 23).map(textOf)).toEqual(names.map((name) => `value of ${name}`));
    expect(answers.slice(23).map(failureOf)).toEqual([
      'STORE_DENIED: Secrets Manager refuses main://other/db (AccessDeniedException).',
      'SECRET_MISSING: main://prod/gone is marked for deletion.',
      'SECRET_MISSING: main://prod/missing is not in Secrets Manager.',
      'SECRET_MISSING: main://prod/db?stage=NOBODY is not in Secrets Manager.',
      'REFERENCE_INVALID: main://app/** is neither the name nor the ARN of a secret.',
      'REFERENCE_INVALID: main://arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db is in the region us-east-1, ' +
        'and the store in eu-west-1.',
    ]);
  });

  test('one by one where the role may not read in batches, nor describe', async () => {
    await aws.put('prod/mail', 'two');
    await aws.allow('deploy', valuesOnly);
    const answers = await read(reference('prod/db'), reference('prod/mail'));
    expect(answers.map(textOf)).toEqual(['one', 'two']);
    expect(answers.map((answer) => entryOf(answer).rotation.state)).toEqual(['none', 'none']);
  });

  test('bytes where they are text, and no others', async () => {
    await aws.put('prod/utf8', Buffer.from('schlüssel ✓'));
    await aws.put('prod/bytes', Uint8Array.of(0xff, 0xfe, 0x00));
    const answers = await read(reference('prod/utf8'), reference('prod/bytes'));
    expect(textOf(answers[0])).toBe('schlüssel ✓');
    expect(failureOf(answers[1])).toBe('SECRET_MISSING: main://prod/bytes holds bytes that are no text.');
  });

  describe('rotation', () => {
    const rotating = { rotation_requested: true, rotation_enabled: true };
    const inDays = (days: number) => Math.floor(Date.now() / 1000) + days * 86_400;

    test('is scheduled, or overdue where its time is past', async () => {
      await aws.put('prod/scheduled', 'x');
      await aws.facts('prod/scheduled', { ...rotating, next_rotation_date: inDays(3) });
      await aws.put('prod/overdue', 'x');
      await aws.facts('prod/overdue', { ...rotating, next_rotation_date: inDays(-3) });
      const answers = await read(reference('prod/scheduled'), reference('prod/overdue'), reference('prod/db'));
      expect(answers.map((answer) => entryOf(answer).rotation.state)).toEqual(['scheduled', 'overdue', 'none']);
    });

    test('in flight is waited for, and the value read after it', async () => {
      await aws.put('prod/rotating', 'old');
      await aws.facts('prod/rotating', { ...rotating, next_rotation_date: inDays(3) });
      await aws.put('prod/rotating', 'new', ['AWSPENDING']);
      const { clock } = run;
      const sleep = clock.sleep.bind(clock);
      let slept = 0;
      clock.sleep = async (ms, signal) => {
        slept += 1;
        if (slept === 2) await aws.put('prod/rotating', 'new', ['AWSCURRENT', 'AWSPENDING']);
        await sleep(ms, signal);
      };
      const [answer] = await read(reference('prod/rotating'));
      expect(textOf(answer)).toBe('new');
    });

    test('in flight that does not end is told, and one that was left lying is not waited for', async () => {
      await aws.put('prod/stuck', 'old');
      await aws.put('prod/stuck', 'new', ['AWSPENDING']);
      const began = run.clock.now().getTime();
      expect(entryOf((await read(reference('prod/stuck')))[0]).rotation.state).toBe('in flight');
      expect(run.clock.now().getTime() - began).toBeLessThanOrEqual(16_000);
      await aws.facts('prod/stuck', { ...rotating, last_changed_date: inDays(-2), next_rotation_date: inDays(-1) });
      const later = run.clock.now().getTime();
      const [answer] = await read(reference('prod/stuck'));
      expect(entryOf(answer).rotation.state).toBe('overdue');
      expect(textOf(answer)).toBe('old');
      expect(run.clock.now().getTime()).toBe(later);
    });
  });

  describe('checking', () => {
    test('finds what is there without reading a value', async () => {
      const { VersionId } = await aws.put('prod/checked', 'x');
      await aws.put('prod/checked-gone', 'x');
      await aws.markDeleted('prod/checked-gone');
      await aws.allow('deploy', [{ actions: ['DescribeSecret'], resource: '*' }]);
      await using store = open();
      const answers = await store.check(
        [
          reference('prod/checked'),
          reference('prod/checked', { version: VersionId }),
          reference('prod/checked', { stage: 'AWSPREVIOUS' }),
          reference('prod/checked-gone'),
          reference('prod/missing'),
        ],
        run.limits(),
      );
      expect(answers.slice(0, 2).map(entryOf)).toMatchObject([
        { version: VersionId, content: { kind: 'not read' } },
        { version: VersionId, content: { kind: 'not read' } },
      ]);
      expect(answers.slice(2).map(failureOf)).toEqual([
        'SECRET_MISSING: main://prod/checked?stage=AWSPREVIOUS has no such version.',
        'SECRET_MISSING: main://prod/checked-gone is marked for deletion.',
        'SECRET_MISSING: main://prod/missing is not in Secrets Manager.',
      ]);
    });
  });

  describe('trust', () => {
    test('takes both forms of subject, and hides the token and the keys of the session', async () => {
      issuer.behaviour.claims = { sub: olderSubject };
      expect(textOf((await read(reference('prod/db')))[0])).toBe('one');
      expect(run.audiences).toEqual(['sts.amazonaws.com']);
      expect(run.masks.size).toBe(4);
    });

    test('is refused with the reason that STS gives, and the token is not told', async () => {
      issuer.behaviour.claims = { sub: 'repo:octo/shop:environment:staging' };
      const failure = await failing(read(reference('prod/db')));
      expect(told(failure)).toBe(
        `TRUST_REFUSED: AWS refuses the job the role ${role} of the store main (AccessDenied: Not authorized to perform ` +
          'sts:AssumeRoleWithWebIdentity).',
      );
      for (const mask of run.masks) expect(JSON.stringify([failure.message, failure.hint])).not.toContain(mask);
    });

    test('that has not spread yet is tried again', async () => {
      const body =
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>' +
        '<Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>';
      const what = { status: 403, headers: { 'content-type': 'text/xml' }, body };
      aws.service.faults.push({ path: /^\/$/, what, times: 2 });
      expect(textOf((await read(reference('prod/db')))[0])).toBe('one');
    });

    test('of an identity token whose time is over is refused', async () => {
      issuer.behaviour.claims = { exp: Math.floor(Date.now() / 1000) - 600 };
      expect(told(await failing(read(reference('prod/db'))))).toContain('TRUST_REFUSED');
    });
  });

  describe('what the runner has', () => {
    const variables: Readonly<Record<string, string>> = {
      AWS_ENDPOINT_URL_STS: 'https://evil.example',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: 'https://evil.example',
      AWS_ENDPOINT_URL: 'https://evil.example',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_MAX_ATTEMPTS: '0',
      AWS_ACCESS_KEY_ID: 'AKIDFROMTHERUNNER',
      AWS_SECRET_ACCESS_KEY: 'key-from-the-runner',
    };

    beforeEach(() => {
      Object.assign(process.env, variables);
      return () => {
        for (const name of Object.keys(variables)) delete process.env[name];
      };
    });

    test('changes neither where the job logs in nor as whom', async () => {
      expect(textOf((await read(reference('prod/db')))[0])).toBe('one');
      expect(run.masks).not.toContain('key-from-the-runner');
    });

    test('is used, and hidden, where no role is named', async () => {
      await using store = openAws({ region: aws.region, endpoint: aws.service.origin, ca: authority.ca }, run.ports);
      const [answer] = await store.read([reference('prod/db')], run.limits());
      expect(failureOf(answer)).toContain(
        'STORE_DENIED: Secrets Manager refuses main://prod/db (UnrecognizedClientException)',
      );
      expect(run.masks).toContain('key-from-the-runner');
      expect(run.audiences).toEqual([]);
    });
  });

  test('throttling in the words of Secrets Manager is tried again', async () => {
    const body = '{"__type":"ThrottlingException","message":"Rate exceeded"}';
    const what = { status: 400, headers: { 'content-type': 'application/x-amz-json-1.1' }, body };
    aws.service.faults.push({ path: /GetSecretValue$/, what, times: 3 });
    expect(textOf((await read(reference('prod/db')))[0])).toBe('one');
    aws.service.faults.push({ path: /GetSecretValue$/, what, times: 1000 });
    expect(await failing(read(reference('prod/db')))).toMatchObject({ code: 'STORE_UNAVAILABLE', how: 'answered' });
  });

  describeFaults(() => ({
    service: aws.service,
    run,
    reference: reference('prod/db'),
    login: /^\/$/,
    read: /GetSecretValue$/,
    refuseTokens: () => aws.endSessions(),
    open: (ca = authority.ca) => open({ ca }),
  }));
});
