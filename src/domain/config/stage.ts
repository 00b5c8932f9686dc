import { stageProblems } from './checks.ts';
import { mergeStage } from './merge.ts';
import type { Problem } from './problems.ts';
import { problemsOf } from './problems.ts';
import type { MergedStage } from './schema.ts';
import { mergedStage, stageKeys } from './schema.ts';

export interface ReadStage {
  /** `undefined` when its servers could not be read. */
  readonly stage: MergedStage | undefined;
  readonly problems: readonly Problem[];
}

/** One stage with the file's own keys merged into it, checked as far as its parts can be read: one wrong key hides no problem of another. */
export function readStage(file: Readonly<Record<string, unknown>>, name: string): ReadStage {
  const merged = mergeStage(file, name, stageKeys);
  const issues = mergedStage.safeParse(merged.value).error?.issues ?? [];
  const failed = new Set(issues.map((issue) => String(issue.path[0])));
  const sound = mergedStage.safeParse(Object.fromEntries(Object.entries(merged.value).filter(([key]) => !failed.has(key))));
  const found = [...problemsOf(issues), ...(sound.success ? stageProblems(sound.data, failed) : [])];
  return { stage: sound.data, problems: [...merged.problems, ...found.map((one) => ({ ...one, path: merged.origin(one.path) }))] };
}
