import { lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leadsOut } from '../../../src/domain/artifact/links.ts';
import { runs } from '../../rig/runs.ts';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'links-')));
});
afterAll(() => rmSync(folder, { recursive: true }));

const part = fc.constantFrom('a', 'b', 'c', '..', '.', '');
const directories = fc.constantFrom('', 'a/', 'b/', 'a/b/', 'b/c/');
const links = fc.dictionary(
  fc.tuple(directories, fc.constantFrom('x', 'y', 'z')).map((parts) => parts.join('')),
  fc
    .array(fc.oneof(part, fc.constantFrom('x', 'y', 'z')), { minLength: 1, maxLength: 6 })
    .map((parts) => `./${parts.join('/')}`),
  { maxKeys: 6 },
);

describe('links that stay inside', () => {
  it('lead nowhere else in a real file system', () => {
    fc.assert(
      fc.property(links, (told) => {
        const root = join(folder, 'outer/tree');
        rmSync(join(folder, 'outer'), { recursive: true, force: true });
        for (const directory of ['a/b', 'b/c']) mkdirSync(join(root, directory), { recursive: true });
        for (const [path, target] of Object.entries(told)) symlinkSync(target, join(root, path));
        const known = new Map(Object.entries(told));
        for (const path of known.keys()) {
          const end = whereTo(join(root, path));
          if (end !== undefined && end !== root && !end.startsWith(`${root}/`))
            expect(leadsOut(path, known), path).toBe(true);
        }
      }),
      { numRuns: runs(150) },
    );
  });
});

function whereTo(path: string): string | undefined {
  try {
    return lstatSync(dirname(path)).isDirectory() ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}
