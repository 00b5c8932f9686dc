import { hookPoints } from '../../hooks/lifecycle.ts';
import { nameProblem } from '../../secrets/names.ts';
import type { Reference } from '../../secrets/reference.ts';
import { isTree } from '../../secrets/reference.ts';
import { parseNames } from '../../secrets/request.ts';
import { credentialsOf } from '../../secrets/settings.ts';
import { nearest } from '../../text/nearest.ts';
import type { MergedStage } from '../schema/file.ts';
import { quoted } from '../schema/shown.ts';
import type { Path } from './document.ts';
import type { Problem } from './problems.ts';
import { problem } from './problems.ts';
import { storeOf } from './secret-requests.ts';

type Secrets = Pick<MergedStage, 'stores' | 'secrets'>;

/** How stores and secrets fit together. `given`: stores that are configured elsewhere. */
export function secretProblems(
  stage: Secrets,
  failed: ReadonlySet<string>,
  given: readonly string[],
): readonly Problem[] {
  const known = ['env', ...Object.keys(stage.stores), ...given];
  const placed = failed.has('stores') ? [] : references(stage).flatMap((one) => unknownStore(one, known));
  return [...placed, ...circles(stage), ...trees(stage)];
}

interface Placed {
  readonly reference: Reference;
  readonly at: Path;
}

function references({ stores, secrets }: Secrets): readonly Placed[] {
  const inStores = Object.entries(stores).flatMap(([name, form]): readonly Placed[] => {
    const at = (key: string, reference: Reference | undefined): readonly Placed[] =>
      reference === undefined ? [] : [{ reference, at: ['stores', name, ...key.split('.')] }];
    if (form.type === 'sops') return at('identity', form.identity);
    if (form.type !== 'vault') return [];
    const { auth } = form;
    return [
      ...at('key', form.key),
      ...at('auth.token', auth.method === 'token' ? auth.token : undefined),
      ...at('auth.secret_id', auth.method === 'approle' ? auth.secret_id : undefined),
      ...at('auth.key', auth.method === 'cert' ? auth.key : undefined),
    ];
  });
  const inSecrets = Object.entries(secrets).flatMap(([name, form]): readonly Placed[] => {
    const at: Path = ['secrets', name];
    if (!('from' in form)) return [{ reference: form, at }];
    const fallback = form.fallback === undefined ? [] : [{ reference: form.fallback, at: [...at, 'fallback'] }];
    return [{ reference: form.from, at: [...at, 'from'] }, ...fallback];
  });
  return [...inStores, ...inSecrets];
}

function unknownStore({ reference: { store }, at }: Placed, known: readonly string[]): readonly Problem[] {
  if (known.includes(store)) return [];
  const near = nearest(store, known);
  const advice = near === undefined ? `there is ${known.toSorted().join(', ')}` : `did you mean ${quoted(near)}?`;
  return [problem(at, `no store is called ${quoted(store)}; ${advice}`)];
}

/** A store whose credentials can only be read when it is open already. */
function circles({ stores }: Secrets): readonly Problem[] {
  const needs = new Map(
    Object.entries(stores).map(([name, form]) => [
      name,
      credentialsOf(storeOf(form, undefined)).map(({ store }) => store),
    ]),
  );
  const reaches = (from: string, goal: string, seen: ReadonlySet<string>): boolean =>
    (needs.get(from) ?? []).some(
      (next) => next === goal || (!seen.has(next) && reaches(next, goal, new Set([...seen, next]))),
    );
  return [...needs.keys()]
    .filter((name) => reaches(name, name, new Set()))
    .map((name) => problem(['stores', name], 'needs credentials that can be read only when it is open itself', 'key'));
}

/** `/**` gives many secrets: they need `NAME_*`. */
function trees({ secrets }: Secrets): readonly Problem[] {
  return Object.entries(secrets).flatMap(([name, form]) => {
    const reference = 'from' in form ? form.from : form;
    if (!isTree(reference)) return [];
    if (!name.endsWith('*'))
      return [problem(['secrets', name], '`/**` gives many secrets: write "NAME_*" as the name', 'key')];
    const pinned = 'from' in form && form.version !== undefined;
    return pinned ? [problem(['secrets', name, 'version'], 'the secrets below `/**` have no version in common')] : [];
  });
}

/** What hooks and files ask for must be there, and must not steer programs by its name. */
export function useProblems(stage: MergedStage, failed: ReadonlySet<string>): readonly Problem[] {
  const known = Object.keys(stage.secrets);
  const inHooks = hookPoints.flatMap((point) =>
    stage.hooks[point].flatMap((hook, index) =>
      hook.secrets.flatMap((name, place) =>
        unfit({ name, at: ['hooks', point, index, 'secrets', place], known, target: 'environment', failed }),
      ),
    ),
  );
  const inFiles = stage.deliver.flatMap((file, index) =>
    file.secrets.flatMap((name, place) =>
      unfit({ name, at: ['deliver', index, 'secrets', place], known, target: 'file', failed }),
    ),
  );
  return [...inHooks, ...inFiles, ...fileProblems(stage)];
}

interface Asked {
  /** With `*` in it: all that fit. */
  readonly name: string;
  readonly at: Path;
  readonly known: readonly string[];
  readonly target: 'environment' | 'file';
  readonly failed: ReadonlySet<string>;
}

function unfit({ name, at, known, target, failed }: Asked): readonly Problem[] {
  const fitting = known.filter((one) => mayBe(name, one));
  if (fitting.length === 0 && !failed.has('secrets')) return [problem(at, missing(name, known))];
  const names = [...new Set([name, ...fitting])].filter((one) => !one.includes('*'));
  return names.flatMap((one) => {
    const why = nameProblem(one, target);
    const where = target === 'file' ? 'a delivered file' : 'an environment';
    return why === undefined
      ? []
      : [
          {
            ...problem(at, `${one} ${why}, so no secret has this name in ${where}`),
            code: 'SECRET_NAME_REFUSED' as const,
          },
        ];
  });
}

function missing(name: string, known: readonly string[]): string {
  const lower = known.map((one) => one.toLowerCase());
  const near = known[lower.indexOf(nearest(name, lower) ?? '')];
  return `no secret is called ${quoted(name)}${near === undefined ? '' : `; did you mean ${quoted(near)}?`}`;
}

/** Whether a secret of the key `written` of `secrets` can have a name that is asked for as `asked`; both may hold `*`. */
function mayBe(asked: string, written: string): boolean {
  const pattern = new RegExp(`^${asked.split('*').join('.*')}$`);
  if (parseNames(written)?.kind !== 'prefixed') return pattern.test(written);
  const [start, end] = [written.slice(0, -1), asked.split('*', 1)[0] ?? ''];
  return start.startsWith(end) ? asked.includes('*') : end.startsWith(start);
}

function fileProblems(stage: MergedStage): readonly Problem[] {
  const links = [...stage.linked_files, ...stage.linked_dirs];
  return stage.deliver.flatMap(({ to }, index) => {
    const at: Path = ['deliver', index, 'to'];
    if (stage.deliver.slice(0, index).some((other) => other.to === to))
      return [problem(at, `${quoted(to)} is delivered twice`)];
    const link = links.find((path) => to === path || to.startsWith(`${path}/`));
    if (link === undefined) return [];
    return [problem(at, `${quoted(link)} is a link to shared/: write ${quoted(`shared/${to}`)}`)];
  });
}
