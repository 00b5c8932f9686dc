import type { Settings } from '../config/settings.ts';
import type { Hook } from '../hooks/hook.ts';
import type { HookPoint } from '../hooks/lifecycle.ts';

/** What a deploy of this configuration does, in its order, for people. Names come from the configuration. */
export function planSteps(settings: Settings, finds: 'unchanged' | 'changed'): string[] {
  const hooks = (...points: readonly HookPoint[]): string[] =>
    points.flatMap((point) => settings.hooks[point].map((hook) => `${point}: ${hook.name}${manner(hook)}`));
  if (finds === 'unchanged') return [...hooks('starting'), 'lock every server', 'unlock'];
  const links = [...settings.linkedFiles, ...settings.linkedDirs];
  return [
    ...hooks('starting'),
    'lock every server',
    ...hooks('started'),
    `upload and compare the release${links.length === 0 ? '' : `, link ${links.join(', ')}`}`,
    ...hooks('updating', 'updated'),
    'wait until every server is prepared',
    ...hooks('publishing'),
    `switch ${settings.strategy.batches.length > 1 ? 'batch by batch' : 'every server'}`,
    ...hooks('published'),
    ...settings.health.map((probe) => `health: ${probe.name}${probe.required === 'informs' ? ' (informs only)' : ''}`),
    'read current and REVISION back',
    ...hooks('finishing'),
    `prune, keep ${settings.keepReleases}`,
    ...hooks('finished'),
    'unlock',
  ];
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
