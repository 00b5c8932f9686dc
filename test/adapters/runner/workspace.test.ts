import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openWorkspace } from '../../../src/adapters/runner/workspace.ts';

const place = mkdtempSync(join(tmpdir(), 'workspace-test-'));
const root = join(place, 'work');
mkdirSync(join(root, '.github'), { recursive: true });
writeFileSync(join(root, '.github/slipway.yml'), 'application: shop\n');
writeFileSync(join(root, '..hidden'), 'dots');
writeFileSync(join(root, 'large'), 'x'.repeat(1024 * 1024 + 1));
writeFileSync(join(place, 'secret'), 'outside');
symlinkSync('.github/slipway.yml', join(root, 'inside-link'));
symlinkSync('../secret', join(root, 'outside-link'));
symlinkSync('..', join(root, 'outside-directory'));
symlinkSync('nothing', join(root, 'dangling'));
symlinkSync('circle', join(root, 'circle'));
const workspace = openWorkspace(root);

afterAll(() => rmSync(place, { recursive: true }));

test.each([
  ['.github/slipway.yml', 'application: shop\n'],
  [join(root, '.github/slipway.yml'), 'application: shop\n'],
  ['inside-link', 'application: shop\n'],
  ['..hidden', 'dots'],
  ['nothing', undefined],
  ['.github/slipway.yml/below', undefined],
  ['dangling', undefined],
])('%s is read', async (path, text) => {
  expect(await workspace.text(path)).toBe(text);
});

test.each([
  ['../secret', /outside of the workspace/],
  ['.github/../../secret', /outside of the workspace/],
  ['/etc/passwd', /outside of the workspace/],
  ['outside-link', /through a link/],
  ['outside-directory/secret', /through a link/],
  ['.github', /not a file/],
  ['large', /larger/],
  ['circle', /cannot be read/],
  ['a\0b', /cannot be read/],
])('%j is refused', async (path, why) => {
  await expect(workspace.text(path)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringMatching(why),
  });
});

test('a workspace that is not there holds nothing', async () => {
  expect(await openWorkspace(join(place, 'gone')).text('x')).toBeUndefined();
});
