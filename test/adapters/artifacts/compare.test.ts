import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPatterns } from '../../../src/domain/artifact/listing.ts';
import { programs } from '../../../src/generated/programs.ts';
import type { Artifact } from '../../../src/ports/artifact.ts';
import { lacking, suite } from '../../rig/part.ts';
import { runs } from '../../rig/runs.ts';
import type { ServerKind } from './workbench.ts';
import { servers, Workbench } from './workbench.ts';

const id = '0123456789abcdef0123456789abcdef01234567';
const long = 'l'.repeat(120);
const names = [
  'plain',
  'two words',
  ' leading and trailing ',
  '-n',
  '--help',
  '-exec rm {} ;',
  'a\\b',
  'a\\nb',
  '\\',
  "it's",
  '"quoted"',
  '$(id)',
  '`id`',
  '${HOME}',
  '*',
  '?',
  '[a]',
  '!',
  '#',
  '~',
  '%s%n',
  ';id',
  'größe',
  '日本語',
  '😀',
  'e\u0301',
  '\u202egnp',
  '::set-output name=x::y',
  '##[error]',
  '...',
  '.hidden',
  'entries',
  'here.odd',
  'a -> b',
  long,
  `ü${long}`,
];

function plant(root: string, entries: Readonly<Record<string, string | number | { readonly link: string }>>): void {
  for (const [path, what] of Object.entries(entries)) {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    if (typeof what === 'object') symlinkSync(what.link, full);
    else if (typeof what === 'number') mkdirSync(full, { recursive: true, mode: what });
    else writeFileSync(full, what);
  }
}

