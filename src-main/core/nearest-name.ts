/**
 * The known name that a mistyped one most likely stands for, to be offered in an error message. Null when none is
 * near: more than a third of its letters would have to change, at most three. Upper and lower case count as the same.
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  const wanted = name.toLowerCase();
  let nearest: string | null = null;
  let least = Math.min(3, Math.max(1, Math.floor(name.length / 3))) + 1;
  for (const candidate of known) {
    const changes = countChanges(wanted, candidate.toLowerCase(), least);
    if (changes < least) {
      nearest = candidate;
      least = changes;
    }
  }
  return nearest;
}

/**
 * The least number of letters to insert, remove, replace or swap with their neighbour (optimal string alignment).
 * Gives up, with `limit` or more, as soon as the lengths alone need that many.
 */
function countChanges(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) {
    return limit;
  }
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] as number;
}
