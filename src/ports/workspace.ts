/** Files of the checked-out repository. */
export interface Workspace {
  /**
   * The text at a path relative to the workspace, at most 1 MiB; `undefined` where there is none. A path that leaves
   * the workspace is refused.
   */
  text(path: string): Promise<string | undefined>;
}
