import type { Member } from '../context.ts';
import type { HookContext } from './context.ts';

type Environment = Readonly<Record<string, string>>;

/** What hooks and `run` probes find in their environment on a server. */
export function hookEnvironment(context: HookContext, member: Member): Environment {
  const { server, layout } = member;
  const hasRelease = context.release !== '' && server.release === 'release';
  return {
    ...runEnvironment(context),
    SLIPWAY_RELEASE_PATH: hasRelease ? layout.release(context.release) : '',
    SLIPWAY_PREVIOUS_RELEASE: context.previous(member) ?? '',
    SLIPWAY_SERVER: server.name,
    SLIPWAY_ROLES: server.roles.join(','),
    SLIPWAY_LABELS: labelLines(server.labels),
  };
}

/** What is the same on every server and on the runner. */
export function runEnvironment({ settings, release, revision }: HookContext): Environment {
  return {
    ...settings.defaultEnv,
    SLIPWAY_STAGE: settings.stage,
    SLIPWAY_RELEASE: release,
    SLIPWAY_REVISION: revision,
  };
}

/** One `name=text` a line. */
function labelLines(labels: Readonly<Record<string, string>>): string {
  const lines = Object.entries(labels).map(([name, text]) => `${name}=${text}`);
  return lines.join('\n');
}
