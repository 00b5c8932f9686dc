import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { renderGoals } from '../bench/goals.ts';
import { openLink } from '../bench/link.ts';
import type { Sample } from '../bench/measure.ts';
import { type CellResult, ratioOf, spreadOf } from '../bench/statistics.ts';
import { renderResults } from '../bench/table.ts';
import { filesOf, workloads } from '../bench/workload.ts';

const sample = (seconds: number): Sample => ({
  seconds,
  cpu: 0.5,
  bytes: { up: 190_000, down: 20_000 },
  connections: 1,
  execs: 6,
});

const cell: CellResult = {
  name: 'W1, 1 server, 40 ms',
  fared: [
    { peer: 'Slipway', first: [sample(1.2)], again: [sample(1), sample(0.9), sample(1.4)], faults: [] },
    { peer: 'floor', first: [sample(1)], again: [sample(0.8), sample(0.8), sample(0.7)], faults: [] },
    { peer: 'Capistrano', first: [], again: [sample(4), sample(5), sample(8)], faults: ['version 2: refused'] },
  ],
};

function digest(files: Iterable<{ readonly path: string; readonly content: Buffer }>): string {
  const hash = createHash('sha256');
  for (const { path, content } of files) hash.update(`${path} ${content.length}\n`).update(content);
  return hash.digest('hex');
}

describe('the workloads', () => {
  test('are the same bytes on every machine', () => {
    expect(digest(filesOf(workloads.W1, 1))).toMatchInlineSnapshot(
      `"ae7bce1ef7323e25120174f3a51881c476fbdbe0e734671e38bc3cf2db1e71c0"`,
    );
    expect(digest(filesOf(workloads.W1, 2))).toMatchInlineSnapshot(
      `"436ebea366573dce19b040952a2e3be93157ad1af07f7f89d25e72197503f837"`,
    );
  });

  test('have the number of files and the bytes that they say', () => {
    const files = [...filesOf(workloads.W1, 1)];
    expect(new Set(files.map(({ path }) => path)).size).toBe(50);
    expect(files.reduce((sum, { content }) => sum + content.length, 0)).toBe(500_000);
  });

  test('change 1 % of the files with each version, other ones each time', () => {
    const changed = (version: number) => [...filesOf(workloads.W2, version)].map(({ path }) => path);
    expect(changed(2)).toHaveLength(20);
    expect(changed(3).filter((path) => changed(2).includes(path))).toEqual([]);
  });
});

describe('the report', () => {
  test('takes the median of an odd and of an even number, and shows the spread', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3, n: 3 });
    expect(spreadOf([4, 1, 2, 3])?.median).toBe(2.5);
    expect(spreadOf([])).toBeUndefined();
    expect(ratioOf(spreadOf([1]), undefined)).toBeUndefined();
  });

  test('shows every peer of a cell, with what Slipway needs of its time', () => {
    expect(`\n${renderResults([cell])}\n`).toMatchInlineSnapshot(`
      "
      | cell                | peer       | n | again s | least–most | Slipway ÷ | first s | CPU s | conns | execs | up MB | down MB | faults |
      |---------------------|------------|---|---------|------------|-----------|---------|-------|-------|-------|-------|---------|--------|
      | W1, 1 server, 40 ms | Slipway    | 3 | 1.00    | 0.90–1.40  |           | 1.20    | 0.50  | 1     | 6     | 0.19  | 0.02    |        |
      | W1, 1 server, 40 ms | floor      | 3 | 0.80    | 0.70–0.80  | 1.25      | 1.00    | 0.50  | 1     | 6     | 0.19  | 0.02    |        |
      | W1, 1 server, 40 ms | Capistrano | 3 | 5.00    | 4.00–8.00  | 0.20      | –       | 0.50  | 1     | 6     | 0.19  | 0.02    | 1      |
      "
    `);
  });

  test('shows each goal as met, not met or not measured', () => {
    const goals = renderGoals({
      cells: new Map([[cell.name, cell]]),
      coldStart: { ours: spreadOf([0.13]), core: undefined },
    });
    expect(`\n${goals}\n`).toMatchInlineSnapshot(`
      "
      | work                                      | against                   | goal   | found | verdict                               |
      |-------------------------------------------|---------------------------|--------|-------|---------------------------------------|
      | deploy W1, 1 server, 40 ms                | Capistrano                | ≤ 0.20 | 0.20  | met                                   |
      | deploy W1, 1 server, 40 ms                | mina                      | ≤ 1.00 |       | not measured: it needs RubyGems       |
      | deploy W1, 1 server, 40 ms                | floor                     | ≤ 1.50 | 1.25  | met                                   |
      | rollback, 1 and 20 servers, 40 ms         | Capistrano                | ≤ 0.25 |       | not measured: a later version does it |
      | redeploy W3, 40 ms, 100 Mbit/s            | rsync                     | ≤ 0.50 |       | not measured                          |
      | first deploy W3, 40 ms, 100 Mbit/s        | floor, first              | ≤ 1.20 |       | not measured                          |
      | 5 servers / 1 server, W1, 40 ms           | Slipway, 1 server         | ≤ 2.00 |       | not measured                          |
      | 20 servers / 1 server, W1, 40 ms          | Slipway, 1 server         | ≤ 2.00 |       | not measured                          |
      | 200 servers                               | 300 MB, 12 ms of CPU each | ≤ 1.00 |       | not measured here                     |
      | 30 secrets in 3 stores                    | one after another         | ≤ 0.20 |       | not measured: a later version does it |
      | cold start, nothing to do (the post step) | only @actions/core        | ≤ 1.30 |       | not measured                          |
      "
    `);
  });
});

describe('the link', () => {
  test('passes all bytes on in order, in both directions, and counts them', async () => {
    const echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const { port } = echo.address() as { port: number };
    const sent = Buffer.concat([...filesOf(workloads.W1, 1)].map(({ content }) => content));
    {
      await using link = await openLink({ port, roundTrip: 4, rate: 50e6 });
      const client = connect(link.port, '127.0.0.1');
      client.end(sent);
      const back = await new Promise<Buffer>((resolve, reject) => {
        const parts: Buffer[] = [];
        client
          .on('data', (part: Buffer) => parts.push(part))
          .on('end', () => resolve(Buffer.concat(parts)))
          .on('error', reject);
      });
      expect(back.equals(sent)).toBe(true);
      expect(link.passed).toEqual({ up: sent.length, down: sent.length });
    }
    await new Promise((resolve) => echo.close(resolve));
  });
});
