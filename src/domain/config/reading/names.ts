import type { ProbeForm } from '../schema/health.ts';
import type { HookForm } from '../schema/hooks.ts';
import { unprintable } from '../schema/shown.ts';

/** What a hook is called in the log. */
export function hookName(hook: HookForm): string {
  return hook.name ?? firstLine(hook.run ?? hook.local ?? '');
}

/** What a health check is called in the log and the summary. */
export function probeName(probe: ProbeForm): string {
  return probe.name ?? probe.http ?? firstLine(probe.run ?? '');
}

function firstLine(command: string): string {
  const [first = ''] = command.trim().split('\n');
  const line = first.replace(new RegExp(`[${unprintable}]`, 'g'), ' ');
  return line.length > 60 ? `${line.slice(0, 59).trimEnd()}…` : line.trimEnd();
}