describe('a server’s tree against the runner’s lists', () => {
  let bench: Workbench;
  let build: string;
  beforeEach(() => {
    bench = new Workbench();
    build = join(bench.workspace, 'build');
    mkdirSync(build);
  });
  afterEach(() => bench[Symbol.dispose]());
  const pack = (): Promise<Artifact> =>
    bench.artifacts({ kind: 'path', path: 'build' }).pack({ revision: id, committed: 0 });
  const compare = (kind: ServerKind, directory: string) =>
    bench.sh(kind, programs.compare, join(directory, 'tree'), directory);

  for (const kind of servers)
    suite(`with ${kind}`, lacking(kind), () => {
      it('is equal for names of every sort, in directories, files and links', async () => {
        plant(build, Object.fromEntries(names.map((name) => [`${name}/${name}`, name])));
        plant(build, Object.fromEntries(names.map((name) => [`links/${name}`, { link: `../${name}/${name}` }])));
        plant(build, {
          [`deep/${`${long}/`.repeat(8)}file`]: 'deep',
          empty: 0o700,
          [`links/${long}2`]: { link: `../${'./'.repeat(100)}plain` },
          'links/none': { link: 'missing -> target' },
        });
        await using artifact = await pack();
        const directory = await bench.unpack(artifact, kind);
        expect(compare(kind, directory)).toEqual({ status: 0, output: '' });
        expect(readFileSync(join(directory, 'tree/größe/größe'), 'utf8')).toBe('größe');
      });

      it('is equal for thousands of files, and for no link and no directory', async () => {
        plant(build, { only: 'one' });
        await using small = await pack();
        expect(compare(kind, await bench.unpack(small, kind, 'small'))).toEqual({ status: 0, output: '' });
        plant(
          build,
          Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`d${index % 50}/f${index}`, String(index)])),
        );
        plant(
          build,
          Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`l${index}`, { link: `d${index % 50}` }])),
        );
        await using artifact = await pack();
        expect(compare(kind, await bench.unpack(artifact, kind))).toEqual({ status: 0, output: '' });
      });

      const differences: readonly (readonly [string, (tree: string) => void, string])[] = [
        ['an extra file', (tree) => writeFileSync(join(tree, 'extra'), ''), 'only on the server: 81a4 ./extra'],
        ['an extra empty directory', (tree) => mkdirSync(join(tree, 'extra')), 'only on the server: 41ed ./extra'],
        ['a missing file', (tree) => rmSync(join(tree, 'dir/file')), 'only in the artefact: 81a4 ./dir/file'],
        [
          'a missing empty directory',
          (tree) => rmSync(join(tree, 'empty'), { recursive: true }),
          'only in the artefact: 41ed ./empty',
        ],
        ['other content of the same size', (tree) => writeFileSync(join(tree, 'dir/file'), 'FILE'), '  ./dir/file'],
        ['other content behind a strange name', (tree) => writeFileSync(join(tree, 'a\\b'), 'other'), '  ./a\\b'],
        ['a cut file', (tree) => truncateSync(join(tree, 'dir/file')), '  ./dir/file'],
        ['another mode', (tree) => chmodSync(join(tree, 'dir/file'), 0o755), 'only on the server: 81ed ./dir/file'],
        ['the setuid bit', (tree) => chmodSync(join(tree, 'dir/file'), 0o4644), 'only on the server: 89a4 ./dir/file'],
        [
          'another mode of a directory',
          (tree) => chmodSync(join(tree, 'dir'), 0o777),
          'only on the server: 41ff ./dir',
        ],
        [
          'another target',
          (tree) => {
            rmSync(join(tree, 'link'));
            symlinkSync('/etc/passwd', join(tree, 'link'));
          },
          'only on the server: ./link\t/etc/passwd',
        ],
        [
          'a target with a newline',
          (tree) => {
            rmSync(join(tree, 'zz'));
            symlinkSync('dir\n\n', join(tree, 'zz'));
          },
          'only on the server: ',
        ],
        [
          'a directory that became a link',
          (tree) => {
            renameSync(join(tree, 'dir'), `${tree}-dir`);
            symlinkSync('../tree-dir', join(tree, 'dir'));
          },
          'only on the server: a1ff ./dir',
        ],
        [
          'a file that became a link to its content',
          (tree) => {
            renameSync(join(tree, 'dir/file'), `${tree}-file`);
            symlinkSync('../../tree-file', join(tree, 'dir/file'));
          },
          'only on the server: a1ff ./dir/file',
        ],
        [
          'a file that became a FIFO',
          (tree) => {
            rmSync(join(tree, 'dir/file'));
            execFileSync('mkfifo', [join(tree, 'dir/file')]);
          },
          'only in the artefact: 81a4 ./dir/file',
        ],
        ['a name with a newline', (tree) => writeFileSync(join(tree, 'dir/x\n81a4 .'), ''), 'a name with a newline'],
      ];
      it.each(differences)('names %s', async (_, tamper, words) => {
        plant(build, { 'dir/file': 'file', 'a\\b': 'b', empty: 0o755, link: { link: 'dir' }, zz: { link: 'dir' } });
        await using artifact = await pack();
        const directory = await bench.unpack(artifact, kind);
        tamper(join(directory, 'tree'));
        const { status, output } = compare(kind, directory);
        expect(output).toContain(words);
        expect(status).toBe(1);
      });

      it('prints no more than 20 differences', async () => {
        plant(build, Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, 'x'])));
        await using artifact = await pack();
        const directory = await bench.unpack(artifact, kind);
        for (let index = 0; index < 50; index += 1) rmSync(join(directory, `tree/f${index}`));
        const { status, output } = compare(kind, directory);
        expect({ status, lines: output.trim().split('\n').length }).toEqual({ status: 1, lines: 20 });
      });

      it('is never equal to lists that are not there', async () => {
        plant(build, { file: 'x' });
        await using artifact = await pack();
        const directory = await bench.unpack(artifact, kind);
        rmSync(join(directory, 'links'));
        expect(compare(kind, directory).status).not.toBe(0);
      });

      it('lists the files of a release for sha256sum, without what is mutable', () => {
        plant(build, {
          'app/a b': 'a',
          'back\\slash': 'b',
          'tmp/x/cache': 'c',
          tmpfile: 'd',
          'log/a.log': 'e',
          'log/sub/b.log': 'f',
          'lib/__pycache__/m.pyc': 'g',
          'a+b?/[x]/f': 'h',
          link: { link: 'app' },
        });
        const list = join(bench.root, 'list');
        const integrity = (...globs: string[]) =>
          bench.sh(kind, programs['list-files'], build, list, ...findPatterns(globs));
        const listed = () =>
          readFileSync(list, 'utf8')
            .split('\n')
            .flatMap((line) =>
              line === '' ? [] : [line.replace(/^\\?[0-9a-f]{64} {2}\.\//, '').replace('\\\\', '\\')],
            )
            .sort();
        expect(integrity()).toEqual({ status: 0, output: '' });
        expect(listed()).toEqual([
          'a+b?/[x]/f',
          'app/a b',
          'back\\slash',
          'lib/__pycache__/m.pyc',
          'log/a.log',
          'log/sub/b.log',
          'tmp/x/cache',
          'tmpfile',
        ]);
        expect(bench.sh(kind, 'cd "$1" && sha256sum -c "$2" >/dev/null', build, list)).toEqual({
          status: 0,
          output: '',
        });
        integrity('tmp/**', 'log/*.log', '**/__pycache__/**', 'a+b?');
        expect(listed()).toEqual(['app/a b', 'back\\slash', 'log/sub/b.log', 'tmpfile']);
        writeFileSync(join(build, 'x\ny'), '');
        expect(integrity('tmp/**').status).toBe(1);
        expect(integrity('x*')).toEqual({ status: 0, output: '' });
      });
    });

  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .filter(
      (text) =>
        !/[\p{Cc}/\ufffd]/u.test(text) &&
        text.isWellFormed() &&
        text !== '.' &&
        text !== '..' &&
        Buffer.byteLength(text) < 250,
    );
  const trees = fc.array(
    fc.record({
      path: fc.array(name, { minLength: 1, maxLength: 5 }),
      content: fc.uint8Array({ maxLength: 2000 }),
      mode: fc.integer({ min: 0, max: 0o777 }),
      link: fc.boolean(),
    }),
    { minLength: 1, maxLength: 15 },
  );

  it('is equal for any tree, on every kind of server that is here', async () => {
    const here = servers.filter((kind) => lacking(kind) === undefined);
    let round = 0;
    await fc.assert(
      fc.asyncProperty(trees, async (entries) => {
        rmSync(build, { recursive: true });
        plant(build, { 'a file': 'always' });
        for (const { path, content, mode, link } of entries) grow(path, content, mode, link ? 'link' : 'file');
        await using artifact = await pack();
        round += 1;
        for (const kind of here)
          expect(compare(kind, await bench.unpack(artifact, kind, `${kind}-${round}`))).toEqual({
            status: 0,
            output: '',
          });
      }),
      { numRuns: runs(12) },
    );
  });

  /** Adds an entry, unless something else has its place already. */
  function grow(path: readonly string[], content: Uint8Array, mode: number, kind: 'file' | 'link'): void {
    const full = join(build, ...path);
    try {
      mkdirSync(dirname(full), { recursive: true });
      if (kind === 'link') symlinkSync(path.at(-1) ?? '', full);
      else writeFileSync(full, content, { flag: 'wx' });
      if (kind === 'file') chmodSync(full, mode);
    } catch (error) {
      if (
        !(
          error instanceof Error &&
          'code' in error &&
          ['EEXIST', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENAMETOOLONG', 'ENOENT'].includes(String(error.code))
        )
      )
        throw error;
    }
  }
});
