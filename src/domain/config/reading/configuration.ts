import { Failure } from '../../failure.ts';
import { nearest } from '../../text/nearest.ts';
import { isMap } from '../schema/edits.ts';
import { file } from '../schema/file.ts';
import { quoted } from '../schema/shown.ts';
import { readOnce } from '../schema/vocabulary.ts';
import type { Settings } from '../settings.ts';
import { canonicalJson } from './canonical.ts';
import type { ConfigDocument } from './document.ts';
import { misplaced } from './placeholders.ts';
import { plainValue } from './plain.ts';
import type { Problem } from './problems.ts';
import { failureOf, problem, problemsOf } from './problems.ts';
import { settingsOf } from './resolve.ts';
import { readStage } from './stage.ts';

export type { ConfigDocument, Path, Place } from './document.ts';

/** One stage, resolved. `canonical`: the same text for the same settings, to be hashed into their digest. */
export interface Resolved extends Omit<Settings, 'digest' | 'stageServers'> {
  readonly canonical: string;
}

/**
 * Reads one stage out of a configuration file; `stage` may be left out, or empty, where the file has one only. Throws
 * one failure that holds all
 * problems of the file and of that stage: `CONFIG_INVALID`, or `NOT_YET` where nothing else is wrong; `STAGE_UNKNOWN`
 * when the file itself is right.
 * @param stores names of stores that are configured elsewhere
 */
export function readConfiguration(
  document: ConfigDocument,
  stage: string | undefined,
  stores: readonly string[] = [],
): Resolved {
  const plain = plainValue(document.value);
  const whole = isMap(plain.value) ? plain.value : {};
  const names = isMap(whole['stages']) ? Object.keys(whole['stages']) : [];
  const name = stage === undefined || stage === '' ? onlyOne(names) : names.find((one) => one === stage);
  const wrong = [...plain.problems, ...elsewhere(plain.problems, fileProblems(plain.value))];
  const read =
    name === undefined ? { stage: undefined, problems: [] } : readStage(whole, { name, reported: wrong, stores });
  const failure = failureOf(document, [...wrong, ...elsewhere(plain.problems, read.problems)]);
  if (failure !== undefined) throw failure;
  if (name === undefined || read.stage === undefined) throw unknownStage(document.path, names, stage);
  const settings = settingsOf(read.stage, { application: String(whole['application']), stage: name });
  return { ...settings, canonical: canonicalJson(settings) };
}

/** What is wrong with the file as a whole. Keys of later versions may hold placeholders. */
function fileProblems(value: unknown): readonly Problem[] {
  if (value === null || value === undefined)
    return [problem([], 'the file is empty: docs/configuration.md shows the smallest one that works')];
  const problems = problemsOf(file.safeParse(value, readOnce).error?.issues ?? []);
  const later = problems.filter((one) => one.code === 'NOT_YET').map((one) => JSON.stringify(one.path));
  const known = misplaced(value).filter(
    (one) => !one.path.some((_, index) => later.includes(JSON.stringify(one.path.slice(0, index + 1)))),
  );
  return [...problems, ...known];
}

/** `problems` without those at places for which `reported` has a problem already. */
export function elsewhere(reported: readonly Problem[], problems: readonly Problem[]): readonly Problem[] {
  const places = new Set(reported.map((one) => JSON.stringify(one.path)));
  return problems.filter((one) => !places.has(JSON.stringify(one.path)));
}

function onlyOne(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

function unknownStage(path: string, names: readonly string[], stage: string | undefined): Failure {
  const all = names.map((name) => quoted(name)).join(', ');
  if (stage === undefined || stage === '')
    return new Failure('STAGE_UNKNOWN', `${path} has several stages, so one must be named: ${all}.`);
  const near = nearest(stage, names);
  const advice = near === undefined ? '' : ` Did you mean ${quoted(near)}?`;
  return new Failure('STAGE_UNKNOWN', `${path} has no stage ${quoted(stage)}.${advice} It has: ${all}.`);
}
