import type { LogModel } from './log-model.ts';
import { rowPx } from './log-model.ts';

/**
 * Puts the drawn rows where they belong. Rows of one height only need arithmetic; wrapped lines are measured, and at
 * the end of the log the last one is put to the lower edge.
 *
 * @param heights filled with the heights of the drawn rows; null where all are the same
 */
export function placeRows(
  model: LogModel,
  elements: { readonly scroller: HTMLElement; readonly rows: HTMLElement },
  heights: Map<number, number> | null,
): void {
  const { from, to } = model.window;
  const { rows, scroller } = elements;
  if (heights === null) {
    rows.style.transform = `translateY(${from * rowPx - model.top}px)`;
    return;
  }
  const tops = measure(rows, from, heights);
  const anchor = Math.floor(model.top / rowPx);
  const part = model.top / rowPx - anchor;
  const wanted = -((tops.get(anchor) ?? 0) + part * (heights.get(anchor) ?? rowPx));
  const height = rows.offsetHeight;
  const room = scroller.clientHeight;
  const isEnd = to === model.rows && (model.isFollowing || wanted + height < room);
  const shift = isEnd ? Math.min(room - height, from === 0 ? 0 : room - height) : wanted;
  rows.style.transform = `translateY(${shift}px)`;
  model.drawn(isEnd ? topAt(-shift, tops, heights, model.top) : model.top, isEnd);
}

function measure(rows: HTMLElement, from: number, heights: Map<number, number>): ReadonlyMap<number, number> {
  heights.clear();
  const tops = new Map<number, number>();
  let row = from;
  for (const element of rows.children) {
    if (!(element instanceof HTMLElement)) continue;
    tops.set(row, element.offsetTop);
    heights.set(row, element.offsetHeight);
    row += 1;
  }
  return tops;
}

/** The place, px as if all rows stood below each other, of what is drawn this far below the first drawn row. */
function topAt(
  px: number,
  tops: ReadonlyMap<number, number>,
  heights: ReadonlyMap<number, number>,
  otherwise: number,
): number {
  for (const [row, top] of tops) {
    const height = heights.get(row) ?? rowPx;
    if (px < top + height) return (row + Math.max(0, px - top) / height) * rowPx;
  }
  return otherwise;
}
