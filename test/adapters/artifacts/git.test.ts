import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openArtifacts } from '../../../src/adapters/artifacts/open.ts';
import type { Artifacts } from '../../../src/ports/artifact.ts';
import { spawnedCommand } from '../../fakes/spawned-command.ts';
import { lacking, suite } from '../../rig/part.ts';
import { problemsOf, Workbench } from './workbench.ts';

suite('the artefact from git', lacking('git', 'tar'), () => {
  let bench: Workbench;
  beforeEach(() => {
    bench = new Workbench();
  });
  afterEach(() => bench[Symbol.dispose]());
  const put = (path: string, text = path) => writeFileSync(join(bench.workspace, path), text);
  const shape = async (artifacts = bench.artifacts({ kind: 'git' }), words = 'HEAD') => {
    await using artifact = await artifacts.pack(await artifacts.resolve(words));
    return artifact.manifest.entries.map(
      (entry) => `${entry.kind === 'link' ? `-> ${entry.target}` : entry.mode.toString(8)} ${entry.path}`,
    );
  };

  it('ships what the commit holds, with the modes that git knows', async () => {
    mkdirSync(join(bench.workspace, 'bin'));
    put('bin/run');
    chmodSync(join(bench.workspace, 'bin/run'), 0o700);
    put('größe');
    symlinkSync('bin/run', join(bench.workspace, 'link'));
    bench.commit();
    put('not committed');
    expect(await shape()).toEqual(['755 bin', '755 bin/run', '644 größe', '-> bin/run link']);
  });

  it('honours export-ignore and export-subst', async () => {
    put('.gitattributes', 'tests export-ignore\n.gitattributes export-ignore\nversion export-subst\n');
    put('version', '$Format:%H$');
    mkdirSync(join(bench.workspace, 'tests'));
    put('tests/one');
    const commit = bench.commit();
    const artifacts = bench.artifacts({ kind: 'git' });
    await using artifact = await artifacts.pack({ revision: commit, committed: 0 });
    expect(artifact.manifest.entries).toMatchObject([{ path: 'version', size: 40 }]);
  });

  it('ships a subdirectory under its own paths, without what is excluded', async () => {
    mkdirSync(join(bench.workspace, 'apps/shop/tmp'), { recursive: true });
    put('top');
    put('apps/shop/app');
    put('apps/shop/tmp/cache');
    put('apps/shop/.gitkeep');
    bench.commit();
    expect(
      await shape(bench.artifacts({ kind: 'git' }, { subdirectory: 'apps/shop/', exclude: ['**/.git*', 'tmp/**'] })),
    ).toEqual(['644 app', '755 tmp']);
    expect(await problemsOf(shape(bench.artifacts({ kind: 'git' }, { subdirectory: 'apps/none' })))).toEqual([
      expect.stringContaining('ARTIFACT_EMPTY'),
    ]);
  });

  it('names submodules and LFS pointers together, unless they are left out', async () => {
    put('logo.png', `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`);
    put('app');
    const commit = bench.commit();
    bench.git('update-index', '--add', '--cacheinfo', `160000,${commit},vendor/a "b"`);
    bench.git('commit', '-q', '-m', 'two');
    expect(await problemsOf(shape())).toEqual([
      'ARTIFACT_INVALID: "vendor/a \\"b\\"" is a submodule.',
      'ARTIFACT_INVALID: "logo.png" is a Git LFS pointer, not the file itself.',
    ]);
    await expect(shape()).rejects.toMatchObject({
      problems: [
        { hint: expect.stringContaining('the input `artifact: .`') },
        { hint: expect.stringContaining('the input `artifact: .`') },
      ],
    });
    expect(await shape(bench.artifacts({ kind: 'git' }, { exclude: ['vendor', '*.png'] }))).toEqual(['644 app']);
    expect(await shape(bench.artifacts({ kind: 'path', path: '.' }, { exclude: ['**/.git', '*.png'] }))).toEqual([
      '644 app',
    ]);
    put('.gitattributes', '/vendor export-ignore\n*.png export-ignore\n');
    bench.git('add', '.gitattributes');
    bench.git('commit', '-q', '-m', 'three');
    expect(await shape()).toEqual(['644 .gitattributes', '644 app']);
    expect(bench.spooled()).toEqual([]);
  });

  it('resolves branches, tags, ids and branches of the remote, with the committer date', async () => {
    put('app');
    const commit = bench.commit();
    bench.git('tag', '-a', '-m', 'v1', 'v1');
    bench.git('update-ref', 'refs/remotes/origin/feature', commit);
    const { resolve } = bench.artifacts({ kind: 'git' });
    for (const words of ['main', 'v1', commit, commit.slice(0, 10), 'feature'])
      expect(await resolve(words)).toEqual({ revision: commit, committed: 1_700_000_000 });
  });

  it.each(['--output=x', '-h', '', 'none', 'a\nb', '$(id)', 'HEAD:app', '0'.repeat(40)])(
    'takes %j for no commit and for no option',
    async (words) => {
      put('app');
      bench.commit();
      expect(await problemsOf(bench.artifacts({ kind: 'git' }).resolve(words))).toEqual([
        expect.stringContaining('REVISION_UNKNOWN'),
      ]);
    },
  );

  it('packs only a whole commit id', async () => {
    bench.commit();
    expect(await problemsOf(bench.artifacts({ kind: 'git' }).pack({ revision: '--output=x', committed: 0 }))).toEqual([
      expect.stringContaining('REVISION_UNKNOWN'),
    ]);
  });

  it('knows ancestors, and does not guess in a shallow history', async () => {
    const first = bench.commit();
    const second = bench.commit();
    const opened = (): Artifacts => bench.artifacts({ kind: 'git' });
    const { isAncestor } = opened();
    expect(await isAncestor(first, second)).toBe('yes');
    expect(await isAncestor(second, first)).toBe('no');
    expect(await isAncestor('--help', first)).toBe('unknown');
    expect(await isAncestor('0'.repeat(40), first)).toBe('unknown');
    writeFileSync(join(bench.workspace, '.git/shallow'), `${second}\n`);
    expect(await isAncestor(first, second)).toBe('yes');
    expect(await opened().isAncestor(first, second)).toBe('unknown');
  });

  it('ignores replacement objects', async () => {
    put('app', 'true');
    const honest = bench.commit();
    put('app', 'false!');
    const other = bench.commit();
    bench.git('replace', honest, other);
    await using artifact = await bench.artifacts({ kind: 'git' }).pack({ revision: honest, committed: 0 });
    expect(artifact.manifest.entries).toMatchObject([{ path: 'app', size: 4 }]);
  });

  it('says that nothing is shipped', async () => {
    bench.commit();
    expect(await problemsOf(shape())).toEqual([expect.stringContaining('ARTIFACT_EMPTY')]);
  });

  it('says that the runner has no git', async () => {
    const settings = { from: { kind: 'git' }, subdirectory: undefined, exclude: [] } as const;
    const artifacts = openArtifacts({
      settings,
      workspace: bench.workspace,
      temp: bench.temp,
      command: spawnedCommand({ PATH: bench.root }),
    });
    expect(await problemsOf(artifacts.resolve('HEAD'))).toEqual([expect.stringContaining('RUNNER_UNFIT')]);
  });

  it.runIf(process.getuid?.() === 0)('reads a workspace that another user owns', async () => {
    put('app');
    bench.commit();
    for (const path of ['', '.git']) chownSync(join(bench.workspace, path), 65534, 65534);
    expect(await shape()).toEqual(['644 app']);
  });
});
