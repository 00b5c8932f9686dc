import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endProgram } from '../../../src/domain/programs/end.ts';
import { pruneStep } from '../../../src/domain/programs/finish.ts';
import { ledgerStep, revisionsLogStep } from '../../../src/domain/programs/ledger.ts';
import {
  breakLockProgram,
  fenceOf,
  releaseLockProgram,
  renewProgram,
  takeLockProgram,
} from '../../../src/domain/programs/lock.ts';
import { discardStep, prepareSteps } from '../../../src/domain/programs/prepare.ts';
import { completeSteps, setAsideStep, switchBackStep, switchSteps } from '../../../src/domain/programs/switch.ts';
import type { RemoteProgram, Step } from '../../../src/domain/remote/program.ts';
import { readLock, readTreeFacts } from '../../../src/domain/tree/facts.ts';
import { isStale } from '../../../src/domain/tree/lock.ts';
import type { Started } from '../../rig/local-tree.ts';
import { LocalTree, ownerOf } from '../../rig/local-tree.ts';
import { contest } from '../../rig/lock-contest.ts';
import { lacking, suite } from '../../rig/part.ts';

const release = '20261121193711';
const line = { at: '2026-11-21T19:37:11.000Z', release, event: 'preparing', by: 'octo', run: '9001.1' } as const;

