import { describe, expect, it } from 'vitest';
import type { Found, Modes } from '../../../src/domain/artifact/entries.ts';
import { checkEntries, clashes, pointerProblem } from '../../../src/domain/artifact/entries.ts';
import { selection } from '../../../src/domain/artifact/selection.ts';

const everything = selection({ subdirectory: undefined, exclude: [] });
const file = (path: string, mode = 0o644): Found => ({ kind: 'file', path, mode, size: 1 });
const directory = (path: string, mode = 0o755): Found => ({ kind: 'directory', path, mode });
const link = (path: string, target: string): Found => ({ kind: 'link', path, target });
const check = (found: readonly Found[], modes: Modes = 'kept') => checkEntries(found, everything, modes);
const problems = (...found: Found[]) => check(found).problems.map((problem) => problem.message);
const paths = (...found: Found[]) => check(found).accepted.map((entry) => entry.path);

describe('entries', () => {
  it('are sorted by bytes and have all directories above them', () => {
    expect(paths(file('b/c/d'), file('a-b'), file('a/x'), file('\uffee'), file('😀'))).toEqual([
      'a',
      'a-b',
      'a/x',
      'b',
      'b/c',
      'b/c/d',
      '\uffee',
      '😀',
    ]);
  });

  it('are one thing under every spelling of their name', () => {
    expect(paths(directory('./'), directory('./a//'), file('a/./b'))).toEqual(['a', 'a/b']);
    expect(problems(file('./a'), file('a'))).toEqual(['"a" comes twice.']);
    expect(problems(directory('a'), directory('a/'))).toEqual([]);
    expect(problems(directory('a'), file('a'))).toEqual(['"a" comes twice.']);
    expect(problems(file('a'), file('A'))).toEqual([]);
  });

  it.each(['/etc/passwd', '../x', 'a/../b', 'a\nb', 'a\0b', 'a\tb', 'a\x7f', 'a\x85', 'a\ufffd', 'a\ud800'])(
    'are refused under the name %j',
    (name) => {
      expect(problems(file(name))).toHaveLength(1);
    },
  );

  it.each([
    ['a', '/etc'],
    ['a', '..'],
    ['a', '../x'],
    ['a/b', '../..'],
    ['a/b', 'c/../../../x'],
    ['a', ''],
    ['a', 'x\ny'],
    ['a', './/..'],
  ])('are refused where the link %j leads to %j', (path, target) => {
    expect(problems(link(path, target))).toHaveLength(1);
  });

  it.each([
    ['a', '.'],
    ['a', 'a'],
    ['a/b', '..'],
    ['a/b', '../c'],
    ['a', 'missing/x'],
    ['a', '..b'],
    ['a', '-rf'],
    ['a/b/c', '../../d'],
  ])('may be the link %j to %j', (path, target) => {
    expect(problems(link(path, target))).toEqual([]);
  });

  it('are refused where a link leaves through another link', () => {
    expect(
      problems(directory('d/e'), link('deep', 'd/e'), link('fine', 'deep/../..'), link('out', 'deep/../../..')),
    ).toEqual(['"out" is a link that leads out of the artefact, to "deep/../../.."'].map((sentence) => `${sentence}.`));
    expect(problems(link('here', '.'), link('x/up', '../here/..'))).toEqual([
      '"x/up" is a link that leads out of the artefact, to "../here/..".',
    ]);
  });

  it('end the search in links that go round', () => {
    expect(problems(link('a', 'b'), link('b', 'a'), link('c', 'c/c/c/c'))).toEqual([]);
  });

  it('are refused below a link or a file', () => {
    expect(problems(link('a', 'b'), file('a/c'), file('f'), file('f/g/h'))).toEqual([
      '"a/c" lies below "a", which is a link.',
      '"f/g/h" lies below "f", which is a file.',
    ]);
  });

  it('are refused with special bits, as devices, and as hard links to nothing', () => {
    const hard = (path: string, target: string): Found => ({ kind: 'same file', path, target });
    expect(
      problems(
        file('a', 0o4755),
        directory('b', 0o1777),
        file('c', 0o2644),
        { kind: 'other', path: 'd', what: 'a device' },
        hard('e', 'none'),
        hard('f', 'a'),
        hard('g', 'g'),
      ),
    ).toHaveLength(7);
  });

  it('keep what git knows of modes, or all permissions', () => {
    const found = [file('a', 0o664), file('b', 0o775), directory('c', 0o500), file('d', 0o000)];
    const modes = (kind: Modes) =>
      check(found, kind).accepted.map((entry) => (entry.kind === 'link' ? '' : entry.mode.toString(8)));
    expect(modes('git')).toEqual(['644', '755', '755', '644']);
    expect(modes('kept')).toEqual(['664', '775', '700', '400']);
  });

  it.each([
    ['.git', '.git'],
    ['./.git/', '.git'],
    ['./.git/config', '.git'],
    ['.//.git/./config', '.git'],
    ['sub/.git/x', 'sub/.git'],
  ])('are refused where %j belongs to git', (name, git) => {
    const [problem, ...more] = check([file(name)]).problems;
    expect([problem?.code, problem?.message, more]).toEqual([
      'ARTIFACT_INVALID',
      `"${git}" belongs to git, and may hold the token of the checkout.`,
      [],
    ]);
    const [, cure = ''] = /artifact\.exclude: \["([^"]+)"\]/.exec(problem?.hint ?? '') ?? [];
    expect(
      checkEntries([file(name)], selection({ subdirectory: undefined, exclude: [cure] }), 'kept').problems,
    ).toEqual([]);
  });

  it('are refused once for each .git, and none for a name that only resembles it', () => {
    expect(problems(directory('./.git/'), file('./.git/config'), file('.git/HEAD'), file('sub/.git/x'))).toHaveLength(
      2,
    );
    expect(problems(file('.github/x'), file('.gitignore'), file('a.git/x'), file('.git.d/x'))).toEqual([]);
  });

  it('are not judged where they are not shipped', () => {
    const selected = selection({ subdirectory: './app/', exclude: ['secret*', '**/.git'] });
    const found = [
      file('../x'),
      file('other\n'),
      file('app'),
      directory('app'),
      file('app/ok'),
      link('app/secret', '/etc'),
      file('app/a/.git/config', 0o4000),
      file('application/x'),
    ];
    const { accepted, problems: none } = checkEntries(found, selected, 'kept');
    expect(accepted.map((entry) => entry.path)).toEqual(['ok']);
    expect(none).toEqual([]);
  });
});

describe('clashes', () => {
  it('are files and links above a linked path, not what stands at it', () => {
    const { accepted } = check([
      file('config'),
      link('public', 'config'),
      file('log'),
      directory('tmp'),
      file('tmp/pids'),
      file('REVISION'),
    ]);
    const entries = accepted.map((entry) => (entry.kind === 'file' ? { ...entry, hash: '' } : entry));
    const found = clashes(entries, ['config/master.key', 'public/a/uploads', 'log', 'tmp/pids', 'none/at/all']);
    expect(found.map((problem) => `${problem.code} ${problem.message}`)).toEqual([
      'ARTIFACT_INVALID "config" is a file, but "config/master.key" is to be linked below it.',
      'ARTIFACT_INVALID "public" is a link, but "public/a/uploads" is to be linked below it.',
    ]);
  });
});

describe('an LFS pointer', () => {
  it('is known by its first line', () => {
    expect(pointerProblem('a', 'version https://git-lfs.github.com/spec/v1\noid')?.hint).toContain('lfs: true');
    expect(pointerProblem('a', 'See version https://git-lfs.github.com/spec/v1')).toBeUndefined();
  });
});
