import type { Settings } from '../config/settings.ts';
import type { Hook } from '../hooks/hook.ts';
import { deployPoints, type HookPoint, lifecycle } from '../hooks/lifecycle.ts';

/** What a deploy of this configuration does, in its order, for people. Names come from the configuration. */
export function planSteps(settings: Settings, finds: 'unchanged' | 'changed'): string[] {
  const ours = stepsBefore(settings);
  const steps = (point: HookPoint): string[] => [...(ours[point] ?? []), ...hookLines(point, settings)];
  if (finds === 'changed') return [...deployPoints.flatMap(steps), 'unlock'];
  const first = deployPoints.filter((point) => lifecycle[point].lock === 'not taken yet');
  return [...first.flatMap(steps), 'lock every server', 'unlock'];
}

/** What a deploy itself does right before the hooks of a point. */
function stepsBefore(settings: Settings): Readonly<Partial<Record<HookPoint, readonly string[]>>> {
  const links = [...settings.linkedFiles, ...settings.linkedDirs];
  const probes = settings.health.map(
    ({ name, required }) => `health: ${name}${required === 'informs' ? ' (informs only)' : ''}`,
  );
  return {
    started: ['lock every server'],
    updating: [`upload and compare the release${links.length === 0 ? '' : `, link ${links.join(', ')}`}`],
    publishing: ['wait until every server is prepared'],
    published: [`switch ${settings.strategy.batches.length > 1 ? 'batch by batch' : 'every server'}`],
    finishing: [...probes, 'read current and REVISION back'],
    finished: [`prune, keep ${settings.keepReleases}`],
  };
}

function hookLines(point: HookPoint, settings: Settings): string[] {
  return settings.hooks[point].map((hook) => `${point}: ${hook.name}${manner(hook)}`);
}

function manner(hook: Hook): string {
  const notes = [
    ...(hook.where === 'runner' ? ['on the runner'] : []),
    ...(hook.times === 'once' ? ['once'] : []),
    ...(hook.roles.length > 0 ? [`on ${hook.roles.join(', ')}`] : []),
    ...(hook.whenChanged.length > 0 ? [`when ${hook.whenChanged.join(', ')} changed`] : []),
  ];
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`;
}
