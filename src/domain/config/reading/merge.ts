import { isEdits, isMap } from '../schema/edits.ts';
import { quoted } from '../schema/shown.ts';
import type { Path } from './document.ts';
import type { Problem } from './problems.ts';
import { problem } from './problems.ts';

/** A stage with the file's own keys merged into it. */
export interface Merged {
  readonly value: Readonly<Record<string, unknown>>;
  /** Where in the file a value of the merged stage stands. */
  readonly origin: (path: Path) => Path;
  readonly problems: readonly Problem[];
}

/** Something of the file, and where it stands there. */
interface Source {
  readonly value: unknown;
  readonly at: Path;
}

interface Combined {
  readonly value: unknown;
  /** From paths inside the value to paths of the file. */
  readonly origins: readonly (readonly [Path, Path])[];
  readonly problems: readonly Problem[];
}

/** Maps merge one level deep, lists replace, `{append, remove}` edits. `keys` are those that a stage may hold. */
export function mergeStage(file: Readonly<Record<string, unknown>>, name: string, keys: readonly string[]): Merged {
  const stage = child({ value: file['stages'], at: ['stages'] }, name);
  const combined = combinedKeys({ value: withoutOtherArtifact(file, stage.value), at: [] }, stage, keys);
  const origins = new Map(combined.origins.map(([from, to]) => [JSON.stringify(from), to]));
  const origin = (path: Path): Path => {
    for (let length = path.length; length > 0; length -= 1) {
      const start = origins.get(JSON.stringify(path.slice(0, length)));
      if (start !== undefined) return [...start, ...path.slice(length)];
    }
    return [...stage.at, ...path];
  };
  return { value: isMap(combined.value) ? combined.value : {}, origin, problems: combined.problems };
}

/** A stage that names what it ships replaces the choice of the file, in place of adding a second one to it. */
function withoutOtherArtifact(file: Readonly<Record<string, unknown>>, stage: unknown): unknown {
  const own = isMap(stage) ? stage['artifact'] : undefined;
  const kinds = ['git', 'path', 'archive'];
  if (!isMap(own) || !isMap(file['artifact']) || !kinds.some((kind) => own[kind] !== undefined)) return file;
  return {
    ...file,
    artifact: Object.fromEntries(Object.entries(file['artifact']).filter(([key]) => !kinds.includes(key))),
  };
}

function combinedKeys(general: Source, own: Source, keys: readonly string[]): Combined {
  const level = general.at.length === 0 ? 'section' : 'inside';
  const parts = keys.map((key) => ({ key, ...combine(child(general, key), child(own, key), level) }));
  return {
    value: Object.fromEntries(parts.filter((part) => part.value !== undefined).map((part) => [part.key, part.value])),
    origins: parts.flatMap((part) => part.origins.map(([from, to]) => [[part.key, ...from], to] as const)),
    problems: parts.flatMap((part) => part.problems),
  };
}

function combine(general: Source, own: Source, level: 'section' | 'inside'): Combined {
  if (own.value === undefined)
    return { value: general.value, origins: general.value === undefined ? [] : [[[], general.at]], problems: [] };
  if (isEdits(own.value)) return edited(general, own);
  if (level === 'section' && isMap(own.value) && (general.value === undefined || isMap(general.value))) {
    const keys = new Set([...Object.keys(general.value ?? {}), ...Object.keys(own.value)]);
    const combined = combinedKeys(general, own, [...keys]);
    return { ...combined, origins: [[[], own.at], ...combined.origins] };
  }
  return { value: own.value, origins: [[[], own.at]], problems: [] };
}

function edited(general: Source, own: Source): Combined {
  const edits = isEdits(own.value) ? own.value : {};
  const items = Array.isArray(general.value)
    ? general.value.map((value: unknown, index) => ({ value, at: [...general.at, index] }))
    : [];
  const doomed = (edits.remove ?? []).map(String);
  const kept = items.filter((item) => !doomed.includes(nameOf(item.value)));
  const list = [...kept, ...(edits.append ?? []).map((value, index) => ({ value, at: [...own.at, 'append', index] }))];
  const absent = doomed.flatMap((name, index) =>
    items.some((item) => nameOf(item.value) === name) ? [] : [{ name, index }],
  );
  return {
    value: list.map((item) => item.value),
    origins: [[[], own.at], ...list.map((item, index) => [[index], item.at] as const)],
    problems: absent.map(({ name, index }) =>
      problem([...own.at, 'remove', index], `the list of the file holds no ${quoted(name)}`),
    ),
  };
}

function nameOf(item: unknown): string {
  return String(isMap(item) ? (item['name'] ?? item['to']) : item);
}

function child(parent: Source, key: string): Source {
  const value = isMap(parent.value) && Object.hasOwn(parent.value, key) ? parent.value[key] : undefined;
  return { value, at: [...parent.at, key] };
}
