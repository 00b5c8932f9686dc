import { type HookPoint, hookPoints, type LifecyclePoint, lifecycle, pointsWhere } from '../../hooks/lifecycle.ts';
import { secretName } from './store-words.ts';
import { command, glob, line, role } from './value-types.ts';
import type { Read } from './vocabulary.ts';
import { duration, flag, list, map, whole } from './vocabulary.ts';

const when = map({
  changed: list(glob())
    .min(1, { error: 'expected at least one pattern' })
    .describe(
      'Patterns of paths. The artefact is compared with the release that is live; where that has no manifest, everything counts as changed.',
    ),
});

/** A command of the project at a hook point. */
export const hook = map({
  name: line().optional().describe('What it is called in the log; without one, the first line of the command.'),
  run: command()
    .optional()
    .describe('A command for the servers, run by `sh` with `set -eu`. Exactly one of `run` and `local`.'),
  local: command()
    .optional()
    .describe('A command for the runner, run in the workspace. Not at the points of a rollback.'),
  roles: list(role())
    .prefault([])
    .describe(
      'Only on servers with one of these roles, servers with `no_release` among them; without it, on every server that has a release.',
    ),
  once: flag()
    .prefault(false)
    .describe('On one server only: the first of the hook’s servers that has a release, `primary: true` first.'),
  when: when
    .optional()
    .describe(
      'Only when one of the named paths changed; a local hook, when it did on any server. Not before `updating`: nothing is compared yet.',
    ),
  max_parallel: whole(1, 1000)
    .optional()
    .describe('On so many servers at the same time; without it, `strategy.max_parallel`.'),
  secrets: list(secretName()).prefault([]).describe('Secrets in the environment of this command alone, by name.'),
  reversible: flag()
    .prefault(true)
    .describe('`false`: what it does cannot be undone, so a rollback past this release needs `accept-migrations`.'),
  timeout: duration('1s', '1d').optional().describe('How long it may take; without it, `limits.command_timeout`.'),
}).superRefine((value, context) => {
  const complain = (path: readonly string[], message: string): void =>
    context.addIssue({ code: 'custom', path: [...path], message });
  if ((value.run === undefined) === (value.local === undefined))
    complain([], 'expected exactly one of "run" and "local"');
  if (value.once && value.max_parallel !== undefined)
    complain(['max_parallel'], 'contradicts "once": that is one server only');
  if (value.local === undefined) return;
  if (value.roles.length > 0) complain(['roles'], 'a local hook runs on the runner: it has no roles');
  if (value.once) complain(['once'], 'a local hook runs once, on the runner: leave this out');
  if (value.max_parallel !== undefined) complain(['max_parallel'], 'a local hook runs on the runner: leave this out');
});

export type HookForm = Read<typeof hook>;

const remote = hook.refine((value) => value.local === undefined, {
  path: ['local'],
  error: 'a rollback has no workspace: use "run" here',
});
const needRemote = pointsWhere(({ flow }) => flow === 'rollback');

/** What changes is known only once the release is uploaded; before that a condition would be ignored. */
const unconditional = hook.refine((value) => value.when === undefined, {
  path: ['when'],
  error: 'what changes is known only when the release is uploaded: from "updating" on',
});
const tooEarly = pointsWhere(({ flow, directory }) => flow === 'deploy' && directory === 'login directory');

function point(name: HookPoint) {
  return list(needRemote.includes(name) ? remote : tooEarly.includes(name) ? unconditional : hook, 100)
    .prefault([])
    .describe(moment(name));
}

/** `In a rollback, before the link is switched.` */
function moment(name: HookPoint): string {
  const { flow, when, place }: LifecyclePoint = lifecycle[name];
  const words = `${flow === 'rollback' ? 'in a rollback, ' : ''}${when}${place === undefined ? '' : `; the place for ${place}`}.`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const points = Object.fromEntries(hookPoints.map((name) => [name, point(name)])) as {
  readonly [Name in HookPoint]: ReturnType<typeof point>;
};

export const hooks = map(points);
