import { describe, expect, test } from 'vitest';
import { repairsOf } from '../../../src/domain/fleet/repairs.ts';
import { type Candidate, type HostFacts, isUnchanged, refusals } from '../../../src/domain/release/decision.ts';
import { readFacts, type ServerFacts } from '../../../src/domain/tree/facts.ts';
import { layoutOf } from '../../../src/domain/tree/layout.ts';
import { readLedger } from '../../../src/domain/tree/ledger.ts';
import { readManifest } from '../../../src/domain/tree/manifest.ts';

const [old, live, future] = ['20261119000000', '20261120000000', '20261121000000'] as const;
const [newer, older] = ['b'.repeat(40), 'a'.repeat(40)] as const;
const candidate: Candidate = {
  revision: newer,
  artifact: '1'.repeat(64),
  configuration: '2'.repeat(64),
  stage: 'production',
  repository: 'acme/shop',
  runNumber: 17,
  workflow: 'acme/shop/.github/workflows/deploy.yml',
  servers: ['web1', 'web2', 'web9'],
};
const record = { release: live, ...candidate };
const ledger = (...lines: readonly Readonly<Record<string, string>>[]): ServerFacts['ledger'] =>
  readLedger(lines.map((line) => JSON.stringify(line)).join('\n'));
const proven = ledger({ release: old, event: 'healthy' }, { release: live, event: 'healthy' });
const healthy: ServerFacts = {
  ...readFacts(new Map(), layoutOf('/srv/shop')),
  current: { kind: 'release', release: live, revision: newer },
  releases: [old, live],
  ledger: proven,
  manifest: readManifest(JSON.stringify(record)),
};
const host = (server: string, more: Partial<ServerFacts> = {}): HostFacts => ({
  server,
  facts: { ...healthy, ...more },
});
const on = (release: string, more: Partial<ServerFacts> = {}): Partial<ServerFacts> => ({
  current: { kind: 'release', release, revision: newer },
  ...more,
});
const never = () => 'no' as const;

describe('a deploy changes nothing', () => {
  test('where the same is live and healthy on every server', () => {
    expect(isUnchanged(candidate, [host('web1'), host('web2')]).unchanged).toBe('unchanged');
  });

  test('where a server that others list as out of sync was removed from the configuration', () => {
    const told = {
      ledger: ledger({ release: live, event: 'healthy' }, { release: live, event: 'absent', server: 'web8' }),
    };
    expect(isUnchanged(candidate, [host('web1', told), host('web2', told)]).unchanged).toBe('unchanged');
  });

  const differences: readonly (readonly [string, Partial<ServerFacts>])[] = [
    ['nothing is live', { current: { kind: 'none' } }],
    ['its REVISION cannot be read', { current: { kind: 'release', release: live, revision: undefined } }],
    ['it has no record', { manifest: undefined }],
    ['the record is of another release', { manifest: readManifest(JSON.stringify({ ...record, release: old })) }],
    ['the record is of another stage', { manifest: readManifest(JSON.stringify({ ...record, stage: 'staging' })) }],
    ['the files are others', { manifest: readManifest(JSON.stringify({ ...record, artifact: '3'.repeat(64) })) }],
    [
      'the configuration is another',
      { manifest: readManifest(JSON.stringify({ ...record, configuration: '3'.repeat(64) })) },
    ],
    ['it was never healthy', { ledger: ledger({ release: live, event: 'live' }) }],
    [
      'others are out of sync',
      { ledger: ledger({ release: live, event: 'healthy' }, { release: live, event: 'absent', server: 'web9' }) },
    ],
  ];

  test.each(differences)('but not where on one server %s', (_, more) => {
    expect(isUnchanged(candidate, [host('web1'), host('web2', more)])).toMatchObject({
      unchanged: 'changed',
      because: expect.stringContaining('web2'),
    });
  });
});

describe('a revision is refused', () => {
  const codes = (hosts: readonly HostFacts[], ancestry: Parameters<typeof refusals>[2] = never) =>
    refusals(candidate, hosts, ancestry).map(({ code, server }) => `${code} ${server}`);

  test('where any server holds it, what it comes from, or a list that cannot be read', () => {
    expect(codes([host('web1'), host('web2', { held: [newer] })])).toEqual(['REVISION_HELD web2']);
    expect(
      codes([host('web1', { quarantined: [older] })], (one, other) =>
        one === older && other === newer ? 'yes' : 'no',
      ),
    ).toEqual(['REVISION_HELD web1']);
    expect(codes([host('web1', { held: 'all' })])).toEqual(['REVISION_HELD web1']);
    expect(codes([host('web1', { held: [older] })])).toEqual([]);
  });

  test('with a word about the list, where that cannot be read', () => {
    const [refused] = refusals(candidate, [host('web1', { quarantined: 'all' })], never);
    expect(refused?.hint).toBe(
      'Fix `.slipway/quarantine.json` on that server, or remove it if nothing is meant to be in quarantine.',
    );
  });

  test('where it is older than what is live', () => {
    expect(
      codes([host('web1', { current: { kind: 'release', release: live, revision: older } })], () => 'yes'),
    ).toEqual(['POLICY_DOWNGRADE web1']);
  });

  test('where a later run of the same workflow made what is live, and only then', () => {
    const other = (more: object): Partial<ServerFacts> => ({
      current: { kind: 'release', release: live, revision: older },
      manifest: readManifest(JSON.stringify({ ...record, revision: older, runNumber: 99, ...more })),
    });
    expect(codes([host('web1', other({}))])).toEqual(['POLICY_DOWNGRADE web1']);
    for (const more of [
      { workflow: 'acme/shop/.github/workflows/other.yml' },
      { workflow: '' },
      { repository: 'acme/other' },
      { runNumber: 16 },
      { runNumber: 1e308 },
      { release: old },
    ])
      expect(codes([host('web1', other(more))])).toEqual([]);
  });
});

describe('before a deploy', () => {
  const standing = (server: string) => ({ release: live, event: 'in_doubt', server });

  test('a server that was left half live goes to what the fleet runs', () => {
    const half = host(
      'web3',
      on(future, {
        releases: [old, live, future],
        ledger: ledger({ release: live, event: 'healthy' }, { release: future, event: 'live' }),
      }),
    );
    expect(repairsOf([host('web1'), host('web2'), half])).toMatchObject([{ server: 'web3', from: future, to: live }]);
  });

  test('a server that others list as out of sync goes to what most run', () => {
    const told = { ledger: ledger({ release: live, event: 'healthy' }, standing('web3')) };
    expect(repairsOf([host('web1', told), host('web2', told), host('web3', on(old))])).toMatchObject([
      { server: 'web3', to: live },
    ]);
  });

  test('one server alone moves no other, whatever it says of it', () => {
    const liar = host(
      'web1',
      on(future, { releases: [future], ledger: ledger({ release: future, event: 'healthy' }, standing('web2')) }),
    );
    const honest = host('web2', {
      releases: [old, live, future],
      ledger: ledger(
        { release: old, event: 'healthy' },
        { release: live, event: 'healthy' },
        { release: future, event: 'healthy' },
      ),
    });
    expect(repairsOf([liar, honest])).toEqual([]);
  });

  test('a fleet that agrees, and one that runs what nobody recorded, is left alone', () => {
    expect(repairsOf([host('web1'), host('web2')])).toEqual([]);
    expect(repairsOf([host('web1'), host('web2', on('20261118000000'))])).toEqual([]);
  });
});
