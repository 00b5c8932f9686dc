/** One thing that a release holds. Paths are relative, with `/`, without `.` or `..` parts. */
export type Entry =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly mode: number;
      readonly size: number /** SHA-256, hex. */;
      readonly hash: string;
    }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** Everything that is shipped, sorted by path in byte order, and the SHA-256 (hex) over all of it. */
export interface Manifest {
  readonly entries: readonly Entry[];
  readonly digest: string;
}
