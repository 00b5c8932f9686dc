/** The known word that is most like `word`, when one is like it at all. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 60) return undefined;
  const likeness = (other: string): number => distance(word.toLowerCase().replaceAll('-', '_'), other);
  const [best] = [...known].sort((one, other) => likeness(one) - likeness(other));
  return best !== undefined && likeness(best) <= Math.max(1, Math.floor(Math.min(word.length, best.length) / 3))
    ? best
    : undefined;
}

/** Letters to add, drop, replace or swap with their neighbour (optimal string alignment). */
function distance(from: string, to: string): number {
  let [before, last]: [readonly number[], readonly number[]] = [
    [],
    Array.from({ length: to.length + 1 }, (_, index) => index),
  ];
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = cell(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const swapped =
        from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
          ? cell(before, column - 2) + 1
          : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, cell(last, column) + 1, cell(next, column - 1) + 1));
    }
    [before, last] = [last, next];
  }
  return cell(last, to.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
