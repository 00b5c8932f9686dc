import { describe, expect, test } from 'vitest';
import { isDone, type Resumer, resumption } from '../../../src/domain/release/resume.ts';
import { readFacts, type ServerFacts } from '../../../src/domain/tree/facts.ts';
import { layoutOf } from '../../../src/domain/tree/layout.ts';

const live = '20261120120000';
const release = '20261121193711';
const resumer: Resumer = {
  repository: 'octo/shop',
  run: '1001',
  job: 'deploy',
  stage: 'production',
  revision: 'b'.repeat(40),
  artifact: 'd'.repeat(64),
  configuration: 'c'.repeat(64),
};
const record = { version: 1, release, previous: live, attempt: 1, runNumber: 17, ...resumer };

interface Server {
  /** Events of the release, or `once: TITLE`. */
  readonly events?: readonly string[];
  readonly record?: Readonly<Record<string, unknown>> | undefined;
  readonly live?: string;
  readonly more?: Readonly<Record<string, string>>;
}

/** What a server says that has the release prepared, unless `server` says otherwise. */
function facts(server: Server = {}): ServerFacts {
  const { events = ['preparing', 'prepared'], more = {} } = server;
  const line = (event: string): string =>
    JSON.stringify({
      at: '',
      by: 'octocat',
      run: '1001.1',
      release,
      ...(event.startsWith('once: ') ? { event: 'preparing', once: event.slice(6) } : { event }),
    });
  const told = {
    current: `link /srv/shop/releases/${server.live ?? live}`,
    releases: `${live}\n${release}`,
    ledger: events.map(line).join('\n'),
    ...('record' in server && server.record === undefined
      ? {}
      : { unfinished: JSON.stringify({ ...record, ...server.record }) }),
    ...more,
  };
  return readFacts(new Map(Object.entries(told)), layoutOf('/srv/shop'));
}

function decide(...servers: readonly Server[]): ReturnType<typeof resumption> {
  return resumption(
    resumer,
    servers.map((server, index) => ({ server: `s${index + 1}`, facts: facts(server) })),
  );
}

/** A server to which the release never came. */
const without: Server = { events: [], record: undefined, more: { releases: live } };

describe('an unfinished release is resumed', () => {
  test('by another attempt of the same job with the same files and configuration', () => {
    expect(decide({})).toMatchObject({
      resumed: { release, ready: new Set(['s1']) },
      because: expect.stringContaining('is resumed'),
    });
  });

  test.each<[string, Server]>([
    ['it never came', without],
    [
      'it was being unpacked',
      { events: ['preparing'], record: undefined, more: { releases: live, incoming: release } },
    ],
    ['its hooks had not ended', { events: ['preparing'] }],
  ])('and made where %s', (_, server) => {
    expect(decide({}, server).resumed).toMatchObject({ release, ready: new Set(['s1']) });
  });

  test('also where it is complete nowhere, for the hooks that ran once', () => {
    const { resumed } = decide({ events: ['preparing', 'once: updated: migrate'] });
    expect(resumed?.ready).toEqual(new Set());
    expect(isDone(resumed, { server: 's1', point: 'updated', name: 'migrate' })).toBe(true);
    expect(isDone(resumed, { server: 's1', point: 'updated', name: 'build' })).toBe(false);
  });
});

describe('a new release is made', () => {
  test.each<[string, Server, RegExp]>([
    ['another run left it', { record: { run: '1000' } }, /another run/],
    ['another repository left it', { record: { repository: 'octo/blog' } }, /another run/],
    ['another job of the run left it', { record: { job: 'deploy-eu' } }, /another job/],
    ['it is of another stage', { record: { stage: 'staging' } }, /another job or stage/],
    ['it holds other files', { record: { artifact: 'e'.repeat(64) } }, /other files/],
    ['it is of another revision', { record: { revision: 'a'.repeat(40) } }, /other files/],
    ['the configuration is another', { record: { configuration: 'e'.repeat(64) } }, /another configuration/],
    ['another release went live since', { live: '20261121100000' }, /went live since/],
    ['it failed', { events: ['preparing', 'failed'] }, /it is failed/],
    ['it was live already', { events: ['preparing', 'prepared', 'live'] }, /it is live/],
    ['it is live now', { live: release }, /it is live/],
    ['the ledger does not know it', { events: [] }, /ledger/],
  ])('where %s', (_, server, because) => {
    const both = [decide({}, server), decide(server, {})];
    for (const decision of both)
      expect(decision).toEqual({ resumed: undefined, because: expect.stringMatching(because) });
  });

  test.each<[string, Server]>([
    ['nothing is unfinished', without],
    ['a newer release is known', { more: { failed: '20261121200000' } }],
    ['the record cannot be read', { more: { unfinished: '{' } }],
  ])('without a word where %s', (_, server) => {
    expect(decide(server)).toEqual({ resumed: undefined, because: undefined });
  });
});

describe('a hook is not run again', () => {
  const resumed = { release, ready: new Set(['s1']), done: new Map([['s2', ['publishing: migrate']]]) };

  test.each<[string, 'updating' | 'updated' | 'publishing', string, boolean]>([
    ['s1', 'updating', 'build', true],
    ['s1', 'updated', 'build', true],
    ['s1', 'publishing', 'migrate', false],
    ['s2', 'updated', 'build', false],
    ['s2', 'publishing', 'migrate', true],
    ['s3', 'publishing', 'migrate', false],
  ])('on %s, %s: %s is %s', (server, point, name, expected) => {
    expect(isDone(resumed, { server, point, name })).toBe(expected);
  });

  test('only where something is resumed', () => {
    expect(isDone(undefined, { server: 's1', point: 'updated', name: 'build' })).toBe(false);
  });
});
