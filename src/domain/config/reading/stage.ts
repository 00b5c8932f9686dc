import { isMap } from '../schema/edits.ts';
import type { MergedStage } from '../schema/file.ts';
import { mergedStage, stageKeys } from '../schema/file.ts';
import { readOnce } from '../schema/vocabulary.ts';
import { stageProblems } from './cross-checks.ts';
import type { Path } from './document.ts';
import { mergeStage } from './merge.ts';
import type { Problem } from './problems.ts';
import { problemsOf } from './problems.ts';

export interface ReadStage {
  /** `undefined` when its servers could not be read. */
  readonly stage: MergedStage | undefined;
  readonly problems: readonly Problem[];
}

/** What is known of a stage besides the file. */
export interface Reading {
  readonly name: string;
  /** Problems of the file itself, which are not reported again for what the stage takes over. */
  readonly reported: readonly Problem[];
  /** Stores that are configured elsewhere. */
  readonly stores: readonly string[];
}

/**
 * One stage with the file's own keys merged into it, checked as far as its parts can be read: one wrong key hides no
 * problem of another.
 */
export function readStage(file: Readonly<Record<string, unknown>>, { name, reported, stores }: Reading): ReadStage {
  const merged = mergeStage(file, name, stageKeys);
  const located = (problems: readonly Problem[]): readonly Problem[] =>
    problems.map((one) => ({ ...one, path: merged.origin(one.path) }));
  const issues = mergedStage.safeParse(merged.value, readOnce).error?.issues ?? [];
  const failed = new Set(issues.map((issue) => String(issue.path[0])));
  const sound = mergedStage.safeParse(
    Object.fromEntries(Object.entries(merged.value).filter(([key]) => !failed.has(key))),
    readOnce,
  );
  const misshapen = located(problemsOf(issues)).filter(
    (one) => !reported.some((other) => overlap(one.path, other.path)),
  );
  return {
    stage: sound.data,
    problems: [
      ...merged.problems,
      ...misshapen,
      ...(sound.success ? located(stageProblems(sound.data, failed, { roles: rolesOf(file), stores })) : []),
    ],
  };
}

/** The roles of the servers of all stages, as far as they can be read. */
function rolesOf(file: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const stages = Object.values(isMap(file['stages']) ? file['stages'] : {});
  const servers = stages.flatMap((stage) => (isMap(stage) && Array.isArray(stage['servers']) ? stage['servers'] : []));
  return new Set(
    servers.flatMap((server: unknown) =>
      isMap(server) && Array.isArray(server['roles']) ? server['roles'].filter((role) => typeof role === 'string') : [],
    ),
  );
}

/** Whether one of the two lies in the other. */
function overlap(one: Path, other: Path): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((part, index) => part === other[index]);
}
