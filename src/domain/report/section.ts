/**
 * Bytes that each part of a summary may take; with the opening and the facts they stay below the 1 MiB that GitHub
 * takes of one step.
 */
export const room = { servers: 350_000, failures: 300_000, list: 60_000 } as const;

/** A Markdown table. Cells hold finished Markdown without newlines. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** `lines` up to so many bytes of UTF-8; what does not fit is counted, not cut in the middle. */
export function within(lines: readonly string[], bytes: number): string[] {
  const encoder = new TextEncoder();
  let room = bytes;
  const kept = lines.findIndex((text) => {
    room -= encoder.encode(text).length + 1;
    return room < 0;
  });
  if (kept === -1) return [...lines];
  return [
    ...lines.slice(0, kept),
    '',
    `… and ${lines.length - kept} more that did not fit; the log of this job has them.`,
  ];
}

/** A heading with its lines, or nothing where there are none. */
export function section(title: string, lines: readonly string[], bytes: number): string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, '', ...within(lines, bytes)];
}

/** Two columns of facts, without those that are not known. */
export function factTable(rows: readonly (readonly [name: string, fact: string | undefined])[]): string[] {
  return table(
    ['', ''],
    rows.flatMap(([name, fact]) => (fact === undefined || fact === '' ? [] : [[name, fact]])),
  );
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
