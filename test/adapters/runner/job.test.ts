import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readJob } from '../../../src/adapters/runner/job.ts';
import type { Job } from '../../../src/ports/runner.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'job-test-'));
});
afterEach(() => rmSync(place, { recursive: true }));

function jobWith(payload: string): Job {
  const path = join(place, 'event.json');
  writeFileSync(path, payload);
  return readJob({
    GITHUB_EVENT_PATH: path,
    GITHUB_REPOSITORY: 'octo/shop',
    GITHUB_RUN_ID: '1001',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_WORKFLOW_REF: 'octo/shop/.github/workflows/deploy.yml@refs/heads/main',
  });
}

describe('the job', () => {
  test('is what the runner says', () => {
    expect(jobWith('{"repository":{"visibility":"internal","private":true},"x":1}')).toMatchObject({
      repository: 'octo/shop',
      runId: '1001',
      attempt: 2,
      serverUrl: 'https://github.com',
      workflow: 'octo/shop/.github/workflows/deploy.yml',
      repositoryVisibility: 'internal',
      payload: { x: 1 },
    });
  });

  test.each([
    ['{"repository":{"private":false}}', 'public'],
    ['{"repository":{"private":true}}', 'private'],
    ['{"repository":{"visibility":"::error::"}}', 'unknown'],
    ['{"repository":null}', 'unknown'],
    ['null', 'unknown'],
    ['[', 'unknown'],
    ['', 'unknown'],
  ])('with the payload %s is in a repository of visibility %s', (payload, visibility) => {
    expect(jobWith(payload).repositoryVisibility).toBe(visibility);
  });

  test('may come without any payload', () => {
    expect(readJob({ GITHUB_EVENT_PATH: join(place, 'none.json') }).payload).toBeUndefined();
    expect(readJob({}).payload).toBeUndefined();
  });
});
