import { expect, test } from 'vitest';
import { Failure } from '../../../../src/domain/failure.ts';
import { renderUnlock, unlockLines } from '../../../../src/domain/report/deploy/unlock.ts';

const by = { actor: 'octocat', reason: 'run 17 <b>died</b>', stage: 'production' };
const unlocked = [
  { server: 'web1', was: 'broken', holder: 'deploy of acme/shop, run 17' },
  { server: 'web2', was: 'free', holder: '' },
] as const;

test('the log says who unlocks what, why, and what was found on each server', () => {
  expect(unlockLines(unlocked, by)).toEqual([
    'octocat unlocks production: run 17 <b>died</b>',
    '  web1: broken; it was held by deploy of acme/shop, run 17',
    '  web2: was not locked',
    'The next deploy first reconciles what the run that held a lock left unfinished. `mode: plan` shows it.',
  ]);
  expect(unlockLines(unlocked.slice(1), by)).toHaveLength(2);
});

test('the summary says the same, and nothing of it is markup', () => {
  const text = renderUnlock({ unlocked, failures: [] }, by, 'names');
  expect(text).toContain('Unlocked production by hand');
  expect(text).toMatch(/web1 \| broken; it was held by deploy of acme/);
  expect(text).toContain('\nThe next deploy first reconciles what the run that held a lock left unfinished');
  expect(text).not.toContain('<b>');
});

test('a lock that was left alone stands beside those that were broken', () => {
  const text = renderUnlock(
    { unlocked, failures: [new Failure('LOCK_HELD', 'it is held', { server: 'web3' })] },
    by,
    'names',
  );
  expect(text).toContain('Not every server of production was unlocked');
  expect(text).toMatch(/web1 \| broken; it was held by deploy of acme/);
  expect(text).toMatch(/LOCK_HELD.*web3.*it is held/s);
});

test('servers have numbers where their names are nobody’s business', () => {
  expect(renderUnlock({ unlocked, failures: [] }, by, 'numbers')).not.toContain('web1');
});