for (const shell of ['dash', 'busybox', 'bash'] as const) {
  suite(`the lock on ${shell}`, lacking(shell), () => {
    let tree: LocalTree;
    beforeAll(() => {
      tree = new LocalTree(shell);
    });
    beforeEach(() => tree.reset());
    afterAll(() => tree[Symbol.dispose]());

    const first = ownerOf('a');
    const second = ownerOf('b');
    const take = (owner = first) => tree.run(takeLockProgram(tree.layout, owner));
    const breakIt = (token: string | 'unreadable' = first.token) => tree.run(breakLockProgram(tree.layout, token));
    const giveBack = (owner = first) => tree.run(releaseLockProgram(tree.layout, fenceOf(tree.layout, owner)));

    // 10,000 rounds are `npm run soak -- lock`.
    it('is never held by two, and its record is whole, in 40 rounds of four contenders', async () => {
      expect(await contest(tree, 4, 10, 'giving back')).toEqual({ won: [10, 10, 10, 10], broken: 0, wrong: [] });
    }, 120_000);

    it('that a dead holder leaves behind is broken by exactly one of those who try', async () => {
      const { won, broken, wrong } = await contest(tree, 4, 3, 'dying');
      expect({ won, wrong }).toEqual({ won: [3, 3, 3, 3], wrong: [] });
      expect(broken).toBeGreaterThanOrEqual(11);
    }, 120_000);

    it('tells who holds it, and reads the facts in the same program', async () => {
      const won = await take();
      expect(won.facts.get('taken')).toBe('yes');
      expect(tree.owner()).toMatchObject(JSON.parse(JSON.stringify(first)));
      expect(readTreeFacts(won.facts, tree.layout)).toMatchObject({
        current: { kind: 'none' },
        releases: [],
        ledgerTail: 'whole',
      });
      const lost = await take(second);
      expect(lost).toMatchObject({ kind: 'failed', at: { status: 75 } });
      expect(lost.facts.get('taken')).toBe('no');
      expect(readLock(lost.facts)).toMatchObject({ owner: first, group: { id: won.group?.id } });
    });

    it('is given back by its owner and by nobody else', async () => {
      await take();
      expect((await giveBack(second)).kind).toBe('succeeded');
      expect(tree.owner()).toMatchObject({ token: first.token });
      expect((await giveBack()).kind).toBe('succeeded');
      expect(tree.owner()).toBeUndefined();
      expect((await giveBack()).kind).toBe('succeeded');
      expect(tree.picture().filter((name) => /^\.slipway\/\S/.test(name))).toEqual([]);
    });

    it('is broken only while it is the one that was seen', async () => {
      await take(second);
      expect((await breakIt()).facts.get('broken')).toBe('no');
      expect(tree.owner()).toMatchObject({ token: second.token });
      expect((await breakIt('unreadable')).facts.get('broken')).toBe('no');
      expect((await breakIt(second.token)).facts.get('broken')).toBe('yes');
      expect(tree.owner()).toBeUndefined();
    });

    it('without a readable owner is held, and broken only by name', async () => {
      mkdirSync(tree.layout.lock, { recursive: true });
      writeFileSync(join(tree.layout.lock, 'owner.json'), '{"version":1,"tok');
      const lost = await take();
      expect(lost.facts.get('taken')).toBe('no');
      expect(readLock(lost.facts)).toMatchObject({ owner: undefined, group: { id: '0' } });
      expect((await breakIt()).facts.get('broken')).toBe('no');
      expect((await breakIt('unreadable')).facts.get('broken')).toBe('yes');
      expect((await take()).facts.get('taken')).toBe('yes');
    });

    it('of the next holder stands while a slow breaker is between its look and its move', async () => {
      await take();
      const slow = tree.slow('mv', '/lock ');
      const breaking = tree.run(breakLockProgram(tree.layout, first.token), slow.path);
      await until(slow.waits);
      // The first lock cannot go away under the slow one's hands, so nobody can take the next before it is through.
      expect((await breakIt()).facts.get('broken')).toBe('no');
      expect((await take(second)).facts.get('taken')).toBe('no');
      slow.go();
      expect((await breaking).facts.get('broken')).toBe('yes');
      expect((await take(second)).facts.get('taken')).toBe('yes');
      expect((await breakIt()).facts.get('broken')).toBe('no');
      expect(tree.owner()).toMatchObject({ token: second.token });
    });

    it('is not kept for ever by a breaker that died', async () => {
      await take();
      const dead = join(tree.layout.state, `gone.${first.token}`);
      mkdirSync(dead);
      expect((await breakIt()).facts.get('broken')).toBe('no');
      utimesSync(dead, new Date(), new Date(Date.now() - 120_000));
      expect((await breakIt()).facts.get('broken')).toBe('yes');
    });

    it('that another run took meanwhile keeps the record of its owner, whatever the old program writes', async () => {
      await take();
      const slow = tree.slow('mv');
      const program: RemoteProgram = {
        name: 'late',
        steps: [{ id: 'change', name: 'change', effect: 'changes', run: ['touch', join(tree.folder, 'changed')] }],
        fence: fenceOf(tree.layout, first),
      };
      const late = tree.start(program, slow.path);
      await until(slow.waits);
      await breakIt();
      await take(second);
      slow.go();
      expect((await late.end).kind).toBe('lock lost');
      expect(tree.owner()).toMatchObject({ token: second.token });
      expect(() => readFileSync(join(tree.folder, 'changed'))).toThrow();
    });

    it('refuses every step that changes something once it is lost, whichever program that is', async () => {
      await take(second);
      mkdirSync(join(tree.layout.release(release), 'app'), { recursive: true });
      symlinkSync(tree.layout.release(release), tree.layout.current);
      const before = tree.picture();
      for (const program of programs(tree)) {
        const end = await tree.run({ ...program, fence: fenceOf(tree.layout, first) });
        expect([program.name, end.kind]).toEqual([program.name, 'lock lost']);
        expect([program.name, tree.picture()]).toEqual([program.name, before]);
      }
    });

    it('is refused, not held, where it cannot be written', async () => {
      rmSync(tree.layout.state, { recursive: true });
      writeFileSync(tree.layout.state, 'a file in the way');
      const end = await take();
      expect(end).toMatchObject({ kind: 'failed', at: { status: 74 } });
      expect(end.facts.get('taken')).toBe('refused');
    });

    if (userInfo().uid === 0) {
      it.each([
        [
          'full',
          'size=64k',
          (root: string) => execFileSync('sh', ['-c', 'cat /dev/zero >"$0/fill" 2>/dev/null || :', root]),
        ],
        [
          'out of inodes',
          'nr_inodes=8',
          (root: string) =>
            execFileSync('sh', ['-c', 'for i in 1 2 3 4 5 6 7 8; do touch "$0/$i" || :; done 2>/dev/null', root]),
        ],
        ['read-only', 'size=64k', (root: string) => execFileSync('mount', ['-o', 'remount,ro', root])],
      ] as const)('is refused, not held, on a file system that is %s', async (_, options, spoil) => {
        const { root } = tree.layout;
        execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', root]);
        try {
          mkdirSync(tree.layout.state, { mode: 0o700 });
          spoil(root);
          const end = await take();
          expect(end.kind).toBe('failed');
          expect(end.facts.get('taken')).toBe('refused');
          expect(tree.owner()).toBeUndefined();
        } finally {
          execFileSync('umount', [root]);
        }
      });
    }

    if (userInfo().uid === 0) {
      it.each([
        ['given back', () => giveBack()],
        ['broken', () => breakIt()],
      ] as const)('that was taken before the file system was full is %s there', async (_, work) => {
        using small = tree.small();
        await take();
        small.fill();
        expect((await work()).kind).toBe('succeeded');
        expect(readdirSync(tree.layout.state)).toEqual([]);
      });
    }

    it('is renewed by its owner alone', async () => {
      await take();
      const record = join(tree.layout.lock, 'owner.json');
      const long = new Date(Date.now() - 3_600_000);
      utimesSync(record, long, long);
      expect(readLock((await take(second)).facts)?.age).toBeGreaterThanOrEqual(3_599);
      await tree.run(renewProgram(fenceOf(tree.layout, second)));
      expect(readLock((await take(second)).facts)?.age).toBeGreaterThanOrEqual(3_599);
      await tree.run(renewProgram(fenceOf(tree.layout, first)));
      expect(readLock((await take(second)).facts)?.age).toBeLessThan(3_000);
    });

    it('names the program that runs under it, which is ended with its children, also when they ignore TERM', async () => {
      await take();
      const busy = start('trap "" TERM; sleep 300');
      await until(() => tree.owner()?.['group'] === String(busy.child.pid));
      const lock = readLock((await take(second)).facts);
      const brief = { terminate: 0.5, kill: 2 };
      const end = await tree.run(endProgram(lock?.group ?? { id: '0', started: '0' }, brief));
      expect(end.facts.get('gone')).toBe('yes');
      expect((await busy.end).kind).toBe('unknown');
    }, 30_000);

    it('never has a process ended that only got the number of a dead one', async () => {
      await take();
      const busy = start('sleep 300');
      await until(() => tree.owner()?.['group'] === String(busy.child.pid));
      const lock = readLock((await take(second)).facts);
      const stranger = { id: lock?.group.id ?? '0', started: String(Number(lock?.group.started) - 1) };
      expect((await tree.run(endProgram(stranger))).facts.get('gone')).toBe('yes');
      expect(busy.child.exitCode).toBeNull();
      expect((await tree.run(endProgram(lock?.group ?? { id: '0', started: '0' }))).facts.get('gone')).toBe('yes');
      await busy.end;
    });

    /** A program that holds the first lock and is busy in a step. */
    function start(text: string): Started {
      return tree.start({
        name: 'busy',
        steps: [{ id: 'busy', name: 'busy', effect: 'changes', run: { text, words: [] } }],
        fence: fenceOf(tree.layout, first),
      });
    }
  });
}

