// The fragments that make, change and remove releases, in local shells.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pruneStep } from '../../../src/domain/programs/finish.ts';
import { discardStep, type Preparation, prepareSteps } from '../../../src/domain/programs/prepare.ts';
import { setAsideStep, switchBackStep, switchSteps } from '../../../src/domain/programs/switch.ts';
import type { Step } from '../../../src/domain/remote/program.ts';
import { type Layout, layoutOf } from '../../../src/domain/tree/layout.ts';
import { LocalTree } from '../../rig/local-tree.ts';
import { find, lacking, suite } from '../../rig/part.ts';

const [before, live, next] = ['20261120120000', '20261121193711', '20261122090000'] as const;

function preparation(layout: Layout): Preparation {
  return {
    layout,
    release: next,
    revision: 'a'.repeat(40),
    committed: 0,
    linkedFiles: [],
    linkedDirs: [],
    record: '{}',
    live,
    leftovers: [],
    line: { at: '', release: next, event: 'preparing', by: '', run: '' },
  };
}

for (const shell of ['dash', 'busybox', 'bash'] as const) {
  suite(`releases on ${shell}`, lacking(shell, 'setpriv'), () => {
    let tree: LocalTree;
    beforeAll(() => {
      tree = new LocalTree(shell);
      symlinkSync(tree.layout.root, join(tree.folder, 'also'));
    });
    beforeEach(() => {
      tree.reset();
      for (const release of [before, live]) mkdirSync(tree.layout.release(release), { recursive: true });
      // As another run has written it, which calls `deploy_to` by another name.
      symlinkSync(layoutOf(join(tree.folder, 'also')).release(live), tree.layout.current);
    });
    afterAll(() => tree[Symbol.dispose]());

    const run = (...steps: readonly Step[]) => tree.run({ name: 'test', steps });

    test.each<[string, () => Step]>([
      ['set aside', () => setAsideStep(tree.layout, live)],
      ['taken away as unfinished', () => discardStep(tree.layout, live)],
      ['pruned', () => pruneStep(tree.layout, [live])],
    ])('what is live is never %s, however current spells it', async (_, step) => {
      const end = await run(step());
      expect(end.steps.at(-1)?.output).toEqual([`${live} is live`]);
      expect(existsSync(join(tree.layout.current, '.'))).toBe(true);
    });

    test('current goes back from a release that it spells in another way', async () => {
      const end = await run(switchBackStep(tree.layout, live, before), setAsideStep(tree.layout, live));
      expect(end.kind).toBe('succeeded');
      expect(readlinkSync(tree.layout.current)).toBe(tree.layout.release(before));
      expect(existsSync(join(tree.layout.state, 'failed', live))).toBe(true);
    });

    /** A folder with a `rm` that may no more than that of an ordinary user, who owns what he deletes. */
    function ordinary(): string | undefined {
      if (userInfo().uid !== 0) return undefined;
      const path = mkdtempSync(join(tree.folder, 'ordinary-'));
      const real = shell === 'busybox' ? 'busybox rm' : '/bin/rm';
      writeFileSync(
        join(path, 'rm'),
        `#!/bin/sh\nexec ${find('setpriv')} --bounding-set=-dac_override,-dac_read_search ${real} "$@"\n`,
        { mode: 0o755 },
      );
      return path;
    }

    /** A directory with a directory in it that nobody may write. */
    function plantReadOnly(path: string): void {
      mkdirSync(join(path, 'cache/module'), { recursive: true });
      writeFileSync(join(path, 'cache/module/file'), '');
      for (const name of ['cache/module', 'cache']) chmodSync(join(path, name), 0o555);
    }

    test('directories that their owner may not write are deleted wherever a release goes', async () => {
      const old = ['20261101000000', '20261102000000'].map(tree.layout.failed);
      for (const path of [
        ...old,
        tree.layout.release(next),
        tree.layout.release(before),
        tree.layout.incoming('20261103000000'),
      ])
        plantReadOnly(path);
      rmSync(tree.layout.current);
      const begin = prepareSteps({ ...preparation(tree.layout), leftovers: ['20261103000000'] }).filter(
        ({ name }) => name === 'make room',
      );
      const steps = [
        discardStep(tree.layout, next),
        pruneStep(tree.layout, [before]),
        ...begin,
        setAsideStep(tree.layout, live),
      ];
      expect((await tree.run({ name: 'test', steps }, ordinary())).kind).toBe('succeeded');
      expect(readdirSync(tree.layout.releases)).toEqual([]);
      expect(readdirSync(join(tree.layout.state, 'failed'))).toEqual(['20261102000000', live]);
      expect(readdirSync(join(tree.layout.state, 'incoming'))).toEqual([next]);
      chmodSync(join(tree.layout.failed('20261102000000'), 'cache'), 0o755);
      chmodSync(join(tree.layout.failed('20261102000000'), 'cache/module'), 0o755);
    });

    test('a release that cannot be deleted keeps no other from that, nor one from being set aside', async () => {
      const path = mkdtempSync(join(tree.folder, 'refusing-'));
      const real = shell === 'busybox' ? 'busybox rm' : '/bin/rm';
      writeFileSync(join(path, 'rm'), `#!/bin/sh\ncase "$*" in *${before}*) exit 1 ;; esac\nexec ${real} "$@"\n`, {
        mode: 0o755,
      });
      const old = [before, '20261120130000', '20261120140000'];
      for (const release of old.flatMap((id) => [tree.layout.failed(id), tree.layout.release(id)]))
        mkdirSync(release, { recursive: true });
      rmSync(tree.layout.current);
      const end = await tree.run(
        { name: 'test', steps: [setAsideStep(tree.layout, live), pruneStep(tree.layout, old)] },
        path,
      );
      expect(end).toMatchObject({ kind: 'succeeded', steps: [{ status: 0 }, { status: 1 }] });
      expect(readdirSync(tree.layout.releases)).toEqual([before]);
      expect(readdirSync(join(tree.layout.state, 'failed'))).toEqual([before, '20261120140000', live]);
    });

    test.runIf(userInfo().uid === 0)(
      'current goes back on a file system that was filled after the switch',
      async () => {
        using small = tree.small();
        for (const release of [before, live]) mkdirSync(tree.layout.release(release), { recursive: true });
        mkdirSync(join(tree.layout.state, 'failed'), { recursive: true });
        symlinkSync(tree.layout.release(before), tree.layout.current);
        expect((await run(...switchSteps(tree.layout, live))).kind).toBe('succeeded');
        small.fill();
        expect((await run(switchBackStep(tree.layout, live, before), setAsideStep(tree.layout, live))).kind).toBe(
          'succeeded',
        );
        expect(readlinkSync(tree.layout.current)).toBe(tree.layout.release(before));
      },
    );

    test.each<[string, number, 'told' | 'unknown']>([
      ['are told', 100, 'told'],
      ['are unknown where they are more than anybody reads', 80_000, 'unknown'],
    ])('changed files %s', async (_, count, expected) => {
      const incoming = tree.layout.incoming(next);
      mkdirSync(join(incoming, 'tree'), { recursive: true });
      mkdirSync(join(tree.layout.state, 'manifests'), { recursive: true });
      const list = (digit: string): string =>
        Array.from(
          { length: count },
          (_, index) => `${String(index).padStart(63, '0')}${digit}  ./vendor/a/rather/long/path/${index}\n`,
        ).join('');
      writeFileSync(join(incoming, 'hashes'), list('a'));
      writeFileSync(join(tree.layout.state, 'manifests', `${live}.files`), list('b'));
      const place = prepareSteps(preparation(tree.layout)).filter(({ name }) => name === 'place the release');
      const end = await run(...place);
      expect(end.kind).toBe('succeeded');
      const changed = end.facts.get('changed');
      if (expected === 'unknown') expect(changed).toBeUndefined();
      else expect(new Set(changed?.trim().split('\n')).size).toBe(count);
      expect(existsSync(incoming)).toBe(false);
    });
  });
}
