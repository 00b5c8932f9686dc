import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serverPrograms } from '../../scripts/server-programs.ts';
import { lacking, suite } from '../rig/part.ts';

const root = join(import.meta.dirname, '..', '..');
const paths = globSync('src/**/*.sh', { cwd: root }).sort();
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('the shell of servers', () => {
  test('is bundled as its files stand', () => {
    const files = paths.map((path) => ({ path, text: read(path) }));
    expect(serverPrograms(files)).toBe(read('src/generated/programs.ts'));
  });

  test('is bundled without its comments, and with what it includes in the place of that line', () => {
    const files = [
      { path: 'a/look.sh', text: '# $1 root.\n. ./say.sh\n  # why\nsay "$1" # here\n' },
      { path: 'a/say.sh', text: '# Says it.\nsay() { printf \'#%s\\n\' "$1"; }\n' },
    ];
    const say = `"say() { printf '#%s\\\\n' \\"$1\\"; }`;
    expect(serverPrograms(files)).toContain(`  "look": ${say}\\nsay \\"$1\\" # here",\n  "say": ${say}",\n`);
  });

  test('is bundled as it stands where it is a script of its own', () => {
    expect(serverPrograms([{ path: 'a/go.sh', text: '#!/bin/sh\n# Goes.\ngo\n' }])).toContain(
      '  "go": "#!/bin/sh\\n# Goes.\\ngo\\n",\n',
    );
  });

  test('is refused where a file is missing, or two have one name', () => {
    expect(() => serverPrograms([{ path: 'a/look.sh', text: '. ./say.sh\n' }])).toThrow(
      'a/look.sh: there is no say.sh',
    );
    const twice = ['a/look.sh', 'b/look.sh'].map((path) => ({ path, text: 'true\n' }));
    expect(() => serverPrograms(twice)).toThrow('two shell files are called look.sh');
  });
});

suite('each shell file', lacking('shellcheck'), () => {
  test.each(paths)('%s has no fault that shellcheck knows', (path) => {
    const { status, stdout } = spawnSync('shellcheck', ['--format=gcc', path], { cwd: root, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});
