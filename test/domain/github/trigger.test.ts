import { expect, test } from 'vitest';
import type { TriggerFacts } from '../../../src/domain/github/trigger.ts';
import { refusedTrigger } from '../../../src/domain/github/trigger.ts';

const calm: TriggerFacts = { event: 'push', payload: {}, localHooks: [], environment: undefined };
const own = { repository: { id: 7 }, workflow_run: { head_repository: { id: 7 } } };

test.each<[string, Partial<TriggerFacts>]>([
  ['a push', { localHooks: ['check'], environment: 'production' }],
  ['a dispatch', { event: 'workflow_dispatch', environment: 'production' }],
  ['a schedule', { event: 'schedule', payload: undefined }],
  ['a release', { event: 'release', environment: 'production' }],
  ['a workflow_run of this repository', { event: 'workflow_run', payload: own, environment: 'production' }],
  ['a pull request of a stage without environment and local hooks', { event: 'pull_request' }],
])('%s may deploy', (_, facts) => {
  expect(refusedTrigger({ ...calm, ...facts })).toBeUndefined();
});

test.each<[string, Partial<TriggerFacts>, RegExp]>([
  ['pull_request_target', { event: 'pull_request_target' }, /anybody/],
  ['issue_comment', { event: 'issue_comment' }, /comment/],
  [
    'a workflow_run of a fork',
    { event: 'workflow_run', payload: { ...own, workflow_run: { head_repository: { id: 8 } } } },
    /fork/,
  ],
  [
    'a workflow_run of a fork that is gone',
    { event: 'workflow_run', payload: { ...own, workflow_run: { head_repository: null } } },
    /does not say/,
  ],
  ['a workflow_run without payload', { event: 'workflow_run', payload: undefined }, /does not say/],
  [
    'a workflow_run whose ids are text',
    { event: 'workflow_run', payload: { repository: { id: '7' }, workflow_run: { head_repository: { id: '7' } } } },
    /does not say/,
  ],
  ['a workflow_run whose ids are inherited', { event: 'workflow_run', payload: Object.create(own) }, /does not say/],
  ['a pull request with local hooks', { event: 'pull_request', localHooks: ['ci is green'] }, /ci is green/],
  ['a pull request of a stage with an environment', { event: 'pull_request', environment: 'production' }, /production/],
  ['a review of a pull request', { event: 'pull_request_review', environment: 'production' }, /production/],
])('%s is refused', (_, facts, reason) => {
  const refused = refusedTrigger({ ...calm, ...facts });
  expect(refused?.code).toBe('TRIGGER_REFUSED');
  expect(refused?.message).toMatch(reason);
});

test('all reasons are told together', () => {
  const refused = refusedTrigger({ ...calm, event: 'pull_request', localHooks: ['check'], environment: 'production' });
  expect(refused?.problems.map((problem) => problem.message)).toEqual([
    'A pull request would choose what the local hooks run: check.',
    'The stage belongs to the environment `production`, and the code of a pull request is not merged yet.',
  ]);
});
