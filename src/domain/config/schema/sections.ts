import { deliver as delivered } from './deliver.ts';
import { health } from './health.ts';
import { hooks } from './hooks.ts';
import { audit, deploy, rollback } from './policy.ts';
import { secrets } from './secrets.ts';
import { stores } from './stores.ts';
import {
  absolutePath,
  archivePath,
  environmentName,
  environmentValue,
  glob,
  jumps,
  releasePath,
  user,
  workspacePath,
} from './value-types.ts';
import { choice, dictionary, duration, flag, later, list, map, notYet, share, size, whole } from './vocabulary.ts';

const artifact = map({
  git: flag()
    .optional()
    .describe(
      'The revision as `git archive` would export it from the checked-out workspace (export-ignore and export-subst are honoured). What is shipped when nothing else is named.',
    ),
  path: workspacePath().optional().describe('A directory of the workspace that an earlier step built.'),
  archive: archivePath()
    .refine((value) => !value.endsWith('.tar.zst'), notYet)
    .optional()
    .describe('An archive in the workspace: .tar, .tar.gz or .tgz. (.tar.zst comes later.)'),
  subdirectory: workspacePath()
    .optional()
    .describe('Only this directory of it is shipped (`repo_tree` of Capistrano).'),
  exclude: list(glob()).prefault([]).describe('Patterns of paths that are not shipped.'),
  url: later().describe('An archive from elsewhere.'),
  attestation: later().describe('Whether the artefact must be attested.'),
});

const ssh = map({
  user: user().optional().describe('The user to log in as, where a server names none.'),
  port: whole(1, 65_535).prefault(22).describe('The port, where a server names none.'),
  known_hosts: workspacePath()
    .prefault('.github/known_hosts')
    .describe(
      'The known_hosts file in the repository. The input `known-hosts` replaces it. Nothing accepts an unknown key.',
    ),
  jump: jumps()
    .optional()
    .describe(
      'Bastions between the runner and the servers, comma separated, nearest first: `user@host:port`. The user is `ssh.user` and the port 22 where they are left out.',
    ),
  connect_timeout: duration('1s', '10m').prefault('15s').describe('From the first packet to the end of the login.'),
  retries: whole(0, 10)
    .prefault(2)
    .describe('Of the connection only: never of a login that was refused, never of a command.'),
  max_connecting: whole(1, 100).prefault(8).describe('Logins at the same time, on one target or bastion.'),
  certificate: later().describe('A short-lived key that Vault signs in place of a stored one.'),
});

const strategy = map({
  max_parallel: whole(1, 1000).prefault(25).describe('Servers that are worked on at the same time.'),
  batches: list(share(1, 100))
    .min(1, { error: 'expected at least one batch' })
    .prefault(['100%'])
    .describe(
      'How many servers have been switched when each batch is done, as counts or shares of all; the last is `100%`. `[1, 25%, 100%]` switches one, then as many as make a quarter, then the rest. A batch is healthy before the next begins.',
    ),
  wait: duration('0s', '1d').prefault('0s').describe('Pause after each healthy batch but the last.'),
  unreachable_allowed: share(0, 50)
    .prefault(0)
    .describe(
      'Servers that may be left out because they cannot be reached; never one on which alone a hook with `once` runs.',
    ),
  host_deadline: duration('10s', '1d')
    .prefault('3m')
    .describe(
      'What all health checks of one server may take together, whatever their own `deadline` says; also the most that one of our own steps of the switch may take. Hooks have their own timeout.',
    ),
});

const limits = map({
  command_timeout: duration('1s', '1d').prefault('10m').describe('For every command that names no timeout of its own.'),
  idle_timeout: duration('1s', '1d')
    .optional()
    .describe('End a hook on a server that printed nothing for so long. Off without it: silence alone is no failure.'),
  min_free_disk: size('0MB', '1000TB')
    .prefault('500MB')
    .describe('What must be free on the file system of `deploy_to` before the upload.'),
  min_free_inodes: whole(0, 1_000_000_000)
    .prefault(10_000)
    .describe('The same for inodes, where the file system counts them.'),
});

