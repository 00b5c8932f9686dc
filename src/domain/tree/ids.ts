import { Failure } from '../failure.ts';

const day = 24 * 60 * 60 * 1000;

/** A release id is 14 digits, the UTC time at which it was made. Anything else from a server is not one. */
export function parseRelease(text: string): string | undefined {
  return /^\d{14}$/.test(text) ? text : undefined;
}

/** A git revision as a REVISION file holds it: 40 or 64 hex digits. */
export function parseRevision(text: string): string | undefined {
  const line = text.trim();
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(line) ? line : undefined;
}

/** What `current` points at: a release of this tree, something else, or nothing. */
export function releaseOfLink(target: string, releases: string): string | undefined {
  return target.startsWith(`${releases}/`) ? parseRelease(target.slice(releases.length + 1)) : undefined;
}

/**
 * The id of a new release: now, or one second after the highest id that any server knows.
 * @throws Failure `CLOCK_AHEAD` where a server knows an id more than a day ahead of `now`
 */
export function nextRelease(
  now: Date,
  known: readonly { readonly server: string; readonly ids: readonly string[] }[],
): string {
  let time = now.getTime();
  for (const { server, ids } of known) {
    for (const id of ids) {
      const taken = instantOf(id);
      if (taken > now.getTime() + day)
        throw new Failure(
          'CLOCK_AHEAD',
          `${server} knows a release ${id}, more than a day ahead of this runner's clock`,
          { server },
        );
      time = Math.max(time, taken + 1000);
    }
  }
  return stamp(new Date(time));
}

function stamp(date: Date): string {
  return date.toISOString().replaceAll(/\D/g, '').slice(0, 14);
}

function instantOf(id: string): number {
  const part = (from: number, to: number): number => Number(id.slice(from, to));
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12), part(12, 14));
}
