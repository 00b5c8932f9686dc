/** What Capistrano and Slipway have written to revisions.log, in order. */
export interface RevisionsLog {
  /** Releases that were deployed or rolled back to, and that no later rollback withdrew. */
  readonly published: readonly string[];
  /**
   * Releases that are newer than the target of a rollback: Capistrano deletes one of them and leaves the others in
   * `releases/`.
   */
  readonly withdrawn: readonly string[];
  /** The release of the last line: the run that made it live has ended. */
  readonly last: string | undefined;
}

/** Reads the lines `Branch B (at SHA) deployed as release ID by USER` and `USER rolled back to release ID`. */
export function readRevisionsLog(text: string): RevisionsLog {
  const published = new Set<string>();
  const withdrawn = new Set<string>();
  let last: string | undefined;
  for (const line of text.split('\n')) {
    const deployed = / deployed as release (\d{14}) by /.exec(line)?.[1];
    const back = deployed === undefined ? / rolled back to release (\d{14})$/.exec(line)?.[1] : undefined;
    if (back !== undefined) for (const id of published) if (id > back) withdrawn.add(id);
    last = deployed ?? back ?? last;
    if (last === undefined) continue;
    published.add(last);
    withdrawn.delete(last);
  }
  return { published: [...published].filter((id) => !withdrawn.has(id)), withdrawn: [...withdrawn], last };
}
