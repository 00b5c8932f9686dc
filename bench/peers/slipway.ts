import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runJob } from '../../test/rig/job.ts';
import { rootOf, tree } from '../field.ts';
import type { Peer } from './peer.ts';

/** The built action, started as the runner starts it: main, then post. Both count. */
export const slipway: Peer = {
  name: 'Slipway',
  what: 'the built action of dist/, main and post step, started as the runner starts them',
  missing: existsSync(join(import.meta.dirname, '..', '..', 'dist', 'index.js'))
    ? undefined
    : 'dist/ is missing: npm run build',
  prepare: ({ project, places }) => {
    mkdirSync(join(project.path, '.github'), { recursive: true });
    project.configure({
      application: 'bench',
      linked_files: tree.linkedFiles,
      linked_dirs: tree.linkedDirs,
      keep_releases: tree.keep,
      hooks: { published: [{ name: 'restart', run: tree.restart }] },
      stages: {
        test: {
          servers: places.map(({ server, link }) => ({
            name: server.name,
            host: '127.0.0.1',
            port: link.port,
            user: server.user,
            deploy_to: rootOf(server, 'Slipway'),
          })),
        },
      },
    });
  },
  deploy: async (field, revision) => {
    const job = await runJob({
      action: 'deploy',
      workspace: field.project.path,
      with: { 'ssh-private-key': field.fixture.privateKey, 'known-hosts': field.knownHosts, revision },
    });
    const post = job.post;
    return {
      seconds: (job.milliseconds + (post?.milliseconds ?? 0)) / 1000,
      output: job.log,
      succeeded: job.exitCode === 0 && post?.exitCode === 0 ? 'yes' : 'no',
    };
  },
};
