import { describe, expect, test } from 'vitest';
import {
  deployPoints,
  type HookPoint,
  hookDirectory,
  hookPoints,
  lifecycle,
  pointsWhere,
} from '../../../src/domain/hooks/lifecycle.ts';
import { resumablePoints } from '../../../src/domain/release/resume.ts';
import { layoutOf } from '../../../src/domain/tree/layout.ts';

describe('the life of a release', () => {
  test('passes the points of Capistrano in its order, then those of a rollback', () => {
    expect(deployPoints).toEqual([
      'starting',
      'started',
      'updating',
      'updated',
      'publishing',
      'published',
      'finishing',
      'finished',
    ]);
    expect(pointsWhere(({ flow }) => flow === 'rollback')).toEqual(['reverting', 'reverted', 'finishing_rollback']);
    expect(hookPoints.filter((point) => lifecycle[point].flow === 'any failed run')).toEqual(['failed']);
  });

  test('takes the lock once, before a release is made', () => {
    const locked = deployPoints.map((point) => lifecycle[point].lock);
    expect(locked.indexOf('held')).toBe(locked.lastIndexOf('not taken yet') + 1);
  });

  test('can be resumed while the release is not live', () => {
    expect(resumablePoints).toEqual(pointsWhere(({ directory }) => directory === 'new release'));
  });
});

describe('commands of hooks run', () => {
  const ids = { release: '20261121080000', previous: '20261120080000' };
  const at = (point: HookPoint, of: Parameters<typeof hookDirectory>[2] = ids): string | undefined =>
    hookDirectory(point, layoutOf('/srv/shop'), of);

  test('in the login directory, before there is a release and when a run has failed', () => {
    expect(['starting' as const, 'started' as const, 'failed' as const].map((point) => at(point))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('in the new release until it is live, then in current', () => {
    expect(at('publishing')).toBe('/srv/shop/releases/20261121080000');
    expect(at('published')).toBe('/srv/shop/current');
  });

  test('of a rollback in the release that it leaves, then in the one that it goes to', () => {
    expect(at('reverting')).toBe('/srv/shop/releases/20261120080000');
    expect(at('reverting', { ...ids, previous: undefined })).toBeUndefined();
    expect(at('reverted')).toBe('/srv/shop/releases/20261121080000');
  });
});
