import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Hook } from '../../../src/domain/hooks/hook.ts';
import { isWanted, onceServer, runsOn, turnsOf } from '../../../src/domain/hooks/order.ts';
import type { Server } from '../../../src/domain/server.ts';

const plain: Hook = {
  name: 'a',
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
const server = (name: string, more: Partial<Server> = {}): Server => ({
  name,
  host: name,
  port: 22,
  user: 'deploy',
  deployTo: '/srv/shop',
  roles: ['web'],
  labels: {},
  primary: 'ordinary',
  release: 'release',
  ...more,
});
const hook = fc
  .record({
    where: fc.constantFrom('server', 'runner'),
    times: fc.constantFrom('each server', 'once'),
    maxParallel: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    name: fc.string(),
  })
  .map((more): Hook => ({ ...plain, ...(more as Partial<Hook>) }));

test('every hook has its turn once, in the order of the configuration', () => {
  fc.assert(
    fc.property(fc.array(hook), (hooks) => {
      expect(turnsOf(hooks).flatMap((turn) => (turn.kind === 'together' ? turn.hooks : [turn.hook]))).toEqual(hooks);
    }),
  );
});

test('a hook of a role runs where the role is, also without a tree; one without roles runs on every tree', () => {
  const cache = server('cache', { roles: ['cache'], release: 'no release' });
  expect(runsOn({ roles: ['cache'] }, cache)).toBe(true);
  expect(runsOn({ roles: [] }, cache)).toBe(false);
  expect(runsOn({ roles: [] }, server('web'))).toBe(true);
  expect(runsOn({ roles: ['db'] }, server('web'))).toBe(false);
});

test('what runs once runs on the primary, else on the first, and never without a tree', () => {
  const members = [
    server('cache', { release: 'no release' }),
    server('web1'),
    server('web2', { primary: 'primary' }),
  ].map((one) => ({ server: one }));
  expect(onceServer(plain, members)?.server.name).toBe('web2');
  expect(onceServer(plain, members.slice(0, 2))?.server.name).toBe('web1');
  expect(onceServer({ ...plain, roles: ['web'] }, members.slice(0, 1))).toBeUndefined();
});

test('a migration runs when its paths changed, and when nobody knows what changed', () => {
  const migrate = { ...plain, whenChanged: ['db/migrate/**'] };
  expect(isWanted(migrate, ['db/migrate/1.rb'])).toBe(true);
  expect(isWanted(migrate, ['index.html', '--db/migrate/1.rb'])).toBe(false);
  expect(isWanted(migrate, undefined)).toBe(true);
  expect(isWanted(plain, [])).toBe(true);
});

test('what a server lists as changed cannot hold the runner, whatever the patterns', () => {
  const patterns = { ...plain, whenChanged: ['**/a/**/a/**/a/**/a/**/b', '*a*a*a*a*a*a*b'] };
  expect(isWanted(patterns, ['a/'.repeat(100_000), 'a'.repeat(100_000)])).toBe(false);
});
