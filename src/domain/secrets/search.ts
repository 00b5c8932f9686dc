/** Finds many strings at once in a text that may go on. */
export interface Search {
  /**
   * Calls `found` for the longest string at each place, in order; finds may overlap.
   * @returns the place from which on nothing is decided, since a string may have begun there whose end has not come; the text's length otherwise
   */
  each(text: string, rest: 'more may come' | 'this is all', found: (start: number, end: number) => void): number;
}

/** So many first characters choose the strings that are compared; none of the strings is shorter, as a rule. */
const mostKeyed = 4;

export function searchFor(strings: readonly string[]): Search {
  const wanted = [...new Set(strings)]
    .filter((text) => text !== '')
    .toSorted((one, other) => other.length - one.length);
  const keyed = Math.min(mostKeyed, wanted.at(-1)?.length ?? 0);
  const byKey = Map.groupBy(wanted, (text) => text.slice(0, keyed));
  const starts = startTable(wanted);
  const beginnings = new Set(
    wanted.flatMap((text) => Array.from({ length: keyed }, (_, length) => text.slice(0, length))),
  );
  const longest = wanted[0]?.length ?? 0;

  /** Has a string begun with this end of the text, and is not over? */
  const begun = (end: string): boolean =>
    end.length < keyed
      ? beginnings.has(end)
      : (byKey.get(end.slice(0, keyed)) ?? []).some((text) => text.length > end.length && text.startsWith(end));

  return {
    each: (text, rest, found) => {
      const open = rest === 'more may come' ? Math.max(0, text.length - longest + 1) : text.length;
      for (let at = 0; at < text.length; at += 1) {
        if (at < text.length - 1 && starts[startOf(text, at)] === 0) continue;
        if (at >= open && begun(text.slice(at))) return at;
        const match = byKey.get(text.slice(at, at + keyed))?.find((wantedText) => text.startsWith(wantedText, at));
        if (match !== undefined) found(at, at + match.length);
      }
      return text.length;
    },
  };
}

/** Which pairs of characters begin a string: most places of a text are passed over by this alone. */
function startTable(wanted: readonly string[]): Uint8Array {
  const table = new Uint8Array(0x10000);
  const anyNext = wanted.some((text) => text.length < 2);
  if (anyNext) return table.fill(1);
  for (const text of wanted) table[startOf(text, 0)] = 1;
  return table;
}

function startOf(text: string, at: number): number {
  return (text.charCodeAt(at) * 251 + text.charCodeAt(at + 1)) & 0xffff;
}
