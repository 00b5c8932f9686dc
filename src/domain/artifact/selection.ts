import { pathMatcher } from '../globs/path-globs.ts';

/** Where the files of a release come from. Paths are below the workspace. */
export type ArtifactChoice =
  | { readonly kind: 'git' }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'archive'; readonly path: string };

/** What the configuration says of the artefact. */
export interface ArtifactSource extends SelectionRules {
  readonly from: ArtifactChoice;
}

export interface SelectionRules {
  /** Only what lies below it is shipped, without it in the path. */
  readonly subdirectory: string | undefined;
  /** Globs over the paths that are shipped; a directory that matches is left out with all that is in it. */
  readonly exclude: readonly string[];
}

/** Which entries of a source are shipped, and under which path. */
export interface Selection {
  /** The path in the release; `undefined` where the entry is not shipped. */
  place(path: string): string | undefined;
  /** Whether a source must look into the directory at `path`. */
  enters(path: string): boolean;
}

/** The selection that the configuration asks for. Its functions take names as sources give them, such as `./a//b/`. */
export function selection(rules: SelectionRules): Selection {
  const above = plainParts(rules.subdirectory ?? '');
  const excluded = pathMatcher(rules.exclude);
  const placed = (parts: readonly string[]): string => parts.slice(above.length).join('/');
  return {
    place(path) {
      const parts = plainParts(path);
      if (parts.length <= above.length || above.some((part, index) => parts[index] !== part)) return undefined;
      return excluded(placed(parts)) ? undefined : placed(parts);
    },
    enters(path) {
      const parts = plainParts(path);
      if (parts.some((part, index) => index < above.length && above[index] !== part)) return false;
      return parts.length <= above.length || !excluded(placed(parts));
    },
  };
}

/** The parts of a path that name something. */
export function plainParts(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
