// Made from actions/*/action.yml by scripts/docs.ts: edit those files.

export type DeployInput =
  | 'config'
  | 'stage'
  | 'github-token'
  | 'ssh-private-key'
  | 'ssh-passphrase'
  | 'known-hosts'
  | 'hosts'
  | 'roles'
  | 'mode'
  | 'revision'
  | 'artifact'
  | 'force'
  | 'reason';
export type DeployOutput =
  | 'release'
  | 'previous-release'
  | 'result'
  | 'hosts'
  | 'failed-hosts'
  | 'plan'
  | 'duration-ms';

export type RollbackInput =
  | 'config'
  | 'stage'
  | 'github-token'
  | 'ssh-private-key'
  | 'ssh-passphrase'
  | 'known-hosts'
  | 'hosts'
  | 'roles'
  | 'mode'
  | 'release'
  | 'reason'
  | 'ticket'
  | 'plan-code'
  | 'accept-migrations'
  | 'break-glass';
export type RollbackOutput =
  | 'release'
  | 'from-release'
  | 'result'
  | 'hosts'
  | 'plan'
  | 'plan-code'
  | 'gate-verdict'
  | 'gate-code'
  | 'approvers'
  | 'audit-record'
  | 'time-to-restore-ms';

export type SecretsFetchInput =
  | 'config'
  | 'stage'
  | 'github-token'
  | 'mode'
  | 'secrets'
  | 'stores'
  | 'syntax'
  | 'export-env'
  | 'export-outputs'
  | 'file'
  | 'format';
export type SecretsFetchOutput =
  | 'secrets'
  | 'file'
  | 'stale';
