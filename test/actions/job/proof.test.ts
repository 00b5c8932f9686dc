import { describe, expect, test } from 'vitest';
import { assertTrigger, environmentsOf, proveJob } from '../../../src/actions/job/proof.ts';
import { FakeRedaction } from '../../fakes/fake-redaction.ts';
import { FakeRunner, fakeJob } from '../../fakes/fake-runner.ts';

test('a stage that names no environment asks for no proof', async () => {
  const more = {
    variables: {},
    followProxy: () => undefined,
    exportVariable: () => undefined,
    redaction: new FakeRedaction(),
  };
  const runner = Object.assign(new FakeRunner(), more);
  expect(await proveJob(runner, undefined)).toBeUndefined();
});

test('one environment of a stage stands for every use', () => {
  expect(environmentsOf({ environment: 'production' })).toEqual({
    deploy: 'production',
    rollback: 'production',
    read: 'production',
    emergency: 'production',
  });
});

describe('an event', () => {
  test('that anybody can cause is refused, also where a stage has no servers', () => {
    const job = fakeJob({ event: 'pull_request_target' });
    expect(() => assertTrigger(job, { environment: undefined })).toThrow(
      expect.objectContaining({ code: 'TRIGGER_REFUSED' }),
    );
  });

  test('of somebody with write access is taken', () => {
    expect(() => assertTrigger(fakeJob(), { environment: 'production' })).not.toThrow();
  });
});
