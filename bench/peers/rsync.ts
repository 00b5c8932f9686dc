import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Field } from '../field.ts';
import { rootOf, tree, versionOf } from '../field.ts';
import { runProgram } from '../measure.ts';
import { sshCommand } from './floor.ts';
import { environment, limit, type Peer } from './peer.ts';

/**
 * What many workflows do by hand: rsync a new release, ssh to switch, ssh to restart and prune. All servers at the same
 * time.
 */
export const rsync: Peer = {
  name: 'rsync',
  what: 'a script: rsync -az into a new release, ssh to link and switch, ssh to restart and prune; servers at the same time',
  missing: versionOf('rsync', '--version') === undefined ? 'rsync is missing: apt-get install rsync' : undefined,
  prepare: () => undefined,
  deploy: async (field) => {
    const script = join(field.fixture.folder, 'rsync.sh');
    writeFileSync(script, rsyncScript(field));
    return runProgram(
      { words: ['sh', script], cwd: field.project.path, env: environment(field.fixture.folder) },
      limit,
    );
  },
};

function rsyncScript(field: Field): string {
  const works = field.places.map(({ server, link }) => {
    const ssh = sshCommand(field, link.port);
    const root = rootOf(server, 'rsync');
    const set = `set -e; r=${root}; n=$r/releases/$id`;
    const links = [
      ...tree.linkedDirs.map((path) => `rm -rf $n/${path}; ln -s $r/shared/${path} $n/${path}`),
      'mkdir -p $n/config',
      ...tree.linkedFiles.map((path) => `ln -sf $r/shared/${path} $n/${path}`),
      'ln -s $n $r/next; mv -T $r/next $r/current',
    ].join('; ');
    const restart = `cd $n; ${tree.restart}; cd $r/releases; ls | sort -r | tail -n +${tree.keep + 1} | xargs -r rm -rf`;
    return [
      `rsync -az --exclude=.git -e '${ssh}' ./ 127.0.0.1:${root}/releases/$id/`,
      ...[links, restart].map((commands) => `${ssh} 127.0.0.1 "id=$id; "'${set}; ${commands}'`),
    ].join(' && ');
  });
  return `id=$(date +%Y%m%d%H%M%S%N)\n${works.map((work) => `{ ${work}; } & p="$p $!"`).join('\n')}\nfor i in $p; do wait $i || exit 1; done\n`;
}
