import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Field } from '../field.ts';
import { tree, versionOf } from '../field.ts';
import { runProgram } from '../measure.ts';
import { environment, limit, type Peer } from './peer.ts';

const version = versionOf('cap', '--version');

/** `cap production deploy`. The servers fetch from a git repository on their own disk, which costs no network. */
export const capistrano: Peer = {
  name: 'Capistrano',
  what: `\`cap production deploy\`, ${version ?? ''}; the servers fetch from a git repository on their own disk`,
  missing: version === undefined ? 'cap is missing: apt-get install capistrano' : undefined,
  prepare: (field) => {
    const folder = folderOf(field);
    mkdirSync(join(folder, 'config', 'deploy'), { recursive: true });
    writeFileSync(join(folder, 'Capfile'), capfile);
    writeFileSync(join(folder, 'config', 'deploy.rb'), deployFile(field));
    writeFileSync(join(folder, 'config', 'deploy', 'production.rb'), stageFile(field));
    writeFileSync(join(field.fixture.folder, 'cap_known_hosts'), field.knownHosts);
  },
  deploy: (field, revision) =>
    runProgram(
      {
        words: ['cap', 'production', 'deploy'],
        cwd: folderOf(field),
        env: { ...environment(field.fixture.folder), REVISION: revision },
      },
      limit,
    ),
};

function folderOf(field: Field): string {
  return join(field.fixture.folder, 'capistrano');
}

const capfile = `require "capistrano/setup"
require "capistrano/deploy"
require "capistrano/scm/git"
install_plugin Capistrano::SCM::Git
`;

function deployFile({ fixture, project }: Field): string {
  return `set :application, "bench"
set :repo_url, "${project.path}"
set :branch, ENV.fetch("REVISION")
set :keep_releases, ${tree.keep}
append :linked_files, ${tree.linkedFiles.map((path) => `"${path}"`).join(', ')}
append :linked_dirs, ${tree.linkedDirs.map((path) => `"${path}"`).join(', ')}
set :ssh_options, { keys: ["${join(fixture.folder, 'client')}"], keys_only: true, auth_methods: ["publickey"], config: false,
  user_known_hosts_file: "${join(fixture.folder, 'cap_known_hosts')}", verify_host_key: :always }
namespace :deploy do
  task :restart do
    on release_roles(:all) do
      within(current_path) { execute ${tree.restart
        .split(' ')
        .map((word, at) => (at === 0 ? `:${word}` : `"${word}"`))
        .join(', ')} }
    end
  end
  after :published, :restart
end
`;
}

/** Capistrano has one path for all servers; ours share a disk, but each has a home directory of its own. */
function stageFile({ places }: Field): string {
  const servers = places.map(
    ({ server, link }) => `server "127.0.0.1:${link.port}", user: "${server.user}", roles: %w{app}`,
  );
  return `${servers.join('\n')}\nset :deploy_to, "~/root/Capistrano"\n`;
}
