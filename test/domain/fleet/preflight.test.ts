import { expect, test } from 'vitest';
import type { Settings } from '../../../src/domain/config/settings.ts';
import { noticesOf, problemsOf } from '../../../src/domain/fleet/preflight.ts';
import type { Server } from '../../../src/domain/server.ts';
import { readFacts, type ServerFacts } from '../../../src/domain/tree/facts.ts';
import { layoutOf } from '../../../src/domain/tree/layout.ts';

const server: Server = {
  name: 'web1',
  host: 'web1',
  port: 22,
  user: 'deploy',
  deployTo: '/srv/shop',
  roles: [],
  labels: {},
  primary: 'ordinary',
  release: 'release',
};
const settings = { linkedFiles: ['.env'], limits: { minFreeDisk: 1000, minFreeInodes: 10 } } as unknown as Settings;
const good = new Map([
  ['now', '1000'],
  ['writable', 'yes'],
  ['current', 'none'],
  ['disk', 'x 9 1 9 1% /'],
  ['inodes', 'x 99 1 99 1% /'],
]);
const facts = (more: Readonly<Record<string, string>>): ServerFacts =>
  readFacts(new Map([...good, ...Object.entries(more)]), layoutOf('/srv/shop'));
const problems = (more: Readonly<Record<string, string>>): string[] =>
  problemsOf(server, facts(more), settings).map(({ code }) => code);

test('a server that has all that is needed has no problem', () => {
  expect(problems({})).toEqual([]);
});

test.each([
  ['TOOL_MISSING', { missing: 'tar gzip ' }, 2],
  ['LINKED_FILE_MISSING', { unlinked: '.env\n' }, 1],
  ['DEPLOY_TO_DENIED', { writable: 'no' }, 1],
  ['CURRENT_NOT_A_LINK', { current: 'other' }, 1],
  ['TREE_FOREIGN', { untrusted: 'releases\n.slipway' }, 2],
  ['DISK_FULL', { disk: 'x 9 9 0 100% /', inodes: 'x 99 95 4 96% /' }, 2],
] as const)('%s is found before anything is changed', (code, more, count) => {
  expect(problems(more)).toEqual(new Array(count).fill(code));
});

test('the tree belongs to the user of `become`, where there is one', () => {
  const [problem] = problemsOf(server, facts({ writable: 'no' }), { ...settings, become: 'shop' });
  expect(problem).toMatchObject({
    code: 'DEPLOY_TO_DENIED',
    hint: 'Create `deploy_to` on that server and give it to shop, the user of `become`.',
  });
});

test('all problems of a server are told together, each with its server', () => {
  const found = problemsOf(server, facts({ missing: 'tar', writable: 'no', unlinked: '.env' }), settings);
  expect(found).toHaveLength(3);
  for (const problem of found) expect(problem.server).toBe('web1');
});

test('a server can lack only what was asked for', () => {
  expect(
    problems({ missing: 'x '.repeat(100_000), unlinked: `${'a\n'.repeat(100_000)}`, untrusted: '/etc\n' }),
  ).toEqual([]);
});

test('room that the file system does not tell is no problem', () => {
  expect(problems({ disk: 'none', inodes: '' })).toEqual([]);
});

test('a clock that is off, strange names and torn records are worth a word', () => {
  expect(noticesOf(server, facts({}), 1000)).toEqual([]);
  expect(noticesOf(server, facts({}), 2000)).toEqual([expect.stringContaining('1000 s behind')]);
  expect(
    noticesOf(server, facts({ releases: 'old\n20261121193711\ncurrent', stale: 'yes', ledger: 'x\nx' }), 1000),
  ).toHaveLength(4);
});
