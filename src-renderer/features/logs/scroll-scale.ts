/** Browsers do not lay out elements of any height (Chromium ends at 33,5 million px); this is safe everywhere. */
const maxContentPx = 8_000_000;

/**
 * Between the place in a log, in px as if all rows stood below each other, and the scroll bar, whose content cannot be
 * that high. Logs of less than some hundred thousand lines have the same numbers on both sides.
 */
export interface ScrollScale {
  /** Height of the scrolled content, px. */
  readonly contentPx: number;
  /** The furthest place. */
  readonly maxTop: number;
  /** The place that a position of the scroll bar stands for. */
  toTop(scrollTop: number): number;
  /** The position of the scroll bar for a place. */
  toScroll(top: number): number;
}

/** @param size number and height of the rows, height of the visible part; px */
export function createScrollScale(size: {
  readonly rows: number;
  readonly rowPx: number;
  readonly viewportPx: number;
}): ScrollScale {
  const wantedPx = size.rows * size.rowPx;
  const contentPx = Math.min(wantedPx, maxContentPx);
  const maxTop = Math.max(0, wantedPx - size.viewportPx);
  const maxScroll = Math.max(0, contentPx - size.viewportPx);
  const ratio = maxScroll === 0 ? 1 : maxTop / maxScroll;
  const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  return {
    contentPx,
    maxTop,
    toTop: (scrollTop) => clamp(scrollTop * ratio, maxTop),
    toScroll: (top) => clamp(clamp(top, maxTop) / ratio, maxScroll),
  };
}

/**
 * Moves a place by px where rows have heights of their own: a place is then a row and how much of it is above the
 * edge, so that `place / rowPx` counts rows, whatever their heights are.
 *
 * @param heightOf the height of a row as far as it was measured, else `rowPx`
 */
export function moveByPx(
  top: number,
  px: number,
  size: { readonly rows: number; readonly rowPx: number; readonly heightOf: (row: number) => number },
): number {
  const { rows, rowPx, heightOf } = size;
  if (rows === 0) return 0;
  let row = Math.min(Math.floor(top / rowPx), rows - 1);
  let above = (top / rowPx - row) * heightOf(row) + px;
  while (above < 0 && row > 0) {
    row -= 1;
    above += heightOf(row);
  }
  while (above >= heightOf(row) && row < rows - 1) {
    above -= heightOf(row);
    row += 1;
  }
  const part = Math.min(Math.max(above / heightOf(row), 0), 1);
  return (row + part) * rowPx;
}
