import type { ArtifactChoice } from '../../artifact/selection.ts';
import type { Probe } from '../../health/probe.ts';
import type { Hook } from '../../hooks/hook.ts';
import { hookPoints } from '../../hooks/lifecycle.ts';
import type { Server } from '../../server.ts';
import type { MergedStage } from '../schema/file.ts';
import type { ProbeForm } from '../schema/health.ts';
import type { HookForm } from '../schema/hooks.ts';
import { parseJumps } from '../schema/jumps.ts';
import type { Settings } from '../settings.ts';
import { hookName, probeName } from './names.ts';
import { deliveryOf, requestsOf, storesOf } from './secret-requests.ts';
import type { Member } from './servers.ts';
import { fleetOf } from './servers.ts';

/** The settings of a stage that has passed every check. */
export function settingsOf(
  stage: MergedStage,
  names: { readonly application: string; readonly stage: string },
): Omit<Settings, 'digest' | 'stageServers'> {
  const { strategy, limits } = stage;
  return {
    ...names,
    environment: stage.environment,
    servers: fleetOf(stage).map(serverOf),
    keepReleases: stage.keep_releases,
    artifact: {
      from: artifactOf(stage),
      subdirectory: withoutSlash(stage.artifact?.subdirectory),
      exclude: stage.artifact?.exclude ?? [],
    },
    linkedFiles: stage.linked_files,
    linkedDirs: stage.linked_dirs,
    mutable: stage.mutable,
    defaultEnv: stage.default_env,
    ssh: sshOf(stage),
    become: stage.become?.user,
    strategy: {
      maxParallel: strategy.max_parallel,
      batches: strategy.batches,
      wait: strategy.wait,
      unreachableAllowed: strategy.unreachable_allowed,
      hostDeadline: strategy.host_deadline,
    },
    limits: {
      commandTimeout: limits.command_timeout,
      idleTimeout: limits.idle_timeout,
      minFreeDisk: limits.min_free_disk,
      minFreeInodes: limits.min_free_inodes,
    },
    hooks: hooksOf(stage),
    health: stage.health.map(probeOf),
    lock: stage.lock,
    stores: storesOf(stage, names.stage),
    secrets: requestsOf(stage, names.stage),
    secretsDeadline: stage.secrets_deadline,
    deliver: stage.deliver.map(deliveryOf),
    leakGuard: stage.leak_guard,
    leakGuardIgnore: stage.leak_guard_ignore,
    summaryServers: stage.summary.servers,
  };
}

function serverOf({ form, name, host, port, user = '', deployTo = '' }: Member): Server {
  const primary = form.primary ? 'primary' : 'ordinary';
  return {
    name,
    host,
    port,
    user,
    deployTo,
    roles: form.roles,
    labels: form.labels,
    primary,
    release: form.no_release ? 'no release' : 'release',
  };
}

function artifactOf({ artifact }: MergedStage): ArtifactChoice {
  if (artifact?.path !== undefined) return { kind: 'path', path: withoutSlash(artifact.path) };
  return artifact?.archive === undefined ? { kind: 'git' } : { kind: 'archive', path: artifact.archive };
}

function withoutSlash<Path extends string | undefined>(path: Path): Path {
  return path?.replace(/\/$/, '') as Path;
}

function sshOf({ ssh }: MergedStage): Settings['ssh'] {
  const jumps = ssh.jump === undefined ? [] : (parseJumps(ssh.jump) ?? []);
  return {
    knownHosts: ssh.known_hosts,
    jumps: jumps.map(({ user, host, port }) => ({ user: user ?? ssh.user ?? '', host, port })),
    connectTimeout: ssh.connect_timeout,
    retries: ssh.retries,
    maxConnecting: ssh.max_connecting,
  };
}

function hooksOf(stage: MergedStage): Settings['hooks'] {
  return Object.fromEntries(
    hookPoints.map((point) => [point, stage.hooks[point].map(hookOf)]),
  ) as unknown as Settings['hooks'];
}

function hookOf(form: HookForm): Hook {
  return {
    name: hookName(form),
    command: form.run ?? form.local ?? '',
    where: form.local === undefined ? 'server' : 'runner',
    roles: form.roles,
    times: form.once ? 'once' : 'each server',
    whenChanged: form.when?.changed ?? [],
    maxParallel: form.max_parallel,
    timeout: form.timeout,
    secrets: form.secrets,
    reversible: form.reversible ? 'reversible' : 'irreversible',
  };
}

function probeOf(form: ProbeForm): Probe {
  return {
    name: probeName(form),
    roles: form.roles,
    required: form.required ? 'required' : 'informs',
    interval: form.interval,
    timeout: form.timeout,
    healthyAfter: form.healthy_after,
    deadline: form.deadline,
    ask: questionOf(form),
  };
}

function questionOf({ http, run = '', from = 'server', headers = {}, expect }: ProbeForm): Probe['ask'] {
  if (http === undefined) return { kind: 'run', command: run };
  return { kind: 'http', url: http, from, headers, status: expect?.status ?? 200, bodyContains: expect?.body_contains };
}
