import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDocument, readTrusted } from '../../../src/actions/job/configuration.ts';
import type { Workspace } from '../../../src/ports/workspace.ts';

const config = '.github/slipway.yml';
const smallest = readFileSync(join(import.meta.dirname, '../../domain/config/samples/smallest.yml'), 'utf8');

/** Files that a test names. They need not be those of the workspace: a gated mode reads them from GitHub. */
function files(texts: Readonly<Record<string, string>>): Workspace {
  return { text: async (path) => texts[path] };
}

const choice = { config, stage: undefined, knownHosts: undefined, hosts: '', roles: '' };

describe('the trusted configuration', () => {
  test('has the host keys of the file that it names, unless an input gives them', async () => {
    const both = files({ [config]: smallest, '.github/known_hosts': 'web1 ssh-ed25519 AAAA' });
    expect((await readTrusted(both, choice)).knownHosts).toBe('web1 ssh-ed25519 AAAA');
    expect((await readTrusted(both, { ...choice, knownHosts: 'given' })).knownHosts).toBe('given');
    await expect(readTrusted(files({ [config]: smallest }), choice)).rejects.toMatchObject({
      code: 'KNOWN_HOSTS_INVALID',
    });
  });

  test('takes an artefact from the inputs, and knows all servers beside the chosen ones', async () => {
    const { settings } = await readTrusted(files({ [config]: smallest }), {
      ...choice,
      knownHosts: 'given',
      hosts: 'web1*',
      artifact: 'build/shop.tar.gz',
    });
    expect(settings.artifact.from).toEqual({ kind: 'archive', path: 'build/shop.tar.gz' });
    expect(settings.servers).toHaveLength(1);
    expect(settings.stageServers.length).toBeGreaterThan(1);
  });

  test('has one digest, whatever servers are chosen', async () => {
    const trusted = files({ [config]: smallest });
    const digest = async (hosts: string) =>
      (await readTrusted(trusted, { ...choice, knownHosts: 'given', hosts })).settings.digest;
    expect(await digest('web1*')).toBe(await digest(''));
  });
});

describe('a configuration file', () => {
  test('that is missing is named', async () => {
    await expect(readDocument(files({}), config)).rejects.toMatchObject({
      code: 'CONFIG_MISSING',
      message: `There is no ${config} in the workspace`,
    });
  });

  test('may hold nothing but stores and secrets', async () => {
    const text = 'stores:\n  main: {type: vault}\nsecrets:\n  KEY: main://kv/app#key\n';
    expect((await readDocument(files({ [config]: text }), config)).value).toMatchObject({
      secrets: { KEY: 'main://kv/app#key' },
    });
  });
});
