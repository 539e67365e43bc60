import type { PrintedPart } from './printed-text.ts';

/** Part of a line, UTF-16 code units; `to` may be infinite. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** A piece of a line that is drawn as one element. */
export interface LinePiece extends PrintedPart {
  readonly isMatch: boolean;
  readonly isSelected: boolean;
}

/**
 * Cuts what was printed where a match or the selection begins or ends.
 *
 * @param parts side by side, from the start of the line
 * @param matches ascending, not overlapping
 */
export function linePieces(
  parts: readonly PrintedPart[],
  matches: readonly TextRange[],
  selected: TextRange | null,
): LinePiece[] {
  const ranges = selected === null ? matches : [...matches, selected];
  const cuts = [...new Set(ranges.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const pieces: LinePiece[] = [];
  let cut = 0;
  let match = 0;
  for (const part of parts) {
    const end = part.from + part.text.length;
    let from = part.from;
    while (from < end) {
      while ((cuts[cut] ?? end) <= from && cut < cuts.length) cut += 1;
      while ((matches[match]?.to ?? end) <= from && match < matches.length) match += 1;
      const to = Math.min(cuts[cut] ?? end, end);
      pieces.push({
        ...part,
        from,
        text: part.text.slice(from - part.from, to - part.from),
        isMatch: (matches[match]?.from ?? end) <= from,
        isSelected: selected !== null && selected.from <= from && from < selected.to,
      });
      from = to;
    }
  }
  return pieces;
}

/** Matches of one line that are marked at most; a line of one letter has as many as characters. */
const maxMatches = 500;

/** Where a line matches. @param wanted global; it must be known to end, since nothing can stop it here */
export function matchesIn(text: string, wanted: RegExp): TextRange[] {
  const ranges: TextRange[] = [];
  wanted.lastIndex = 0;
  while (ranges.length < maxMatches) {
    const match = wanted.exec(text);
    if (match === null) break;
    if (match[0] === '') wanted.lastIndex += 1;
    else ranges.push({ from: match.index, to: match.index + match[0].length });
  }
  return ranges;
}
