import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readMetadata, withTables } from '../scripts/action-docs.ts';
import { entries } from '../src/actions/suite.ts';
import { remedies } from '../src/domain/failure-codes.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const metadata = globSync('actions/*/action.yml', { cwd: root }).sort();
const pages = [
  ...globSync('*.md', { cwd: root }),
  ...globSync('{docs,actions,examples,bench}/**/*.md', { cwd: root }),
].sort();

describe('action.yml', () => {
  test.each(metadata)('%s describes every input and output in one sentence', (path) => {
    const { inputs, outputs } = readMetadata(path, read(path));
    const descriptions = [...Object.values(inputs), ...Object.values(outputs)].map(({ description }) => description);
    expect(descriptions.filter((text) => !/^[^\n]+\.$/.test(text ?? ''))).toEqual([]);
  });

  test.each(metadata)('%s keeps each default on one line below a key of two spaces', (path) => {
    const defaults = read(path)
      .split('\n')
      .filter((line) => /\bdefault:/.test(line));
    expect(defaults.filter((line) => !/^ {4}default: \S.*$/.test(line))).toEqual([]);
  });

  test.each(metadata)('%s starts stubs that the build makes, and always its post step', (path) => {
    const name = path.split('/')[1] ?? '';
    expect(read(path)).toContain(
      `main: ../../dist/${name}/index.js\n  post: ../../dist/${name}/post.js\n  post-if: always()\n`,
    );
    expect(Object.keys(entries)).toEqual(expect.arrayContaining([`${name}/index`, `${name}/post`]));
  });

  test('an input without a description is refused by name', () => {
    expect(() => readMetadata('action.yml', 'inputs:\n  bare: {}\noutputs: {}\n')).toThrow(
      'action.yml: no description for bare',
    );
  });
});

describe('generated tables', () => {
  const page = 'Before\n<!-- inputs:start -->\nold\n<!-- inputs:end -->\nAfter\n';

  test('replace what stands between the markers and nothing else', () => {
    const tables = withTables(page, { inputs: { mode: { description: 'a | b.', default: 'x' } }, outputs: {} });
    expect(tables).toBe(
      'Before\n<!-- inputs:start -->\n| input | default | what it is |\n| --- | --- | --- |\n| `mode` | `x` | a \\| b. |\n<!-- inputs:end -->\nAfter\n',
    );
  });

  test('leave a page without markers as it is', () => {
    expect(withTables('Plain\n', { inputs: {}, outputs: {} })).toBe('Plain\n');
  });
});

describe('the manual', () => {
  test.each(pages)('%s links only to what is there', (path) => {
    const links = [...read(path).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? '');
    const broken = links.filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(path), target)));
    expect(broken).toEqual([]);
  });

  test('the remedies name only pages that are there', () => {
    const named = Object.values(remedies).flatMap((cure) => cure.match(/docs\/[\w-]+\.md/g) ?? []);
    expect(named.filter((page) => !existsSync(join(root, page)))).toEqual([]);
  });
});
