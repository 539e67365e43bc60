/**
 * How well text answers what was typed; null when it does not. Every letter has to occur in order; beginnings of words
 * and neighbouring letters count more. Larger is better.
 */
export function matchWords(typed: string, text: string): number | null {
  const wanted = typed.toLowerCase().replaceAll(' ', '');
  const offered = text.toLowerCase();
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = offered.indexOf(letter, at + 1);
    if (next === -1) return null;
    const isBeginning = next === 0 || /[\s\-_/.]/.test(offered[next - 1] ?? '');
    if (next === at + 1) score += 3;
    if (isBeginning) score += 2;
    at = next;
  }
  return score - offered.length / 100;
}

/** Those that answer what was typed, best first; all of them when nothing was. */
export function bestMatches<T>(typed: string, items: readonly T[], textOf: (item: T) => string): readonly T[] {
  if (typed.trim() === '') return items;
  return items
    .map((item) => ({ item, score: matchWords(typed, textOf(item)) }))
    .filter((match): match is { item: T; score: number } => match.score !== null)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
