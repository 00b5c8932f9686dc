import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Field } from '../field.ts';
import { rootOf, tree, versionOf } from '../field.ts';
import { runProgram } from '../measure.ts';
import { environment, limit, type Peer } from './peer.ts';

/**
 * The least that the same end state can cost: everything in one exec per server, by OpenSSH, without a check, a lock or
 * a way back.
 */
export const floor: Peer = {
  name: 'floor',
  what: 'git archive, compressed, through one `ssh` per server: release, links, switch, command, prune',
  missing: versionOf('ssh', '-V') === undefined ? 'ssh is missing: apt-get install openssh-client' : undefined,
  prepare: () => undefined,
  deploy: async (field, revision) => {
    const script = join(field.fixture.folder, 'floor.sh');
    writeFileSync(script, floorScript(field));
    return runProgram(
      { words: ['sh', script, revision], cwd: field.project.path, env: environment(field.fixture.folder) },
      limit,
    );
  },
};

function floorScript(field: Field): string {
  const pack =
    versionOf('zstd', '--version') === undefined
      ? { down: 'gzip -1', up: 'gzip -dc' }
      : { down: 'zstd -3 -q', up: 'zstd -dcq' };
  const sends = field.places.map(({ server, link }) => {
    const remote = `set -e; r=${rootOf(server, 'floor')}; n=$r/releases/$(date +%Y%m%d%H%M%S%N); mkdir -p $n; ${pack.up} | tar -xf - -C $n; ${switchCommands}`;
    return `git archive --format=tar "$1" | ${pack.down} | ${sshCommand(field, link.port)} 127.0.0.1 '${remote}'`;
  });
  if (sends.length === 1) return `set -e\n${sends[0]}\n`;
  return `${sends.map((send) => `{ ${send}; } & p="$p $!"`).join('\n')}\nfor i in $p; do wait $i || exit 1; done\n`;
}

/** From a release at `$n` to the end, in the tree `$r`. */
export const switchCommands = [
  ...tree.linkedDirs.map((path) => `rm -rf $n/${path}; ln -s $r/shared/${path} $n/${path}`),
  'mkdir -p $n/config',
  ...tree.linkedFiles.map((path) => `ln -sf $r/shared/${path} $n/${path}`),
  'ln -s $n $r/next; mv -T $r/next $r/current',
  `cd $n; ${tree.restart}`,
  `cd $r/releases; ls | sort -r | tail -n +${tree.keep + 1} | xargs -r rm -rf`,
].join('; ');

/** `ssh` with the key and the host keys of the field and no configuration of anybody. */
export function sshCommand(field: Field, port: number): string {
  const key = join(field.fixture.folder, 'client');
  const known = join(field.fixture.folder, 'known_hosts');
  writeFileSync(known, field.knownHosts);
  chmodSync(key, 0o600);
  return `ssh -F /dev/null -i ${key} -p ${port} -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile=${known}`;
}
