/**
 * What to do about each kind of failure. The keys are the closed list of codes; `docs/troubleshooting.md` is made from
 * it.
 */
export const remedies = {
  ARTIFACT_EMPTY:
    'Check `artifact` in the configuration, and that an earlier step checked out or built what is shipped.',
  ARTIFACT_INVALID:
    'Remove or replace the named entries; a release holds regular files, directories and links that stay inside it.',
  ARTIFACT_MISMATCH:
    'Run the deploy again. If it happens again, look at the disk of that server and at what else writes below `.slipway`.',
  AUTH_REFUSED:
    'Check the user name, that the public half of this key is in its `authorized_keys`, and the log of sshd on the server.',
  BUG: 'This is a fault of Slipway. Please report it with the log of this job.',
  CANCELLED:
    'If the summary says that every server was reverted or never switched, there is nothing to do. Otherwise the post step continues: read its log, then run again.',
  CLOCK_AHEAD: 'Set the clock of the named server, or remove the release directory that carries a date in the future.',
  CONFIG_FOREIGN: 'Write a Slipway configuration at this path; docs/configuration.md shows the smallest one.',
  CONFIG_INVALID: 'Fix the named lines of the configuration; docs/configuration.md lists every key.',
  CONFIG_MISSING: 'Check out the repository before this step, or name the file with the input `config`.',
  CONNECTION_LOST:
    'It is not known whether the last step ended. Check the server, then run again: the next run reads the state that it finds there.',
  CURRENT_NOT_A_LINK:
    'Move that directory into `releases/` under a 14-digit name, and make `current` an absolute link to it.',
  DEPLOY_TO_DENIED: 'Create `deploy_to` on that server and give it to the user that Slipway logs in as.',
  DISK_FULL: 'Free space or inodes on the file system of `deploy_to`, then deploy again.',
  HEALTH_UNKNOWN:
    'The health check could not be run, so nothing was reverted. Find out whether the service answers, then deploy again.',
  HOOK_FAILED: 'Read the output of the hook in the log, fix it, and deploy again.',
  HOOK_TIMEOUT:
    'Give the hook a longer `timeout`, or find out why it hangs. Whatever left its session, as under systemd, docker or `setsid`, is still running.',
  HOST_CERTIFICATE: 'Add the plain key of the server to known_hosts; `@cert-authority` lines are not supported yet.',
  HOST_KEY_CHANGED:
    'Find out why the key of the server changed before you trust it. If it was replaced on purpose, update known_hosts.',
  HOST_KEY_REVOKED:
    'The key that the server shows is marked `@revoked` in known_hosts. Do not connect; give the server a new key.',
  HOST_KEY_UNKNOWN:
    'Compare the fingerprint with the one that the server itself shows (`ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub`), then add the line to known_hosts.',
  ID_TOKEN_INVALID:
    'The identity token of the job does not verify. Check the clock of the runner and the server URL of GitHub.',
  ID_TOKEN_UNAVAILABLE: 'Give the job the permission `id-token: write`.',
  INPUT_INVALID: 'Fix the named inputs in the `with:` of the step.',
  IN_DOUBT:
    'Check the named servers by hand. The next run first reconciles them with the release that the other servers run.',
  KEY_INVALID:
    'Store the whole private key, from the BEGIN line to the END line, in the secret behind `ssh-private-key`.',
  KEY_PASSPHRASE: 'Give the passphrase of the key in `ssh-passphrase`.',
  KEY_PUBLIC: 'That is the public half. Store the private key in the secret behind `ssh-private-key`.',
  KNOWN_HOSTS_INVALID:
    'Fix the named lines of known_hosts; `ssh-keyscan` prints the right form, but compare the fingerprint over another channel.',
  LEASED_SECRET:
    'Deliver a secret that does not end with the run: static credentials, or a value that is rotated in the store.',
  LINKED_FILE_MISSING: 'Put the named files into `shared/` on the server; an empty one is never made.',
  LOCAL_HOOK_FAILED: 'Read the output of the hook in the log; it runs on the runner, in the workspace.',
  LOCK_HELD:
    'Wait for the other run, or see who holds the lock and, if that run is dead, use `mode: unlock` with a reason.',
  LOCK_LOST: 'Another run has taken over the lock. Nothing was done after that; see which run holds it now.',
  LOCK_REFUSED: 'The lock cannot be written: look at free space, permissions and read-only mounts on that server.',
  NOT_YET: 'This key or mode belongs to a later version. Remove it, or wait for the release that has it.',
  NO_COMMON_ALGORITHM:
    'The server offers none of the algorithms that this client has; see docs/troubleshooting.md for what a server must allow.',
  NO_SERVERS: 'Check the inputs `hosts` and `roles` against the servers of the stage.',
  POLICY_DOWNGRADE: 'To deploy the older revision all the same, set `force: true`.',
  PREFLIGHT: 'Fix all of the named problems; nothing was changed on any server.',
  PROGRAM_CUT:
    'The program arrived incomplete, so nothing of it ran. Run again; if it happens again, look at the login shell of the user.',
  PROGRAM_KILLED:
    'The program was killed on the server, perhaps because memory ran out. Look at the log of its kernel.',
  PROGRAM_REFUSED:
    'Nothing of the program ran. Look at the login shell of the user, at forced commands (`ForceCommand` in sshd_config, `command=` in authorized_keys), at `MaxSessions`, and with `become` at what sudo allows.',
  PROGRAM_UNFINISHED:
    'The program ended without its final report, so its effect is unknown. Look at the server, then run again.',
  REFERENCE_INVALID:
    'Write references as `store://locator[?version=…|stage=…][#selector]`, with a store of `stores:` or `env`.',
  REVISION_HELD: 'This revision was rolled back and is on hold. Deploy a newer one that fixes it.',
  REVISION_UNKNOWN:
    'Check out the commit (`fetch-depth: 0` for an older one) before this step, or correct the input `revision`.',
  RUNNER_UNFIT: 'Run the job on a runner that has the named program.',
  SAME_TREE: 'Two servers of the stage are one directory on one machine. Remove one of them from the stage.',
  SECRET_LEAKED:
    'Take the value out of the named files, rotate the secret, and deploy again; `leak_guard_ignore` names files that may hold it.',
  SECRET_MISSING: 'Check the reference of the named secrets against what the store holds: path, version and field.',
  SECRET_NAME_REFUSED: 'Choose another name: this one would change how programs are found or started.',
  SECRET_STALE: 'Rotate the named secrets in their store, or change `max_age` and `on_stale` on purpose.',
  SECRET_VALUE_REFUSED:
    'Take another format or another way of delivery for the named secrets, or give them another value in their store.',
  SERVER_DROPPED: 'The server closed the connection before the login; the reason that it gave is in the message.',
  STAGE_UNKNOWN: 'Name one of the stages of the configuration in the input `stage`.',
  STEP_FAILED: 'Read in the log what the step printed, fix the server, and run again.',
  STORE_DENIED:
    'Let the role of this job read the named secrets; `mode: policy` of secrets-fetch prints the least policy that is needed.',
  STORE_INVALID:
    'Fix what the message names: the file, key or program of that store. Nothing of it was used, as it cannot be read or proved.',
  STORE_UNAVAILABLE:
    'Check the store and the network between the runner and it, then run again; nothing was changed on any server.',
  TOOL_MISSING: 'Install the named programs on the server; BusyBox has all of them.',
  TREE_FOREIGN:
    'Find out who made the named link or directory. Remove it, or give it to the user that Slipway logs in as.',
  TRIGGER_REFUSED: 'Start the deploy from `push`, `workflow_dispatch`, `release` or a schedule.',
  TRUST_REFUSED:
    'Compare the claims in the message with the role, policy or federated credential of the store, and apply the one that is printed.',
  TRUTH_MISMATCH: 'Another program moved `current` while the run was under way. Find out which, then deploy again.',
  UNHEALTHY:
    'Read the answer to the health check and the log of the application on that server; fix the cause, and deploy again. The release that was reverted is kept in `.slipway/failed/`.',
  UNREACHABLE: 'Check the name, the port, the firewall and that sshd runs.',
  WRONG_ENVIRONMENT: 'Put `environment:` with the name of the stage’s environment on the job.',
} as const satisfies Record<string, string>;

export type FailureCode = keyof typeof remedies;
