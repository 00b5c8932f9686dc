import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPath } from '../../../src/adapters/artifacts/path.ts';
import { selection } from '../../../src/domain/artifact/selection.ts';
import { lacking, suite } from '../../rig/part.ts';
import { collect, problemsOf, Workbench } from './workbench.ts';

const id = '0123456789abcdef0123456789abcdef01234567';

suite('artefacts that an earlier step made', lacking('git', 'tar'), () => {
  let bench: Workbench;
  let build: string;
  beforeEach(() => {
    bench = new Workbench();
    build = join(bench.workspace, 'build');
    mkdirSync(build);
  });
  afterEach(() => bench[Symbol.dispose]());
  const put = (path: string, text = path) => writeFileSync(join(build, path), text);
  const fromPath = (rules = {}) =>
    bench.artifacts({ kind: 'path', path: 'build' }, rules).pack({ revision: id, committed: 0 });
  const fromArchive = (path: string, rules = {}) =>
    bench.artifacts({ kind: 'archive', path }, rules).pack({ revision: id, committed: 0 });
  const tar = (file: string, ...words: string[]) =>
    execFileSync('tar', ['-cf', join(bench.workspace, file), ...words], { cwd: build });
  const shape = async (packing: ReturnType<typeof fromPath>) => {
    await using artifact = await packing;
    return artifact.manifest.entries.map(
      (entry) => `${entry.kind === 'link' ? `-> ${entry.target}` : entry.mode.toString(8)} ${entry.path}`,
    );
  };

  it('need no commit of the workspace', async () => {
    put('app');
    const artifacts = bench.artifacts({ kind: 'path', path: 'build' });
    expect(await artifacts.resolve(id)).toEqual({ revision: id, committed: 0 });
    expect(await problemsOf(artifacts.resolve('main'))).toEqual([expect.stringContaining('REVISION_UNKNOWN')]);
  });

  it('keep their permission bits, and directories stay writable for their owner', async () => {
    mkdirSync(join(build, 'locked'));
    put('locked/file');
    put('secret');
    put('open');
    symlinkSync('open', join(build, 'link'));
    for (const [path, mode] of [
      ['secret', 0o640],
      ['open', 0o666],
      ['locked', 0o555],
    ] as const)
      chmodSync(join(build, path), mode);
    expect(await shape(fromPath())).toEqual([
      '-> open link',
      '755 locked',
      '644 locked/file',
      '666 open',
      '640 secret',
    ]);
  });

  it('have the same manifest and the same bytes, whenever and however they come', async () => {
    mkdirSync(join(build, 'a-b'));
    mkdirSync(join(build, 'a'));
    put('a/größe 😀');
    put('a-b/\uffeex');
    tar('b.tar', '--mtime=2001-01-01', '.');
    tar('c.tar', '--format=pax', 'a-b', 'a');
    writeFileSync(join(bench.workspace, 'd.tar.gz'), gzipSync(readFileSync(join(bench.workspace, 'c.tar'))));
    const seen = new Set<string>();
    for (const packing of [fromPath(), fromArchive('b.tar'), fromArchive('c.tar'), fromArchive('d.tar.gz')]) {
      await using artifact = await packing;
      const bytes = Buffer.concat(await collect(artifact.stream()));
      expect(bytes.length).toBe(artifact.packedSize);
      seen.add(`${artifact.manifest.digest} ${bytes.toString('base64')}`);
    }
    expect(seen.size).toBe(1);
    expect(bench.spooled()).toEqual([]);
  });

  it('have another digest when a mode, a name, a content or a target changes', async () => {
    const digests = new Set<string>();
    const digest = async () => {
      await using artifact = await fromPath();
      digests.add(artifact.manifest.digest);
    };
    put('app');
    symlinkSync('app', join(build, 'link'));
    await digest();
    put('app', 'ppa');
    await digest();
    chmodSync(join(build, 'app'), 0o755);
    await digest();
    rmSync(join(build, 'link'));
    symlinkSync('./app', join(build, 'link'));
    await digest();
    mkdirSync(join(build, 'empty'));
    await digest();
    expect(digests.size).toBe(5);
  });

  it('refuse devices, sockets, special bits, links that leave and strange names, all at once', async () => {
    execFileSync('mkfifo', [join(build, 'pipe')]);
    put('root');
    chmodSync(join(build, 'root'), 0o4755);
    symlinkSync('/etc/passwd', join(build, 'absolute'));
    symlinkSync('../outside', join(build, 'outside'));
    put('a\nb');
    writeFileSync(Buffer.concat([Buffer.from(`${build}/`), Buffer.from([0x66, 0xff])]), 'x');
    const expected = [
      'a control character',
      'a link to the absolute path',
      'leads out of the artefact',
      'is a FIFO',
      'setuid',
      'not UTF-8',
    ];
    const found = await problemsOf(fromPath());
    for (const words of expected) expect(found).toContainEqual(expect.stringContaining(words));
    expect(found).toHaveLength(expected.length);
    expect(bench.spooled()).toEqual([]);
    tar('hostile.tar', '.');
    expect(await problemsOf(fromArchive('hostile.tar'))).toHaveLength(expected.length);
  });

  it('tell a hundred entries that cannot be shipped, and how many more there are', async () => {
    for (let index = 0; index < 150; index += 1) symlinkSync('/etc/passwd', join(build, `link${index}`));
    const found = await problemsOf(fromPath());
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toBe('ARTIFACT_INVALID: 50 more entries of the artefact cannot be shipped.');
  });

  it('turn hard links into copies', async () => {
    put('one', 'same');
    linkSync(join(build, 'one'), join(build, 'two'));
    tar('linked.tar', 'one', 'two');
    await using artifact = await fromArchive('linked.tar', { exclude: ['one'] });
    expect(artifact.manifest.entries).toMatchObject([{ kind: 'file', path: 'two', size: 4 }]);
    await using whole = await fromPath();
    expect(whole.manifest.entries).toHaveLength(2);
  });

  it('are refused where an archive writes through its own links or outside', async () => {
    symlinkSync('.', join(build, 'here'));
    put('app');
    tar('through.tar', '--transform=s,^app,here/app,', 'here', 'app');
    expect(await problemsOf(fromArchive('through.tar'))).toEqual([
      'ARTIFACT_INVALID: "here/app" lies below "here", which is a link.',
    ]);
    tar('outside.tar', '-P', '--transform=s,^app,../app,', 'app');
    expect(await problemsOf(fromArchive('outside.tar'))).toEqual(['ARTIFACT_INVALID: "../app" has “..” in its name.']);
    tar('absolute.tar', '-P', '--transform=s,^app,/etc/app,', 'app');
    expect(await problemsOf(fromArchive('absolute.tar'))).toEqual([
      'ARTIFACT_INVALID: "/etc/app" is an absolute name.',
    ]);
    tar('twice.tar', 'app', 'app', '--hard-dereference');
    expect(await problemsOf(fromArchive('twice.tar'))).toEqual(['ARTIFACT_INVALID: "app" comes twice.']);
  });

  it('are refused where an archive is cut, broken or none', async () => {
    put('app', 'x'.repeat(100_000));
    tar('whole.tar', 'app');
    const whole = readFileSync(join(bench.workspace, 'whole.tar'));
    const cases = {
      'no-end.tar': whole.subarray(0, 512 + 100_352),
      'half.tar': whole.subarray(0, 5000),
      'text.tar': Buffer.from('x'.repeat(1024)),
      'empty.tar': Buffer.alloc(0),
      'cut.tar.gz': gzipSync(whole).subarray(0, -20),
    };
    for (const [name, bytes] of Object.entries(cases)) {
      writeFileSync(join(bench.workspace, name), bytes);
      expect(await problemsOf(fromArchive(name)), name).toEqual([expect.stringContaining('cannot be read')]);
    }
    expect(bench.spooled()).toEqual([]);
  });

  it('are refused where there is nothing', async () => {
    mkdirSync(join(build, 'empty'));
    expect(await problemsOf(fromPath())).toEqual([expect.stringContaining('ARTIFACT_EMPTY')]);
    expect(await problemsOf(fromArchive('none.tar'))).toEqual([expect.stringContaining('ARTIFACT_EMPTY')]);
    expect(
      await problemsOf(bench.artifacts({ kind: 'path', path: 'none' }).pack({ revision: id, committed: 0 })),
    ).toEqual([expect.stringContaining('ARTIFACT_EMPTY')]);
  });

  it('say that a file is no directory and what an archive is called', async () => {
    put('app.zip');
    const packing = bench.artifacts({ kind: 'path', path: 'build/app.zip' }).pack({ revision: id, committed: 0 });
    await expect(packing).rejects.toMatchObject({
      code: 'ARTIFACT_INVALID',
      message: '"build/app.zip" is neither a directory nor called like an archive.',
      hint: 'Name a directory, or an archive that ends in .tar, .tar.gz or .tgz.',
    });
  });

  it('are not taken from behind a link that leaves the workspace', async () => {
    const outside = join(bench.root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'token'), 'secret');
    execFileSync('tar', ['-cf', join(outside, 'app.tar'), 'token'], { cwd: outside });
    symlinkSync(outside, join(bench.workspace, 'dist'));
    symlinkSync(build, join(bench.workspace, 'here'));
    put('app');
    const from = (kind: 'path' | 'archive', path: string) =>
      bench.artifacts({ kind, path }).pack({ revision: id, committed: 0 });
    expect(await problemsOf(from('path', 'dist'))).toEqual([
      'ARTIFACT_INVALID: "dist" leads out of the workspace through a link.',
    ]);
    expect(await problemsOf(from('archive', 'dist/app.tar'))).toEqual([
      'ARTIFACT_INVALID: "dist/app.tar" leads out of the workspace through a link.',
    ]);
    expect(await shape(from('path', 'here'))).toEqual(['644 app']);
    expect(await shape(from('path', outside))).toEqual(['644 app.tar', '644 token']);
  });

  it('need a place on the runner', async () => {
    put('app');
    rmSync(bench.temp, { recursive: true });
    expect(await problemsOf(fromPath())).toEqual([
      expect.stringContaining('RUNNER_UNFIT: The runner cannot keep the packed artefact'),
    ]);
  });

  it('do not look into what is left out', async () => {
    mkdirSync(join(build, 'app/node_modules/x'), { recursive: true });
    execFileSync('mkfifo', [join(build, 'app/node_modules/x/pipe')]);
    mkdirSync(join(build, 'other'));
    put('app/file');
    const source = await openPath(build, 'build', selection({ subdirectory: 'app', exclude: ['**/node_modules'] }));
    expect(source.found.map((entry) => entry.path).sort()).toEqual(['app', 'app/file', 'app/node_modules', 'other']);
    expect(await shape(fromPath({ subdirectory: 'app', exclude: ['**/node_modules'] }))).toEqual(['644 file']);
  });

  it.each([
    ['grows', (file: string) => appendFileSync(file, 'more')],
    ['goes away', (file: string) => rmSync(file)],
    [
      'gives its place to a link',
      (file: string) => {
        rmSync(file);
        symlinkSync('/etc/passwd', file);
      },
    ],
    [
      'gives its place to a FIFO',
      (file: string) => {
        rmSync(file);
        execFileSync('mkfifo', [file]);
      },
    ],
    ['is written again', (file: string) => writeFileSync(file, 'ppa')],
  ])('are refused where a file %s between its check and its reading', async (_, happen) => {
    put('app');
    const source = await openPath(build, 'build', selection({ subdirectory: undefined, exclude: [] }));
    const [file] = source.found;
    happen(join(build, 'app'));
    if (file?.kind !== 'file') throw new Error('no file was found');
    expect(await problemsOf(collect(source.read(file)))).toEqual([
      'ARTIFACT_INVALID: "app" changed or went away while it was read.',
    ]);
  });

  it('are spooled for us alone, and gone when they are disposed of', async () => {
    put('app');
    const artifact = await fromPath();
    const [directory = ''] = bench.spooled();
    const modes = execFileSync(
      'stat',
      ['-c', '%a', join(bench.temp, directory), join(bench.temp, directory, 'packed.tar.gz')],
      { encoding: 'utf8' },
    );
    expect(modes).toBe('700\n600\n');
    await artifact[Symbol.asyncDispose]();
    expect(bench.spooled()).toEqual([]);
  });
});
