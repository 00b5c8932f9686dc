import { expect, test } from 'vitest';
import type { Settings } from '../../../src/domain/config/settings.ts';
import { planSteps } from '../../../src/domain/fleet/plan-steps.ts';
import type { Hook } from '../../../src/domain/hooks/hook.ts';
import { hookPoints } from '../../../src/domain/hooks/lifecycle.ts';

const hook: Hook = {
  name: 'it',
  command: 'true',
  where: 'server',
  roles: [],
  times: 'each server',
  whenChanged: [],
  maxParallel: undefined,
  timeout: undefined,
  secrets: [],
  reversible: 'reversible',
};
const settings = {
  hooks: Object.fromEntries(hookPoints.map((point) => [point, [hook]])),
  linkedFiles: ['.env'],
  linkedDirs: ['log'],
  strategy: { batches: [{ kind: 'count', count: 1 }] },
  health: [
    { name: 'up', required: 'required' },
    { name: 'queue', required: 'informs' },
  ],
  keepReleases: 5,
} as unknown as Settings;

test('the steps of a deploy stand among the hooks of every point that it passes', () => {
  expect(planSteps(settings, 'changed')).toEqual([
    'starting: it',
    'lock every server',
    'started: it',
    'upload and compare the release, link .env, log',
    'updating: it',
    'updated: it',
    'wait until every server is prepared',
    'publishing: it',
    'switch every server',
    'published: it',
    'health: up',
    'health: queue (informs only)',
    'read current and REVISION back',
    'finishing: it',
    'prune, keep 5',
    'finished: it',
    'unlock',
  ]);
});

test('a deploy that finds nothing to do ends once it has looked under the lock', () => {
  expect(planSteps(settings, 'unchanged')).toEqual(['starting: it', 'lock every server', 'unlock']);
});

test('a hook says where, when and how often it runs', () => {
  const updated: Hook[] = [
    { ...hook, times: 'once', roles: ['db', 'web'], whenChanged: ['db/**'] },
    { ...hook, where: 'runner' },
  ];
  const steps = planSteps({ ...settings, hooks: { ...settings.hooks, updated } }, 'changed');
  expect(steps.filter((step) => step.startsWith('updated'))).toEqual([
    'updated: it (once, on db, web, when db/** changed)',
    'updated: it (on the runner)',
  ]);
});
