import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes } from '../../../src/domain/artifact/byte-order.ts';
import { digestText, lists } from '../../../src/domain/artifact/listing.ts';
import type { Entry } from '../../../src/domain/artifact/manifest.ts';
import { runs } from '../../rig/runs.ts';

const entries: readonly Entry[] = [
  { kind: 'directory', path: 'a dir', mode: 0o755 },
  { kind: 'file', path: 'a dir/back\\slash', mode: 0o600, size: 1, hash: 'ff' },
  { kind: 'link', path: 'link -> x', target: 'a dir' },
  { kind: 'file', path: 'run', mode: 0o755, size: 1, hash: '00' },
];

describe('the lists of a manifest', () => {
  it('are what stat, sha256sum and readlink say, sorted by line', () => {
    expect(lists(entries)).toEqual({
      entries: '41ed ./a dir\n8180 ./a dir/back\\slash\n81ed ./run\na1ff ./link -> x\n',
      hashes: '00  ./run\nff  ./a dir/back\\slash\n',
      links: './link -> x\ta dir\n',
    });
    expect(lists([])).toEqual({ entries: '', hashes: '', links: '' });
  });

  it('give one digest text, in which every part stands alone', () => {
    expect(digestText(entries)).toBe(
      'directory\t755\t\ta dir\nfile\t600\tff\ta dir/back\\slash\nlink\t\ta dir\tlink -> x\nfile\t755\t00\trun\n',
    );
  });
});

describe('byte order', () => {
  it('is that of sort in the C locale', () => {
    const line = fc
      .string({ unit: 'binary', maxLength: 6 })
      .filter((text) => text.isWellFormed() && !/[\n\0]/.test(text));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, fc.constantFrom('\uffee', '😀', 'a', 'a/', 'a-', 'ab')), {
          minLength: 1,
          maxLength: 20,
        }),
        (lines) => {
          const sorted = execFileSync('sort', {
            input: `${lines.join('\n')}\n`,
            encoding: 'utf8',
            env: { PATH: process.env['PATH'], LC_ALL: 'C' },
          });
          expect(`${lines.toSorted(compareBytes).join('\n')}\n`).toBe(sorted);
        },
      ),
      { numRuns: runs(50) },
    );
  });
});
