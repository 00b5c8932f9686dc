import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Blow } from '../rig/crash-site.ts';
import { CrashSite } from '../rig/crash-site.ts';
import { suite } from '../rig/part.ts';
import { sampleOf } from '../rig/runs.ts';
import { missing } from '../rig/sshd.ts';

/** Milliseconds for one struck deploy and the good one after it, on a machine that does other things too. */
const patience = 150_000;

suite('a deploy that is struck', missing('bash'), () => {
  let site: CrashSite;
  let points: string[];
  beforeAll(async () => {
    site = await CrashSite.open();
    points = await site.passed('steps');
  }, patience);
  afterAll(() => site[Symbol.asyncDispose]());

  /** The step that is that part of the way through a good run, counted from 1. */
  function stepAt(part: number): number {
    const from = Math.round(part * (points.length - 1));
    return points.findIndex((point, index) => index >= from && point !== 'program') + 1;
  }

  /**
   * How far on its way a run is struck. The fractions are spread so that over all blows each chapter is met: survey,
   * lock, prepare, switch, health, finish.
   * Each step with each blow is `npm run soak -- steps`.
   */
  const cases: Readonly<Record<Exclude<Blow, 'kill the shell'>, readonly number[]>> = {
    cancel: [0.25, 0.75],
    kill: [0.4, 0.95],
    'kill, post step lost': [0.6],
    'kill the program': [0.45],
    'cut the connection': [0.65],
  };
  for (const [blow, parts] of Object.entries(cases) as [Blow, readonly number[]][]) {
    const { chosen, note } = sampleOf(parts, 1);
    describe(`by: ${blow}${note}`, () => {
      test.each(chosen)(
        'at the step that is %d of the way leaves complete releases, all the same, no lock, nothing running, and room for the next',
        async (part) => {
          const { wrong } = await site.strike({ blow, at: { point: stepAt(part), server: part > 0.5 ? 1 : 0 } });
          expect(wrong).toEqual([]);
        },
        patience,
      );
    });
  }

  test.each([
    ['probe', 'cancel', 'reverted'],
    ['restart', 'kill', undefined],
  ] as const)(
    'in the middle of a slow %s (%s) is put right at once',
    async (slow, blow, result) => {
      const at = slow === 'probe' ? ({ during: slow } as const) : { line: `| slow ${slow}` };
      const { wrong, struck } = await site.strike({ blow, at, slow });
      expect(wrong).toEqual([]);
      expect(struck.outputs['result']).toBe(result);
    },
    patience,
  );

  test(
    'a cancelled deploy that could put everything back itself has a post step that connects to nobody',
    async () => {
      const { wrong, struck } = await site.strike({ blow: 'cancel', at: { line: '| slow restart' }, slow: 'restart' });
      expect(wrong).toEqual([]);
      expect(struck).toMatchObject({
        exitCode: 1,
        post: { exitCode: 0, log: '' },
        spent: { s1: { connections: 1 }, s2: { connections: 1 } },
      });
      expect(struck.annotations.map(({ properties }) => properties['title'])).toEqual([
        expect.stringContaining('CANCELLED'),
      ]);
    },
    patience,
  );

  test(
    'the post step puts the servers right that it reaches, though one is gone',
    async () => {
      const [first, second] = site.fleet.servers;
      if (first === undefined || second === undefined) throw new Error('there are two servers');
      const before = site.site.tree(first.name).live();
      const { struck, live, wrong } = await site.strikeWhile(
        { line: '| slow restart', slow: 'restart' },
        () => second.stop(),
        () => second.start(),
      );
      expect(struck.post?.log).toContain('reverted the servers');
      expect(struck.post?.log).toMatch(/s1: reverted/);
      expect(struck.post?.log).toMatch(/s2: in doubt/);
      expect(struck.post?.summary).toMatch(
        /^## ❌ The run was ended, and its post step could not clean up everything\n/,
      );
      expect(struck.post?.summary).toMatch(/s2 \| web \| ❌ in doubt/);
      expect(struck.post?.annotations.map(({ properties }) => properties['title'])).toContainEqual(
        expect.stringMatching(/ on s2$/),
      );
      expect(struck.post?.exitCode).toBe(1);
      expect(live[0]).toBe(before);
      expect(wrong).toEqual([]);
    },
    patience,
  );
});
