// The real sops and age, which make the files that our reader is compared with.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { find } from '../part.ts';

/** The same place as in build.sh. */
const place = join(
  process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
  'slipway-parts',
  'sops-3.13.3-age-1.3.2',
);

/** What the machine lacks for sops and how to get it; `undefined` where all is there. */
export function missingSops(): string | undefined {
  if (existsSync(join(place, 'sops'))) return undefined;
  const build = 'test/rig/stores/sops/build.sh builds it in two minutes';
  return find('go') === undefined
    ? `go is missing: install Go 1.25 or newer; then ${build}`
    : `sops is missing: ${build}`;
}

export interface AgeKey {
  readonly identity: string;
  readonly recipient: string;
}

/** A new key of age. */
export function ageKey(kind: 'X25519' | 'post-quantum' = 'X25519'): AgeKey {
  const text = run('age-keygen', kind === 'X25519' ? [] : ['-pq']);
  const [identity = ''] = /^AGE-SECRET-KEY-.*$/m.exec(text) ?? [];
  const [, recipient = ''] = /public key: (\S+)/.exec(text) ?? [];
  return { identity, recipient };
}

export type Format = 'yaml' | 'json' | 'dotenv' | 'binary';

/** Of a creation rule of sops: `encrypted_regex`, `mac_only_encrypted` and the like. */
export type Rule = Readonly<Record<string, unknown>>;

/** The text of `input` encrypted by sops for the recipients. */
export function encrypted(
  input: string,
  {
    format,
    recipients,
    rule = {},
  }: { readonly format: Format; readonly recipients: readonly string[]; readonly rule?: Rule },
): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-sops-'));
  try {
    const config = join(folder, 'rules.yaml');
    writeFileSync(config, JSON.stringify({ creation_rules: [{ age: recipients.join(','), ...rule }] }));
    return run('sops', ['--config', config, 'encrypt', ...types(format, format)], input);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What sops itself reads in it, as JSON. */
export function decrypted(input: string, format: Format, identity: string): unknown {
  return JSON.parse(run('sops', ['decrypt', ...types(format, 'json')], input, { SOPS_AGE_KEY: identity }));
}

function types(from: Format, to: Format): readonly string[] {
  return ['--input-type', from, '--output-type', to, '--filename-override', `secrets.${from}`];
}

/** Runs one of the programs with only what it is given in its environment. Throws what it says where it fails. */
export function run(
  program: 'sops' | 'age-keygen',
  words: readonly string[],
  input = '',
  env: Readonly<Record<string, string>> = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(join(place, program), words, {
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', SOPS_DISABLE_VERSION_CHECK: '1', ...env },
    cwd: '/',
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}
