import type { RowPlace } from './row-map.ts';

/** A place between two characters. `offset` counts UTF-16 code units of the line without its escape sequences. */
export interface TextPlace extends RowPlace {
  readonly offset: number;
}

/** What is selected: from where it began to where the pointer is, which may be before. */
export interface LogSelection {
  readonly anchor: TextPlace;
  readonly head: TextPlace;
}

/** Below zero when the first place is before the second one. */
export function comparePlaces(a: TextPlace, b: TextPlace): number {
  return a.source - b.source || a.line - b.line || a.offset - b.offset;
}

/** The two ends in reading order; null when nothing is between them. */
export function selectedRange(
  selection: LogSelection | null,
): { readonly from: TextPlace; readonly to: TextPlace } | null {
  if (selection === null) return null;
  const { anchor, head } = selection;
  const order = comparePlaces(anchor, head);
  if (order === 0) return null;
  return order < 0 ? { from: anchor, to: head } : { from: head, to: anchor };
}

/** Which part of a line is selected, `to` may be infinite: the end of the line too. Null: none of it. */
export function selectedPart(
  selection: LogSelection | null,
  place: RowPlace,
): { readonly from: number; readonly to: number } | null {
  const range = selectedRange(selection);
  if (range === null) return null;
  const { from, to } = range;
  const start = { ...place, offset: 0 };
  const end = { ...place, offset: Number.POSITIVE_INFINITY };
  if (comparePlaces(end, from) < 0 || comparePlaces(start, to) > 0) return null;
  return {
    from: isSameLine(place, from) ? from.offset : 0,
    to: isSameLine(place, to) ? to.offset : Number.POSITIVE_INFINITY,
  };
}

/** The word at a place of a text, as a double click takes it. */
export function wordAt(text: string, offset: number): { readonly from: number; readonly to: number } {
  const isWord = (index: number) => /[\p{L}\p{N}_]/u.test(text.charAt(index));
  let from = offset;
  let to = offset;
  if (isWord(offset) || isWord(offset - 1)) {
    while (from > 0 && isWord(from - 1)) from -= 1;
    while (to < text.length && isWord(to)) to += 1;
  } else {
    to = Math.min(offset + 1, text.length);
  }
  return { from, to };
}

function isSameLine(a: RowPlace, b: RowPlace): boolean {
  return a.source === b.source && a.line === b.line;
}
