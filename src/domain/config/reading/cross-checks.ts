import { type HookPoint, hookPoints } from '../../hooks/lifecycle.ts';
import type { Share } from '../../text/measures.ts';
import type { MergedStage } from '../schema/file.ts';
import type { HookForm } from '../schema/hooks.ts';
import { parseJumps } from '../schema/jumps.ts';
import { quoted } from '../schema/shown.ts';
import type { Path } from './document.ts';
import { hookName, probeName } from './names.ts';
import type { Problem } from './problems.ts';
import { problem } from './problems.ts';
import { secretProblems, useProblems } from './secret-checks.ts';
import { fleetProblems } from './servers.ts';

/**
 * What is known besides the stage. `roles` are those of all stages; `stores` are configured elsewhere than in the file.
 */
export interface Known {
  readonly roles: ReadonlySet<string>;
  readonly stores: readonly string[];
}

/** Checks across keys: whether the parts of a stage fit together. Paths are those of the merged stage. */
export function stageProblems(
  stage: MergedStage,
  failed: ReadonlySet<string>,
  { roles, stores }: Known,
): readonly Problem[] {
  return [
    ...artifactProblems(stage),
    ...linkProblems(stage),
    ...batchProblems(stage),
    ...jumpProblems(stage),
    ...fleetProblems(stage, failed),
    ...roleProblems(stage, roles),
    ...nameProblems(stage),
    ...secretProblems(stage, failed, stores),
    ...useProblems(stage, failed),
  ];
}

function artifactProblems({ artifact }: MergedStage): readonly Problem[] {
  if (artifact === undefined) return [];
  const named = [artifact.git === true, artifact.path !== undefined, artifact.archive !== undefined].filter(
    Boolean,
  ).length;
  if (named === 1 || (named === 0 && artifact.git === undefined)) return [];
  return [problem(['artifact'], 'expected exactly one of "git: true", "path" and "archive"')];
}

const ours = ['REVISION', 'REVISION_TIME'];

function linkProblems(stage: MergedStage): readonly Problem[] {
  const links = (['linked_files', 'linked_dirs'] as const).flatMap((key) =>
    stage[key].map((path, index) => ({ path, at: [key, index] as Path })),
  );
  return links.flatMap(({ path, at }, index) => {
    const own = ours.find((name) => path === name || path.startsWith(`${name}/`));
    if (own !== undefined) return [problem(at, `${own} is a file that Slipway writes`)];
    if (links.slice(0, index).some((other) => other.path === path))
      return [problem(at, `${quoted(path)} is linked twice`)];
    const outer = links.find((other) => path.startsWith(`${other.path}/`));
    return outer === undefined ? [] : [problem(at, `lies inside ${quoted(outer.path)}, which is linked already`)];
  });
}

/**
 * Each share says how many servers have been switched when its batch is done: so they grow, and the last one is all.
 */
function batchProblems({ strategy: { batches } }: MergedStage): readonly Problem[] {
  const idle = batches.findIndex(
    (share, index) =>
      index > 0 &&
      batches.slice(0, index).some((before) => before.kind === share.kind && amount(before) >= amount(share)),
  );
  if (idle >= 0)
    return [
      problem(
        ['strategy', 'batches', idle],
        'switches no server: each batch names how many are switched when it is done, so the numbers must grow',
      ),
    ];
  const last = batches.at(-1);
  if (last?.kind === 'percent' && last.percent === 100) return [];
  return [
    problem(['strategy', 'batches', batches.length - 1], 'the last batch must be 100%, so that no server is left out'),
  ];
}

function amount(share: Share): number {
  return share.kind === 'count' ? share.count : share.percent;
}

function jumpProblems({ ssh }: MergedStage): readonly Problem[] {
  const jumps = ssh.jump === undefined ? [] : (parseJumps(ssh.jump) ?? []);
  const userless = jumps.find((jump) => jump.user === undefined);
  return userless === undefined || ssh.user !== undefined
    ? []
    : [problem(['ssh', 'jump'], `${quoted(userless.host)} has no user: write "user@host", or set "ssh.user"`)];
}

/** A hook of the file may name roles that this stage does not have; a role that no stage has is a typing error. */
function roleProblems(stage: MergedStage, roles: ReadonlySet<string>): readonly Problem[] {
  const inHooks = hooksOf(stage).flatMap(({ hook, at }) => [
    ...unknownRoles(hook.roles, roles, at),
    ...idleOnce(stage, hook, at),
  ]);
  const inFiles = stage.deliver.flatMap((file, index) => unknownRoles(file.roles, roles, ['deliver', index]));
  const inProbes = stage.health.flatMap((probe, index) => [
    ...unknownRoles(probe.roles, roles, ['health', index]),
    ...unaskedRoles(stage, probe.roles, ['health', index]),
  ]);
  return [...inHooks, ...inFiles, ...inProbes];
}

/** Servers without a release are never probed: a probe for them alone would never run, without any notice. */
function unaskedRoles({ servers }: MergedStage, roles: readonly string[], at: Path): readonly Problem[] {
  return roles.flatMap((role, index) => {
    const own = servers.filter((server) => server.roles.includes(role));
    return own.length > 0 && own.every((server) => server.no_release)
      ? [
          problem(
            [...at, 'roles', index],
            `only servers without a release have the role ${quoted(role)}, and those are not probed`,
          ),
        ]
      : [];
  });
}

/**
 * A hook with `once` runs on a server that has a release: for these servers alone it would never run, without any
 * notice.
 */
function idleOnce({ servers }: MergedStage, { once, roles }: HookForm, at: Path): readonly Problem[] {
  const own = servers.filter((server) => server.roles.some((role) => roles.includes(role)));
  const idle = once && own.length > 0 && own.every((server) => server.no_release);
  return idle
    ? [
        problem(
          [...at, 'once'],
          'only servers without a release have its roles, and what runs once runs where a release is',
        ),
      ]
    : [];
}

function unknownRoles(roles: readonly string[], known: ReadonlySet<string>, at: Path): readonly Problem[] {
  const there = known.size === 0 ? 'no server has a role' : `there is ${[...known].sort().join(', ')}`;
  return roles.flatMap((role, index) =>
    known.has(role) ? [] : [problem([...at, 'roles', index], `no server has the role ${quoted(role)}; ${there}`)],
  );
}

function nameProblems(stage: MergedStage): readonly Problem[] {
  const hooks = hooksOf(stage).map(({ hook, at, point }) => ({
    key: `${point} ${hookName(hook)}`,
    name: hookName(hook),
    at,
  }));
  const probes = stage.health.map((probe, index) => ({
    key: `health ${probeName(probe)}`,
    name: probeName(probe),
    at: ['health', index] as Path,
  }));
  const named = [...hooks, ...probes];
  const keys = named.map((one) => one.key);
  return named
    .filter((one, index) => keys.indexOf(one.key) < index)
    .map((one) => problem(one.at, `another one here is called ${quoted(one.name)} too: give it a name of its own`));
}

function hooksOf(stage: MergedStage) {
  return hookPoints.flatMap((point: HookPoint) =>
    stage.hooks[point].map((hook, index) => ({ point, hook, at: ['hooks', point, index] as Path })),
  );
}