describe('a lock', () => {
  const owner = ownerOf('a', { lease: 1800 });

  it('is stale when its job has ended, however fresh it is, and never while its job runs', () => {
    expect(isStale(owner, 0, 'ended')).toEqual({ stale: 'stale', because: 'its job has ended' });
    expect(isStale(owner, 1_000_000, 'running').stale).toBe('alive');
  });

  it('is stale after its lease where nobody can be asked', () => {
    expect(isStale(owner, 1800, 'unknown')).toEqual({
      stale: 'alive',
      because: 'GitHub could not be asked, and its lease runs 0 s more',
    });
    expect(isStale(owner, 1801, 'unknown')).toEqual({
      stale: 'stale',
      because: 'GitHub could not be asked, and its lease of 1800 s ran out 1 s ago',
    });
    expect(isStale(ownerOf('a', { lease: 0 }), 1_000_000, 'unknown').stale).toBe('alive');
  });
});

/** Every program of a deploy, its way back and its end, that changes something. */
function programs({ layout }: LocalTree): RemoteProgram[] {
  const steps: Readonly<Record<string, readonly Step[]>> = {
    prepare: prepareSteps({
      layout,
      release,
      revision: 'c'.repeat(40),
      committed: 0,
      linkedFiles: [],
      linkedDirs: ['log'],
      record: '{}',
      live: undefined,
      leftovers: ['20260101000000'],
      line,
    }),
    complete: completeSteps(layout, release, []),
    switch: switchSteps(layout, release),
    'put back': [
      switchBackStep(layout, release, undefined),
      setAsideStep(layout, release),
      ledgerStep(layout, [line], 'note'),
    ],
    'clean up': [discardStep(layout, release), ledgerStep(layout, [line], 'note')],
    finish: [ledgerStep(layout, [line]), revisionsLogStep(layout, 'a sentence'), pruneStep(layout, [release])],
  };
  return Object.entries(steps).map(([name, list]) => ({
    name,
    steps: list.filter((step) => step.effect === 'changes'),
  }));
}

async function until(met: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (met()) return;
    await sleep(10);
  }
  throw new Error('it never came about');
}
