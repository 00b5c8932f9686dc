// The fragments that make, change and remove releases, in local shells.
import { existsSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { layoutOf } from '../../../src/domain/layout.ts';
import type { Step } from '../../../src/domain/program.ts';
import { pruneStep } from '../../../src/domain/programs/finish.ts';
import { discardStep, prepareSteps } from '../../../src/domain/programs/prepare.ts';
import { setAsideStep, switchBackStep, switchSteps } from '../../../src/domain/programs/switch.ts';
import { lacking, suite } from '../../e2e/part.ts';
import { LocalTree } from '../local-tree.ts';

const [before, live, next] = ['20261120120000', '20261121193711', '20261122090000'] as const;

for (const shell of ['dash', 'busybox', 'bash'] as const) {
  suite(`releases on ${shell}`, lacking(shell), () => {
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

    test.runIf(userInfo().uid === 0)('current goes back on a file system that was filled after the switch', async () => {
      using small = tree.small();
      for (const release of [before, live]) mkdirSync(tree.layout.release(release), { recursive: true });
      mkdirSync(join(tree.layout.state, 'failed'), { recursive: true });
      symlinkSync(tree.layout.release(before), tree.layout.current);
      expect((await run(...switchSteps(tree.layout, live))).kind).toBe('succeeded');
      small.fill();
      expect((await run(switchBackStep(tree.layout, live, before), setAsideStep(tree.layout, live))).kind).toBe('succeeded');
      expect(readlinkSync(tree.layout.current)).toBe(tree.layout.release(before));
    });

    test.each<[string, number, 'told' | 'unknown']>([
      ['are told', 100, 'told'],
      ['are unknown where they are more than anybody reads', 80_000, 'unknown'],
    ])('changed files %s', async (_, count, expected) => {
      const incoming = tree.layout.incoming(next);
      mkdirSync(join(incoming, 'tree'), { recursive: true });
      mkdirSync(join(tree.layout.state, 'manifests'), { recursive: true });
      const list = (digit: string): string =>
        Array.from({ length: count }, (_, index) => `${String(index).padStart(63, '0')}${digit}  ./vendor/a/rather/long/path/${index}\n`).join('');
      writeFileSync(join(incoming, 'hashes'), list('a'));
      writeFileSync(join(tree.layout.state, 'manifests', `${live}.files`), list('b'));
      const place = prepareSteps({
        layout: tree.layout,
        release: next,
        revision: 'a'.repeat(40),
        committed: 0,
        linkedFiles: [],
        linkedDirs: [],
        record: '{}',
        live,
        leftovers: [],
        line: { at: '', release: next, event: 'preparing', by: '', run: '' },
      }).filter(({ name }) => name === 'place the release');
      const end = await run(...place);
      expect(end.kind).toBe('succeeded');
      const changed = end.facts.get('changed');
      if (expected === 'unknown') expect(changed).toBeUndefined();
      else expect(new Set(changed?.trim().split('\n')).size).toBe(count);
      expect(existsSync(incoming)).toBe(false);
    });
  });
}