const lock = map({
  wait: duration('0s', '1d').prefault('15m').describe('How long to wait for another run to end.'),
  lease: duration('2m', '1d')
    .prefault('10m')
    .describe('How long a lock that is not renewed stays valid, where GitHub cannot say whether its run has ended.'),
});

/** Every key that both the file and a stage may hold. */
export const sections = {
  deploy_to: absolutePath()
    .optional()
    .describe('The directory on the servers that holds `current`, `releases` and `shared`.'),
  keep_releases: whole(1, 1000)
    .prefault(5)
    .describe('Healthy releases to keep. The live one, the one before it and those on hold are never removed.'),
  engine: choice(['native', 'capistrano'])
    .refine((value) => value === 'native', notYet)
    .prefault('native')
    .describe('`capistrano`, which runs the project’s own `bundle exec cap`, comes later.'),
  artifact: artifact.optional().describe('What is shipped: exactly one of `git`, `path` and `archive`.'),
  linked_files: list(releasePath())
    .prefault([])
    .describe('Files that releases share: links into `shared/`. They must exist there; an empty one is never made.'),
  linked_dirs: list(releasePath())
    .prefault([])
    .describe('Directories that releases share: links into `shared/`, where they are made when they are missing.'),
  mutable: list(glob())
    .prefault([])
    .describe(
      'What the application itself writes inside its release; left out of the list that shows whether a release was changed.',
    ),
  default_env: dictionary(environmentName(), environmentValue())
    .prefault({})
    .describe('Environment of the hooks. Not for secrets.'),
  ssh: ssh.prefault({}).describe('How servers are connected to.'),
  become: map({ user: user().describe('The user that programs run as, by `sudo -n -u`.') })
    .optional()
    .describe('Run everything as another user than the one that logs in. A convenience, not a boundary.'),
  strategy: strategy
    .prefault({})
    .describe('In what order, how many at a time and with which deadlines servers are switched.'),
  limits: limits.prefault({}).describe('What a server must have and a command may take.'),
  hooks: hooks.prefault({}).describe('Commands of the project, by hook point.'),
  health: health.prefault([]).describe('Health checks. Without one, a release is healthy when `current` points at it.'),
  lock: lock.prefault({}).describe('The lock on the servers.'),
  rollback: rollback.optional().describe('The policy of rollbacks. Read and checked; used when rollbacks come.'),
  deploy: deploy
    .optional()
    .describe(
      'The policy of deploys. `self_approval` and `admin_bypass` are read and checked; they have an effect when gated deploys come.',
    ),
  audit: audit.optional().describe('Where records go. `required` is read and checked; used when audit comes.'),
  summary: map({
    servers: choice(['names', 'numbers'])
      .optional()
      .describe('How servers are called in the summary. Default: `numbers` in public repositories, else `names`.'),
  })
    .prefault({})
    .describe('The summary of the job.'),
  stores: stores.prefault({}).describe('Stores of secrets, by name. The store `env` is there already.'),
  secrets: secrets.prefault({}).describe('Secrets and where they come from, by name; `NAME_*` names many.'),
  secrets_deadline: duration('1s', '1h')
    .prefault('60s')
    .describe('For all stores together. Where a secret has a `fallback`, its first store gets half of it.'),
  deliver: delivered.prefault([]).describe('Files on the servers that are made of secrets.'),
  leak_guard: choice(['off', 'warn', 'fail'])
    .prefault('fail')
    .describe('What it means when a fetched secret stands in what is shipped.'),
  leak_guard_ignore: list(glob()).prefault([]).describe('Patterns of paths that the leak guard leaves out.'),
  freeze: later().describe('Times at which nothing is deployed.'),
} as const;
