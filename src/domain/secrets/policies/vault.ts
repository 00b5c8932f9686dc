import type { Reference } from '../reference.ts';
import type { Engine, VaultFacts } from '../store-facts.ts';
import type { Place } from './places.ts';
import { placesOf } from './places.ts';

type Capability = 'read' | 'list' | 'update';

/** HCL for `vault policy write` and `bao policy write`. Reading needs no right on the mount itself. */
export function vaultPolicy(store: VaultFacts, references: readonly Reference[]): readonly string[] {
  const places = placesOf(references);
  const leased = places.some((place) => engineOf(store, place)?.engine === 'leased');
  return [
    ...places.flatMap((place) => rulesFor(store, place)),
    ...(leased ? ['', '# Leases are renewed while the run works.', rule('sys/leases/renew', 'update')] : []),
    '',
    '# The token is revoked when the run ends, and its leases with it.',
    rule('auth/token/revoke-self', 'update'),
  ];
}

function rulesFor(store: VaultFacts, place: Place): readonly string[] {
  if (place.path.split('/').includes('+') || /\*$|\$\{|\{\{/.test(place.path))
    return [`# ${JSON.stringify(place.path)} cannot be named: in policies +, *, \${ and {{ stand for something else.`];
  const found = engineOf(store, place);
  if (found !== undefined) return engineRules(found, place);
  const [mount = '', ...rest] = place.path.split('/');
  const unknown = { mount, below: rest.join('/') };
  return [
    `# What is mounted at ${JSON.stringify(mount)} is not known. Keep the first rule for KV version 1 and for leased secrets, the others for KV version 2;`,
    '# where the mount has more parts, data/ and metadata/ stand behind the last of them.',
    ...engineRules({ ...unknown, engine: 'kv 1' }, place),
    ...engineRules({ ...unknown, engine: 'kv 2' }, place),
  ];
}

interface Mounted {
  readonly mount: string;
  readonly engine: Engine;
  /** The path behind the mount. */
  readonly below: string;
}

/** The longest mount that the path lies in. */
function engineOf(store: VaultFacts, { path }: Place): Mounted | undefined {
  const mounts = [...store.engines].filter(([mount]) => path === mount || path.startsWith(`${mount}/`));
  const [longest] = mounts.toSorted(([one], [other]) => other.length - one.length);
  if (longest === undefined) return undefined;
  const [mount, engine] = longest;
  return { mount, engine, below: path.slice(mount.length + 1) };
}

function engineRules({ mount, engine, below }: Mounted, { extent }: Place): readonly string[] {
  const under = (...parts: readonly string[]) => [...parts, ...(below === '' ? [] : [below])].join('/');
  if (engine !== 'kv 2')
    return extent === 'itself' ? [rule(under(mount), 'read')] : [rule(`${under(mount)}/*`, 'read', 'list')];
  return extent === 'itself'
    ? [rule(under(mount, 'data'), 'read'), rule(under(mount, 'metadata'), 'read')]
    : [rule(`${under(mount, 'data')}/*`, 'read'), rule(`${under(mount, 'metadata')}/*`, 'read', 'list')];
}

function rule(path: string, ...capabilities: readonly Capability[]): string {
  const quoted = JSON.stringify(path);
  return `path ${quoted} { capabilities = [${capabilities.map((capability) => `"${capability}"`).join(', ')}] }`;
}
