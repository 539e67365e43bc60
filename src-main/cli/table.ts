import type { Cell, Paint } from './paint.ts';
import { fitText, padText, textWidth } from './text-width.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Whether it may be cut where the terminal is narrow; the widest such column is cut first. */
  readonly flexible?: boolean;
}

export interface TableOptions {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly paint: Paint;
  /** Columns of the terminal; infinite where nothing has to be cut. */
  readonly width: number;
  /** Spaces before every line; none unless given. */
  readonly indent?: number;
  /** Whether the titles are shown; they are unless it says no. */
  readonly titled?: boolean;
}

const gap = '  ';
/** A flexible column is not cut below this. */
const leastWidth = 10;

/** Lines of aligned columns. Columns in which nothing stands are left out. */
export function renderTable(options: TableOptions): string[] {
  const { rows, paint, width, indent = 0, titled = true } = options;
  const shown = options.columns
    .map((column, index) => ({ ...column, index }))
    .filter(({ index }) => rows.some((row) => (row[index]?.text ?? '') !== ''));
  const widths = shown.map(({ title, index }) =>
    Math.max(titled ? textWidth(title) : 0, ...rows.map((row) => textWidth(row[index]?.text ?? ''))),
  );
  shrink(widths, shown, width - indent);
  const line = (cells: readonly Cell[]) =>
    ' '.repeat(indent) +
    cells
      .map(({ text, tone }, position) => {
        const columns = widths[position] ?? 0;
        const fitted = fitText(text, columns);
        const isLast = position === cells.length - 1;
        const align = shown[position]?.align ?? 'left';
        const padded = isLast && align === 'left' ? fitted : padText(fitted, columns, align);
        return tone === 'plain' ? padded : paintText(paint, tone, padded);
      })
      .join(gap)
      .trimEnd();
  const body = rows.map((row) => line(shown.map(({ index }) => row[index] ?? { text: '', tone: 'plain' })));
  return titled ? [line(shown.map(({ title }) => ({ text: title, tone: 'muted' }))), ...body] : body;
}

/** Paints the text, not the spaces around it. */
function paintText(paint: Paint, tone: Cell['tone'], padded: string): string {
  const text = padded.trim();
  const start = padded.indexOf(text);
  return text === '' ? padded : padded.slice(0, start) + paint(tone, text) + padded.slice(start + text.length);
}

/** Makes flexible columns narrower, in place, until the line fits or nothing more may be cut. */
function shrink(widths: number[], columns: readonly Column[], available: number): void {
  for (;;) {
    const total = widths.reduce((sum, width) => sum + width, 0) + gap.length * Math.max(0, widths.length - 1);
    if (total <= available) return;
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const width = widths[index] ?? 0;
      if (column.flexible === true && width > leastWidth && width > (widths[widest] ?? 0)) widest = index;
    }
    if (widest === -1) return;
    widths[widest] = Math.max(leastWidth, (widths[widest] ?? 0) - (total - available));
  }
}
