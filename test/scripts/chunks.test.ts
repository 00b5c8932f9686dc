import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../scripts/bundle.ts';
import { chunkNames, loadedChunks, withChunkNames } from '../../scripts/chunks.ts';

const origin = (moduleName: string, request: string) => ({ moduleName, request });
const ssh = origin('./build/actions/job/ports.js', '../../adapters/ssh/transport.js');

function bundle(chunks: Bundle['chunks'], modules: Readonly<Record<string, number>>): Bundle {
  return {
    chunks: [{ id: 792, initial: true, origins: [origin('', 'suite.js')] }, ...chunks],
    modules: Object.entries(modules).map(([name, chunk]) => ({ name, chunks: [chunk] })),
  };
}

describe('the files of the bundle', () => {
  test('are called after what is imported, and the packages of that after it', () => {
    const chunks = [
      { id: 248, initial: false, origins: [ssh] },
      { id: 472, initial: false, origins: [ssh] },
      { id: 413, initial: false, origins: [origin('./build/adapters/github/runs.js', '@actions/github')] },
    ];
    const modules = {
      './build/adapters/ssh/transport.js + 19 modules': 248,
      './node_modules/ssh2/lib/client.js': 472,
      './node_modules/@actions/github/lib/github.js + 3 modules': 413,
    };
    expect(Object.fromEntries(chunkNames(bundle(chunks, modules)))).toEqual({
      248: 'ssh-transport',
      472: 'ssh-transport-packages',
      413: 'actions-github',
    });
  });

  test('say of what several parts need which parts those are', () => {
    const stores = ['aws', 'vault'].map((name) => origin('./build/adapters/stores/open.js', `./${name}.js`));
    const chunks = [
      { id: 1, initial: false, origins: stores },
      { id: 2, initial: false, origins: [...stores, stores[0] ?? ssh] },
    ];
    const modules = { './build/domain/retry.js': 1, './node_modules/jose/index.js': 2 };
    expect([...chunkNames(bundle(chunks, modules)).values()]).toEqual([
      'stores-aws-and-stores-vault-shared',
      'stores-aws-and-stores-vault-packages',
    ]);
  });

  test('may not be called the same', () => {
    const chunks = [1, 2].map((id) => ({ id, initial: false, origins: [ssh] }));
    const modules = { './node_modules/ssh2/a.js': 1, './node_modules/ssh2/b.js': 2 };
    expect(() => chunkNames(bundle(chunks, modules))).toThrow('would be called ssh-transport-packages');
  });
});

describe('the first file', () => {
  test('finds the others by their names', () => {
    const text = 'u = (chunkId) => {\n return "" + chunkId + ".index.js";\n}';
    expect(withChunkNames(text, new Map([['248', 'ssh-transport']]))).toContain(
      'return {"248":"ssh-transport"}[chunkId] + ".js";',
    );
  });

  test('is not touched where ncc writes it in another way', () => {
    expect(() => withChunkNames('return chunkId + ".js"', new Map())).toThrow('0 places');
  });

  test('names what it loads', () => {
    const code =
      'await Promise.all(/* import() */[__nccwpck_require__.e(472), __nccwpck_require__.e(/* import() */ 248)])';
    expect(loadedChunks(code)).toEqual(['472', '248']);
  });
});
